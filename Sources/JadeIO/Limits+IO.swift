package import JadeCore

extension Limits {
    /// Address space that one mapped file may reserve. Reserving costs no memory, but a process has only 128 TiB of it.
    package static let maximumReservedFileBytes = 1 << 40
    /// Where a mapped file stops asking for less when the process has no long range of addresses left.
    package static let minimumReservedFileBytes = 1 << 30
    /// Bytes of a file that is read whole into memory: log segments are the largest.
    package static let maximumWholeFileBytes = 2 << 30
}
