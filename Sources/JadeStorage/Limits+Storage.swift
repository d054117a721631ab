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

extension Limits {
    /// Bytes of an object's name in an object store.
    package static let maximumObjectKeyBytes = 512
    /// Bytes of one object that is put or got at once.
    package static let maximumObjectBytes = 256 << 20
    /// Bytes of an object that a directory takes at once; the writer rests before the next.
    package static let objectWriteStepBytes = 64 << 10
    /// Objects of one page of a listing: what S3 gives at most.
    package static let objectListPage = 1_000
    /// Bytes of an extent of rows or of a saved index in a backup: large enough for one request each, small enough to be held.
    package static let backupExtentBytes = 8 << 20
    /// Bytes of an extent of metadata, of which a few changed pages should not cost much.
    package static let backupMetadataExtentBytes = 1 << 20
    /// Bytes that a backup reads before it looks whether it goes too fast.
    package static let backupStepBytes = 64 << 10
    /// Bytes of a backup's manifest: enough for some 50 TB in extents.
    package static let maximumBackupManifestBytes = 256 << 20
    /// Bytes of the part of a manifest that a list of backups reads.
    package static let maximumBackupHeadBytes = 64 << 10
    /// Files of one shard in a backup.
    package static let maximumBackupFiles = 4_096
    /// Shards of one database in a backup.
    package static let maximumBackupShards = 65_536
    /// Bytes of log that a shard keeps for an archive that does not answer; beyond it the archive has a gap.
    package static let maximumHeldLogBytes = 4 << 30
}
