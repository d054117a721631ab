import JadeCore
import JadeIO
import JadeMetadata

extension ShardSurvey {
    /// Every slot against its checksum, and ids against rows in both directions.
    mutating func checkRows(_ progress: CheckProgress) {
        var owners = [VectorID?](repeating: nil, count: rowEnd)
        for (id, ordinal) in ids {
            guard Int(ordinal) < rowEnd else {
                findings.add(metadataPath, expected: "ordinals below \(rowEnd)", found: "\(ordinal) for id \"\(id)\"")
                unreadable[id] = ordinal
                continue
            }
            if let other = owners[Int(ordinal)] {
                findings.add(metadataPath, expected: "one id for ordinal \(ordinal)", found: "\"\(other)\" and \"\(id)\"")
                metadataIsSound = false
                // The row itself says whose it is.
                let isRight = owns(id, ordinal)
                unreadable[isRight ? other : id] = ordinal
                if !isRight { continue }
            }
            owners[Int(ordinal)] = id
        }
        claimed = [UInt64](repeating: 0, count: (rowEnd + 63) / 64)
        for ordinal in 0..<rowEnd {
            if ordinal & 0xFFF == 0 { progress("checking rows", ordinal, rowEnd) }
            if owners[ordinal] != nil { claimed[ordinal / 64] |= 1 << UInt64(ordinal % 64) }
            if rewritten[UInt32(ordinal)] != nil { continue }
            if let id = owners[ordinal] { checkLive(ordinal, id) } else { checkDead(ordinal) }
        }
        nameOrphans()
    }

    private func owns(_ id: VectorID, _ ordinal: UInt32) -> Bool {
        if let index = rewritten[ordinal], case .upsert(_, _, let owner, _, _) = pending[index].operation { return owner == id }
        guard let rows, Int(ordinal) < rows.capacity, case .row(let owner, _, _) = rows.slot(Int(ordinal)) else { return false }
        return owner == id
    }

    private mutating func checkLive(_ ordinal: Int, _ id: VectorID) {
        guard let rows, ordinal < rows.capacity else {
            findings.add(rowsPath, expected: "the row of \"\(id)\" at ordinal \(ordinal)", found: "the file's end")
            unreadable[id] = UInt32(ordinal)
            return
        }
        switch rows.slot(ordinal) {
        case .damaged(let error):
            findings.add(Finding(error, file: rowsPath))
            unreadable[id] = UInt32(ordinal)
        case .empty:
            findings.add(rowsPath, rows.offset(of: ordinal), expected: "the row of \"\(id)\"", found: "an empty slot")
            unreadable[id] = UInt32(ordinal)
        case .row(let found, _, let isDeleted):
            if found != id {
                findings.add(rowsPath, rows.offset(of: ordinal) + 20, expected: "the row of \"\(id)\"", found: "that of \"\(found)\"")
                unreadable[id] = UInt32(ordinal)
            } else if isDeleted {
                findings.add(rowsPath, rows.offset(of: ordinal) + 2, expected: "\"\(id)\" alive", found: "its row marked as deleted")
                unreadable[id] = UInt32(ordinal)
            }
        }
    }

    private mutating func checkDead(_ ordinal: Int) {
        guard let rows, ordinal < rows.capacity else { return }
        switch rows.slot(ordinal) {
        case .empty: break
        case .damaged(let error):
            if isUnfinished(ordinal) { return unfinished.append(UInt32(ordinal)) }
            damagedDead.append(UInt32(ordinal))
            findings.add(Finding(error, file: rowsPath))
        case .row(let id, let sequence, let isDeleted):
            if isDeleted { return }
            if sequence > appliedSequence, log.lost.contains(where: { $0.contains(sequence) }) {
                lostWrites.append((id, UInt32(ordinal), sequence))
                return
            }
            if isUnfinished(ordinal) { return }
            if ids[id] == nil { orphans.append((id, UInt32(ordinal), sequence)) } else { unmarked += 1 }
        }
    }

    /// Whether a slot that neither an id nor the log leads to may hold a write that was never promised: one that came after the
    /// checkpoint, and the log did not keep. Any part of it may be missing, and recovery empties it.
    private func isUnfinished(_ ordinal: Int) -> Bool {
        guard let rows, !wasClosed else { return false }
        let end = manifest.map { Int(clamping: $0.slotsUsed) } ?? rows.header.slotsUsed
        return ordinal >= end || (rows.storedSequence(of: ordinal) ?? 0) > checkpointSequence
    }

    /// A readable row without an id is a dead one that is not marked yet, unless the counts say that it lives.
    private mutating func nameOrphans() {
        guard let rows, !orphans.isEmpty else { return }
        // Ids that the log removed were alive at the checkpoint; their rows are dead by right.
        var removed: Set<VectorID> = []
        for change in pending { if case .delete(_, let id) = change.operation { removed.insert(id) } }
        orphans.removeAll { removed.contains($0.id) }
        let bitmap = rows.header.isClean ? try? rows.readLiveBitmap() : nil
        let missing = expectedCount.map { $0 - ids.count } ?? 0
        missingIDs = max(0, missing)
        let alive = orphans.filter { orphan in
            guard let bitmap else { return missing > 0 || !metadataIsSound }
            // The bitmap is as long as the rows' own header says, which may be older than the manifest.
            let word = Int(orphan.ordinal) / 64
            return word < bitmap.count && bitmap[word] >> UInt64(orphan.ordinal % 64) & 1 == 1
        }
        unmarked += orphans.count - alive.count
        orphans = alive
        for orphan in alive {
            findings.add(
                metadataPath, expected: "id \"\(orphan.id)\", whose row stands at ordinal \(orphan.ordinal)", found: "no such id")
        }
        if !alive.isEmpty { metadataIsSound = false }
    }

