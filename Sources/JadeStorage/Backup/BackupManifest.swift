import JadeCore
package import JadeIO

/// What a backup consists of (docs/formats/backup.md). Stored last: where it is, everything it names is.
package struct BackupManifest: Sendable, Hashable {
    /// What a list of backups shows; the beginning of the file, with a checksum of its own.
    package struct Head: Sendable, Hashable {
        /// Sorts as the times do.
        package var id: String
        package var databaseID: String
        /// The backup from which extents were taken over; empty for one that stands alone.
        package var parent = ""
        /// The schedule that made it; empty for one that somebody asked for.
        package var schedule = ""
        /// When the state was taken, in milliseconds since 1970.
        package var milliseconds: Int64 = 0
        package var finishedMilliseconds: Int64 = 0
        /// Of the first shard.
        package var sequence: UInt64 = 0
        package var vectorCount = 0
        /// Bytes of all files, and of those extents that this backup itself had to store.
        package var byteCount = 0
        package var storedBytes = 0
        package var extentCount = 0
        package var storedExtents = 0
        /// The database's settings, as JSON of the wire.
        package var specification: [UInt8] = []

        package init(id: String, databaseID: String) {
            self.id = id
            self.databaseID = databaseID
        }
    }

    /// A piece of a file, stored under its digest by the backup that first had it.
    package struct Extent: Sendable, Hashable {
        package var digest: Digest
        package var byteCount: Int
        /// The backup that stored it.
        package var origin: String

        package init(digest: Digest, byteCount: Int, origin: String) {
            self.digest = digest
            self.byteCount = byteCount
            self.origin = origin
        }
    }

    package struct File: Sendable, Hashable {
        package var name: String
        package var extents: [Extent] = []

        package init(name: String) { self.name = name }
    }

    package struct Shard: Sendable, Hashable {
        package var shardID: UniqueID
        package var epoch: UInt64
        package var sequence: UInt64
        package var milliseconds: Int64
        package var slots: Int
        package var vectorCount: Int
        package var overflowBytes: Int
        package var index: ShardManifest.IndexGeneration?
        package var files: [File] = []

        package init(_ snapshot: ShardSnapshot) {
            shardID = snapshot.shardID
            epoch = snapshot.epoch
            sequence = snapshot.sequence
            milliseconds = snapshot.milliseconds
            slots = snapshot.slots
            vectorCount = snapshot.vectorCount
            overflowBytes = snapshot.overflowBytes
            index = snapshot.index
        }

        package init(shardID: UniqueID, epoch: UInt64) {
            self.shardID = shardID
            self.epoch = epoch
            (sequence, milliseconds, slots, vectorCount, overflowBytes) = (0, 0, 0, 0, 0)
        }
    }

    package var head: Head
    package var shards: [Shard]

    package init(head: Head, shards: [Shard]) {
        self.head = head
        self.shards = shards
    }

    package var extents: some Sequence<Extent> { shards.lazy.flatMap(\.files).flatMap(\.extents) }
}

extension BackupManifest {
    /// `20261122T201530123-9f3a01c2`: the time to the millisecond and chance, so that names sort by time and never meet.
    package static func newID(milliseconds: Int64, chance: UInt64) -> String {
        let time = CalendarTime(milliseconds: milliseconds)
        let digits = String(UInt32(truncatingIfNeeded: chance), radix: 16)
        return time.compact + "-" + String(repeating: "0", count: 8 - digits.count) + digits
    }

    /// Whether a text can be the id of a backup, or of a database: letters, digits and hyphens.
    package static func isID(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count) && text.utf8.allSatisfy { ObjectKey.isLegal($0) && $0 != UInt8(ascii: ".") }
    }
}
