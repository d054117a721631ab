internal import JadeAPI
internal import JadeCore
internal import JadeStorage

/// Reads everything that a backup consists of and compares it with its digests, and the log behind it with its checksums.
struct BackupVerification: Sendable {
    let repository: BackupRepository
    let manifest: BackupManifest
    let pace: Pace
    let report: @Sendable (@Sendable (inout BackupTask) -> Void) -> Void

    func run() async throws(JadeError) {
        let head = manifest.head
        report {
            $0.backup = head.id
            $0.totalBytes = head.byteCount
            $0.sequence = head.sequence
        }
        let _: DatabaseSpecification = try WireJSON.decode(from: head.specification)
        var seen: Set<Digest> = []
        var bytes = 0
        for shard in manifest.shards {
            for file in shard.files {
                report { $0.step = "comparing \(file.name)" }
                for extent in file.extents {
                    try await takeTurns()
                    if seen.insert(extent.digest).inserted { pace.spend(try await repository.extent(extent, of: head.databaseID).count) }
                    bytes += extent.byteCount
                    report { $0.doneBytes += extent.byteCount }
                }
            }
        }
        guard bytes == head.byteCount else {
            throw .corrupted("backup \(head.id): expected \(head.byteCount) bytes in all files, found \(bytes)")
        }
        report { $0.step = "comparing the log" }
        for shard in manifest.shards { _ = try await repository.log(of: head.databaseID, after: shard.sequence, to: .latest) }
    }
}
