package import JadeCore

extension Limits {
    /// A vectors file doubles while it is small and grows by steps of this many bytes afterwards.
    package static let vectorFileGrowthBytes = 64 << 20
    /// The smallest step, so that a young file does not grow with every batch.
    package static let vectorFileMinimumGrowthBytes = 1 << 20
    /// Blocks of a vectors file are given back to the disk in pieces of about this many bytes.
    package static let vectorFileExtentBytes = 256 << 10
    /// A log segment is closed and the next one begun when a group would make it longer than this.
    package static let logSegmentBytes = 64 << 20
    /// How far a log that is synced after every group writes zeros ahead of itself.
    package static let logAheadBytes = 1 << 20
    /// Bytes of one group of log records, written at once.
    package static let maximumLogGroupBytes = 1 << 30
    /// Bytes of a shard's manifest.
    package static let maximumManifestBytes = 4_096
}
