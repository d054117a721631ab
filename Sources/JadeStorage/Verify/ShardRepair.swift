package import JadeCore
package import JadeIO
import JadeMetadata

/// Brings a damaged shard back from what its files still say together.
///
/// ``plan(scratch:progress:)`` decides, and changes nothing; ``apply(keepingIndex:aside:random:files:)`` writes. Rows that can be read stay,
/// or are written again where only their head is damaged; files that are replaced are set aside, not removed. What
/// cannot be had back is in ``lostRows`` and ``losses``. A repair that was interrupted can be run again.
package struct ShardRepair {
    /// A vector whose row is gone: its values fail their checksum and no log record holds them any more.
    package struct LostRow: Sendable {
        package var id: VectorID
        package var ordinal: UInt32
        package var offset: Int
        package var metadata: [UInt8]?
        /// The damaged block, as it stood.
        package var block: [UInt8]
    }

    /// A row that is written again.
    struct Restored {
        var ordinal: UInt32
        var id: VectorID
        var sequence: UInt64
        var values: [Float]
        var isDeleted = false
    }

    package internal(set) var survey: ShardSurvey
    package internal(set) var lostRows: [LostRow] = []
    /// What else cannot be had back, a sentence each.
    package internal(set) var losses: [String] = []
    /// What is, or would be, done: a sentence each.
    package internal(set) var actions: [String] = []
    var restored: [Restored] = []
    var rebuildsMetadata = false
    /// Vectors that get empty metadata, as theirs is gone.
    var emptied: [VectorID] = []

    package init(_ survey: ShardSurvey) { self.survey = survey }

    package mutating func plan(scratch: String, progress: CheckProgress) {
        let survey = survey
        if survey.manifest == nil { actions.append("write the manifest anew") }
        rebuildsMetadata = !survey.metadataIsSound
        if survey.log.isDamaged { planLog(scratch) }
        planOrphans()
        planUnreadable(progress)
        planDead()
        planMetadata()
        if survey.metadataHasChanged, survey.metadata != nil {
            losses.append(
                "metadata.db is not what the last shutdown left: what changed in it unnoticed by SQLite stays, in somebody's metadata or id")
        }
        let waiting = survey.pendingBatches
        if waiting > 0 { actions.append("apply \(waiting) log records") }
        actions.append("write the identifier map, the live bitmap and the counts anew")
    }

    /// Adds what the caller is going to do about files that are not the storage's.
    package mutating func note(_ action: String) { actions.append(action) }

    /// Without the log SQLite's own may know more than the last checkpoint: it was written after each batch.
    private mutating func planLog(_ scratch: String) {
        defer { actions.append("begin the log anew behind sequence \(survey.lastSequence)") }
        if survey.log.lost.contains(where: { $0.upperBound > survey.appliedSequence }), survey.metadataIsSound,
            let latest = try? MetadataView(survey.metadataPath, at: .latest, scratch: scratch + "-latest"),
            (try? latest.integrity()) == [], let applied = try? latest.appliedSequence(), applied > survey.appliedSequence
        {
            var ids: [VectorID: UInt32] = [:]
            if (try? latest.forEachID { if let entry = $0 { ids[entry.id] = entry.ordinal } }) != nil {
                actions.append("take metadata from SQLite's log, which holds everything up to sequence \(applied)")
                survey.use(latest, ids, applied: applied)
                if survey.log.segments.isEmpty { survey.log.lost = [] }
                rebuildsMetadata = true
            }
        }
        let lost = survey.log.lost.filter { $0.upperBound > survey.appliedSequence }
        for range in lost {
            if range.upperBound == .max {
                losses.append("the log is gone: what it held behind sequence \(survey.appliedSequence) is known from rows alone")
                continue
            }
            losses.append("log records \(max(range.lowerBound, survey.appliedSequence + 1)) to \(range.upperBound) cannot be read")
        }
        var removedAt: [VectorID: UInt64] = [:]
        for change in survey.pending { if case .delete(_, let id) = change.operation { removedAt[id] = change.sequence } }
        for write in survey.lostWrites.sorted(by: { $0.sequence < $1.sequence }) where write.sequence > survey.appliedSequence {
            guard let rows = survey.rows else { break }
            if let removal = removedAt[write.id], removal > write.sequence { continue }
            if let current = survey.ids[write.id], case .row(_, let sequence, _) = rows.slot(Int(current)), sequence > write.sequence {
                continue
            }
            survey.ids[write.id] = write.ordinal
            actions.append("keep \"\(write.id)\" from its row, whose log record is gone")
            rebuildsMetadata = true
        }
    }

    /// Rows that live by all signs, and no id leads to. Of several with one id the last written counts.
    private mutating func planOrphans() {
        for orphan in survey.orphans.sorted(by: { $0.sequence < $1.sequence }) {
            survey.ids[orphan.id] = orphan.ordinal
            rebuildsMetadata = true
        }
        let isClosed = survey.rows?.header.isClean == true
        if !isClosed, survey.metadataIsSound || survey.missingIDs > 0, survey.orphans.count > survey.missingIDs {
            losses.append(
                "counts miss \(survey.missingIDs) ids, \(survey.orphans.count) rows have none: some of them may have been deleted, and are kept")
        }
        if !survey.orphans.isEmpty { actions.append("give \(survey.orphans.count) rows their ids back, from the rows themselves") }
    }

    private mutating func planUnreadable(_ progress: CheckProgress) {
        let logged = loggedValues(of: Set(survey.unreadable.values))
        let unreadable = survey.unreadable.filter { survey.ids[$0.key] == $0.value }
        let moved = misledIDs(unreadable)
        for (done, (id, ordinal)) in unreadable.enumerated() {
            progress("restoring rows", done, unreadable.count)
            guard let rows = survey.rows else { continue }
            if let (sequence, values) = logged[ordinal]?[id] {
                restored.append(Restored(ordinal: ordinal, id: id, sequence: sequence, values: values))
                actions.append("write the row of \"\(id)\" again from the log")
            } else if let owner = owner(of: ordinal, insteadOf: id) {
                survey.ids[id] = nil
                survey.ids[owner] = ordinal
                rebuildsMetadata = true
                actions.append("call the row at ordinal \(ordinal) \"\(owner)\" as it says itself, not \"\(id)\"")
            } else if let place = moved[id] {
                survey.ids[id] = place
                rebuildsMetadata = true
                actions.append("lead \"\(id)\" to its row at ordinal \(place)")
            } else if let sequence = rows.sequence(of: Int(ordinal), ifRowOf: id) {
                restore(id, ordinal, sequence, "write the head of \"\(id)\" again, its values are whole")
            } else if rows.correctFlippedBit(of: Int(ordinal), id: id), let sequence = rows.sequence(of: Int(ordinal), ifRowOf: id) {
                restore(id, ordinal, sequence, "turn back the one flipped bit of \"\(id)\"")
            } else {
                lose(id, ordinal)
            }
        }
    }

    /// Whose row an ordinal holds, where metadata has another id for it and that one is known nowhere else.
    private func owner(of ordinal: UInt32, insteadOf id: VectorID) -> VectorID? {
        guard let rows = survey.rows, Int(ordinal) < rows.capacity, case .row(let owner, _, false) = rows.slot(Int(ordinal)),
            owner != id, survey.ids[owner] == nil
        else { return nil }
        return owner
    }

    /// Where the rows of ids stand that metadata leads elsewhere: the last written of those that no other id claims.
    private func misledIDs(_ unreadable: [VectorID: UInt32]) -> [VectorID: UInt32] {
        guard let rows = survey.rows else { return [:] }
        let misled = unreadable.filter { id, ordinal in
            guard Int(ordinal) < rows.capacity else { return true }
            switch rows.slot(Int(ordinal)) {
            case .damaged: return false
            case .empty: return true
            case .row(let owner, _, _): return owner != id
            }
        }
        guard !misled.isEmpty else { return [:] }
        let claimed = Set(survey.ids.filter { misled[$0.key] == nil }.values)
        var found: [VectorID: (ordinal: UInt32, sequence: UInt64)] = [:]
        for ordinal in 0..<min(survey.rowEnd, rows.capacity) where !claimed.contains(UInt32(ordinal)) {
            guard case .row(let id, let sequence, _) = rows.slot(ordinal), misled[id] != nil else { continue }
            if (found[id]?.sequence ?? 0) < sequence { found[id] = (UInt32(ordinal), sequence) }
        }
        return found.mapValues(\.ordinal)
    }

    private mutating func restore(_ id: VectorID, _ ordinal: UInt32, _ sequence: UInt64, _ action: String) {
        guard let values = try? survey.rows?.values(of: Int(ordinal)) else { return lose(id, ordinal) }
        restored.append(Restored(ordinal: ordinal, id: id, sequence: sequence, values: values))
        actions.append(action)
    }

    private mutating func lose(_ id: VectorID, _ ordinal: UInt32) {
        let metadata = (try? survey.metadata?.metadata(of: ordinal)) ?? nil
        let block = survey.rows?.blockBytes(Int(ordinal)) ?? []
        lostRows.append(
            LostRow(id: id, ordinal: ordinal, offset: survey.rows?.offset(of: Int(ordinal)) ?? 0, metadata: metadata, block: block))
        survey.ids[id] = nil
        rebuildsMetadata = true
        // Another vector's row may stand there, and stays.
        guard let rows = survey.rows, Int(ordinal) < rows.capacity, case .damaged = rows.slot(Int(ordinal)) else { return }
        blank(ordinal)
    }

    /// A block that nothing leads to but a graph: zeros harm no traversal.
    private mutating func blank(_ ordinal: UInt32) {
        restored.append(
            Restored(
                ordinal: ordinal, id: VectorID(uncheckedText: "damaged", isInteger: false), sequence: 0,
                values: [Float](repeating: 0, count: survey.shape.dimension), isDeleted: true))
    }

    private mutating func planDead() {
        guard let rows = survey.rows else { return }
        let claimed = survey.damagedDead.isEmpty ? [] : Set(survey.ids.values)
        for ordinal in survey.unfinished where survey.rewritten[ordinal] == nil { blank(ordinal) }
        for ordinal in survey.damagedDead where !claimed.contains(ordinal) {
            if let id = try? rows.id(of: Int(ordinal)), rows.correctFlippedBit(of: Int(ordinal), id: id),
                let sequence = rows.sequence(of: Int(ordinal), ifRowOf: id), let values = try? rows.values(of: Int(ordinal))
            {
                restored.append(Restored(ordinal: ordinal, id: id, sequence: sequence, values: values, isDeleted: true))
            } else { blank(ordinal) }
        }
        if !survey.damagedDead.isEmpty { actions.append("write \(survey.damagedDead.count) damaged blocks of dead rows anew") }
    }

    private mutating func planMetadata() {
        guard rebuildsMetadata else { return }
        actions.append("write metadata.db anew with \(survey.ids.count) ids")
        let logged = survey.loggedMetadata
        for (id, ordinal) in survey.ids where logged[ordinal] == nil {
            if (try? survey.metadata?.hasValidMetadata(ordinal)) != true { emptied.append(id) }
        }
        emptied.sort { $0.text < $1.text }
        for id in emptied { losses.append("the metadata of \"\(id)\" is gone: the vector stays, with none") }
    }

    /// Values that the log still holds for these ordinals, those before the checkpoint included.
    private func loggedValues(of ordinals: Set<UInt32>) -> [UInt32: [VectorID: (UInt64, [Float])]] {
        guard !ordinals.isEmpty else { return [:] }
        var found: [UInt32: [VectorID: (UInt64, [Float])]] = [:]
        var ignored = FindingList()
        _ = LogSurvey(survey.logPath, shardID: survey.log.shardID, &ignored) { (record) throws(JadeError) in
            try OperationBatch.decode(record) { (operation) throws(JadeError) in
                guard operation.kind == .upsert, ordinals.contains(operation.ordinal),
                    case .upsert(_, _, let id, let values, _) = operation.copied
                else { return }
                found[operation.ordinal, default: [:]][id] = (record.sequence, values)
            }
        }
        return found
    }
}

