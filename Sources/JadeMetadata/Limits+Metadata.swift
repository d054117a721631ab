package import JadeCore

extension Limits {
    /// Distinct field paths in the metadata of one shard: each takes memory in the attribute index for good.
    package static let maximumMetadataFields = 50_000
    /// Bytes of one vector's metadata as it is stored. Written anew it may be longer than what the door accepted: `1e15`
    /// becomes `1000000000000000.0`.
    package static let maximumStoredMetadataBytes = 16 * maximumMetadataBytes
    /// Connections that read one SQLite database at the same time.
    package static let maximumMetadataReaders = 16
    /// Filters of one shard whose answers are kept until something changes, each in an eighth of a byte a row.
    package static let maximumKeptAnswers = 16
    /// Pages of a metadata file that may lie unused before a checkpoint gives some back to the disk …
    package static let minimumFreePages = 64
    /// … and how many at a time, so that no checkpoint takes long.
    package static let freedPagesPerCheckpoint = 4_096
}