    /// How many vectors there are by the header's count and what the log did since; nil where the log cannot tell.
    var expectedCount: Int? {
        guard let header = rows?.header, header.checkpointSequence >= checkpointSequence, !log.isDamaged, manifest != nil else { return nil }
        return pending.reduce(header.vectorCount) { count, change in
            guard change.sequence > header.checkpointSequence else { return count }
            switch change.operation {
            case .upsert(_, let replaced, _, _, _): return count + (replaced == nil ? 1 : 0)
            case .delete: return count - 1
            case .setMetadata, .setExpiry: return count
            }
        }
    }

    /// Counts of header and manifest.
    mutating func checkCounts() {
        guard let rows else { return }
        let header = rows.header
        if metadataIsSound, let expected = expectedCount, expected != ids.count {
            let right = header.vectorCount + ids.count - expected
            findings.add(rowsPath, 12, expected: "\(right) vectors, as metadata.db and the log have them", found: "\(header.vectorCount)")
        }
        guard let manifest else { return }
        if header.checkpointSequence < manifest.checkpointSequence {
            findings.add(
                rowsPath, 104, expected: "a checkpoint of at least \(manifest.checkpointSequence)", found: "\(header.checkpointSequence)")
        }
        if Int(clamping: manifest.slotsUsed) > header.capacity {
            findings.add(manifestPath, 56, expected: "at most \(header.capacity) slots", found: "\(manifest.slotsUsed)")
        }
        if manifest.condition == .clean, !pending.isEmpty {
            findings.add(
                logPath, expected: "nothing behind sequence \(manifest.checkpointSequence), the shard was closed",
                found: "\(pending.count) operations")
        }
    }

    /// What only a closed file has: the map of ids, the bitmap of live rows, the free list.
    mutating func checkClosedParts() {
        guard let rows, rows.header.isClean else { return }
        let path = rowsPath
        let bitmap = findings.trying(path) { () throws(JadeError) in try rows.readLiveBitmap() }
        if let bitmap, metadataIsSound, wasClosed { compare(bitmap) }
        let ids = ids
        var wrong: (id: String, ordinal: Int)?
        var wrongCount = 0
        _ = findings.trying(path) { () throws(JadeError) in
            try rows.readIdentifierMap { (text, ordinal) throws(JadeError) in
                if ids[VectorID(uncheckedText: text, isInteger: false)] == UInt32(ordinal) { return }
                wrongCount += 1
                if wrong == nil { wrong = (text, ordinal) }
            }
        }
        if let wrong, wasClosed {
            findings.add(
                path, rows.header.indexOffset, expected: "the ids of metadata.db",
                found: "\(wrongCount) others, first \"\(wrong.id)\" at ordinal \(wrong.ordinal)")
        }
        let chain = findings.trying(path) { () throws(JadeError) in try rows.freeList() }
        guard let chain else { return }
        let free = (0..<rows.header.slotsUsed).count { ((try? rows.summary(of: $0)) ?? nil)?.isFree == true }
        if free != chain.count { findings.add(path, 120, expected: "\(free) free blocks in the chain", found: "\(chain.count)") }
    }

    private mutating func compare(_ bitmap: [UInt64]) {
        let words = max(bitmap.count, claimed.count)
        let wrong = (0..<words).reduce(0) { sum, word in
            let left = word < bitmap.count ? bitmap[word] : 0
            return sum + (left ^ (word < claimed.count ? claimed[word] : 0)).nonzeroBitCount
        }
        if wrong > 0 {
            findings.add(rowsPath, rows?.header.indexOffset, expected: "a bitmap of the rows that live", found: "\(wrong) wrong bits")
        }
    }

    /// Every live vector has metadata, and it is JSON.
    mutating func checkStoredMetadata(_ progress: CheckProgress) {
        guard let metadata else { return }
        var covered: Set<UInt32> = []
        for change in pending where change.sequence > appliedSequence {
            if case .upsert(let ordinal, _, _, _, _) = change.operation { covered.insert(ordinal) }
        }
        var (missing, done): ([VectorID], Int) = ([], 0)
        for (id, ordinal) in ids where !covered.contains(ordinal) {
            done += 1
            if done & 0xFFF == 0 { progress("checking metadata", done, ids.count) }
            do throws(JadeError) {
                if try !metadata.hasValidMetadata(ordinal) { missing.append(id) }
            } catch {
                metadataIsSound = false
                findings.add(metadataPath, expected: "the metadata of \"\(id)\" at ordinal \(ordinal)", found: error.message)
            }
        }
        guard !missing.isEmpty else { return }
        metadataIsSound = false
        let names = missing.prefix(10).map { "\"\($0)\"" }.joined(separator: ", ")
        findings.add(metadataPath, expected: "metadata for every id", found: "\(missing.count) without: \(names)")
    }
}
