package import JadeCore

extension Limits {
    /// Address space that one mapped file may reserve. Reserving costs no memory, but a process has only 128 TiB of it.
    package static let maximumReservedFileBytes = 1 << 40
    /// Address space that generous reservations of one process share: half of what there is.
    package static let sharedReservedBytes = 64 << 40
    /// A reservation gets at most one part in this many of what is left of that …
    package static let reservationShare = 64
    /// … and never less than this, nor less than twice the file: a file that has outgrown its reservation gets another
    /// when it is opened again.
    package static let minimumReservedFileBytes = 1 << 30
    /// The same for memory that grows in place.
    package static let minimumReservedMemoryBytes = 256 << 20
    /// Taking this much memory at once, or more, asks the system first what it has.
    package static let checkedMemoryBytes = 64 << 20
    /// Bytes of a file that is read whole into memory: log segments are the largest.
    package static let maximumWholeFileBytes = 2 << 30
}
