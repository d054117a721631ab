package import JadeCore
import JadeIO
import Synchronization

extension HybridDatabasePersistence {
    /// Checks what stands beside rows and metadata of an open shard: the manifest, both copies of the rows' header, and every
    /// record of the log up to the last one.
    ///
    /// Called between two groups of writes for the first two; the log may grow meanwhile. No checkpoint may run.
    package func checkManifest(_ findings: inout FindingList) {
        let (path, kept) = (manifestPath, state.withLock { $0.manifest })
        let found = findings.trying(path) { () throws(JadeError) in try ShardManifest.read(path, in: ReadOnlyFileSystem()) }
        if let found, found != kept {
            findings.add(
                path, expected: "checkpoint \(kept.checkpointSequence), as written last", found: "\(found.checkpointSequence)")
        }
        rows.checkHeader(&findings)
    }

    /// - Parameter progress: gets the records read so far, how many there are, and the bytes of those since the last call; what
    ///   it throws ends the check.
    package func checkLog(
        _ findings: inout FindingList, _ progress: (_ done: Int, _ total: Int, _ bytes: Int) throws(JadeError) -> Void
    ) throws(JadeError) {
        // What a checkpoint holds need not be there as a whole: a power cut may have undone some of its removals.
        let first = max(log.firstSequence, checkpointSequence + 1)
        let total = Int(clamping: log.nextSequence - min(first, log.nextSequence))
        var (done, bytes, ended): (Int, Int, JadeError?) = (0, 0, nil)
        do throws(JadeError) {
            try log.replay(after: first - 1) { (record) throws(JadeError) in
                try OperationBatch.decode(record) { (_) throws(JadeError) in }
                done += 1
                bytes += record.payload.count
                guard bytes >= Self.checkedLogBytes || done & 0x3FF == 0 else { return }
                do throws(JadeError) { try progress(done, total, bytes) } catch {
                    ended = error
                    throw error
                }
                bytes = 0
            }
        } catch {
            if let ended { throw ended }
            findings.add(Finding(error, file: log.directory))
        }
    }

    /// Bytes of records between two calls of a check's progress.
    private static var checkedLogBytes: Int { 1 << 20 }

    /// Bytes on disk of everything in the shard's folder.
    package func allocatedBytes() throws(JadeError) -> Int { try files.allocatedBytes(below: directory) }

    /// Why the log or the rows take no writes until the next opening; nil while they do.
    package var writeProblem: JadeError? {
        do throws(JadeError) {
            try log.requireWritable()
            return rows.failure
        } catch { return error }
    }

    package var checkpointSequence: UInt64 { state.withLock { $0.manifest.checkpointSequence } }
    package var durableSequence: UInt64 { max(log.durableSequence, checkpointSequence) }
}

extension MemoryMappedVectorStore {
    /// What keeps the file from taking writes.
    var failure: JadeError? { state.withLock { $0.failure } }

    /// Reads both copies of the header and compares them with the one that was stored last. Not while the writer stores it.
    func checkHeader(_ findings: inout FindingList) {
        let (current, isWriting) = state.withLock { ($0.header, $0.isWriting) }
        var unreadable: [Finding] = []
        for offset in [0, VectorFileLayout.headerCopyOffset] {
            let raw = UnsafeRawBufferPointer(start: file.base + offset, count: VectorFileLayout.headerBytes)
            do throws(JadeError) {
                let found = try VectorFileHeader.decode(raw, file: path, offset: offset)
                // Slots in use are counted in memory and stored with the next checkpoint.
                var stored = current
                stored.slotsUsed = found.slotsUsed
                if isWriting, found != stored || found.slotsUsed > current.slotsUsed {
                    findings.add(path, offset, expected: "the header that was stored last", found: "another one")
                }
            } catch { unreadable.append(Finding(error, file: path)) }
        }
        // Before the first write one copy may be as a stop in the middle of storing both has left it.
        if isWriting || unreadable.count == 2 { for finding in unreadable { findings.add(finding) } }
    }
}