extension ShardSurvey {
    /// Metadata that the log holds, by ordinal: what counts where metadata.db is behind it.
    var loggedMetadata: [UInt32: [UInt8]] {
        var found: [UInt32: [UInt8]] = [:]
        for change in pending where change.sequence > appliedSequence || !metadataIsSound {
            switch change.operation {
            case .upsert(let ordinal, _, _, _, let metadata), .setMetadata(let ordinal, _, let metadata): found[ordinal] = metadata
            case .delete, .setExpiry: break
            }
        }
        return found
    }

    /// When rows expire by log and metadata, as far as either can be read.
    var knownExpiries: [UInt32: Int64] {
        var found = (try? metadata?.expiries()) ?? [:]
        for change in pending where change.sequence > appliedSequence || !metadataIsSound {
            switch change.operation {
            case .upsert(let ordinal, _, _, _, _): found[ordinal] = nil
            case .setExpiry(let ordinal, _, let milliseconds): found[ordinal] = milliseconds
            case .delete, .setMetadata: break
            }
        }
        return found
    }

    /// Takes another moment's metadata for the one it has, and the log from there on.
    mutating func use(_ view: MetadataView, _ ids: [VectorID: UInt32], applied: UInt64) {
        metadata = view
        self.ids = ids
        appliedSequence = applied
        for change in pending where change.sequence > applied {
            switch change.operation {
            case .upsert(let ordinal, _, let id, _, _): self.ids[id] = ordinal
            case .delete(_, let id): self.ids[id] = nil
            case .setMetadata, .setExpiry: break
            }
        }
        orphans.removeAll { self.ids[$0.id] != nil }
        unreadable = unreadable.filter { self.ids[$0.key] == $0.value }
        for (id, ordinal) in self.ids where rewritten[ordinal] == nil {
            guard let rows, Int(ordinal) < rows.capacity, case .row(let found, _, false) = rows.slot(Int(ordinal)), found == id else {
                unreadable[id] = ordinal
                continue
            }
        }
    }
}
