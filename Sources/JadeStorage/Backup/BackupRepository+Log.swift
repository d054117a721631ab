package import JadeCore

extension BackupRepository {
    static func logKey(_ database: String, _ firstSequence: UInt64) -> ObjectKey {
        ObjectKey("log", database, LogSegmentHeader.name(firstSequence: firstSequence))
    }

    private func pieces(of database: String) async throws(JadeError) -> [(first: UInt64, key: ObjectKey)] {
        try await store.listAll("log/\(database)/").compactMap { entry in
            LogSegmentHeader.firstSequence(inName: entry.key.name).map { ($0, entry.key) }
        }
    }

    private func piece(at key: ObjectKey) async throws(JadeError) -> LogPiece {
        let piece = try LogPiece(checking: try await store.get(key), file: path(key))
        guard LogSegmentHeader.name(firstSequence: piece.firstSequence) == key.name else {
            throw .corrupted(file: path(key), offset: 32, expected: "the first sequence in its name", found: "\(piece.firstSequence)")
        }
        return piece
    }

    /// The last record that is archived, nil if there is none.
    package func archivedEnd(of database: String) async throws(JadeError) -> UInt64? {
        guard let last = try await pieces(of: database).last else { return nil }
        return try await piece(at: last.key).lastSequence
    }

    /// Archives records. What is there already is compared: `conflict` for another history of the same database.
    package func archive(_ piece: LogPiece, of database: String) async throws(JadeError) {
        let key = Self.logKey(database, piece.firstSequence)
        if try await store.putIfAbsent(key, piece.bytes) == .stored { return }
        guard try await store.get(key) == piece.bytes else {
            throw .conflict("\(path(key)) holds other records than the database: its files were taken back to an earlier state")
        }
    }

    /// The archived records behind `sequence`, as far as a restore to `end` wants them.
    ///
    /// - Throws: `notFound` where records are missing that it needs.
    package func log(
        of database: String, after sequence: UInt64, to end: LogEnd
    ) async throws(JadeError) -> [LogPiece] {
        let pieces = try await pieces(of: database)
        if pieces.isEmpty, end != .latest {
            throw .notFound("no log of database \(database) is archived in \(store.place): only the moments of its backups can be restored")
        }
        guard let start = pieces.lastIndex(where: { $0.first <= sequence + 1 }) else {
            if let first = pieces.first, end != .sequence(sequence) { throw gap(database, sequence + 1, first.first - 1) }
            return []
        }
        var found: [LogPiece] = []
        var next = pieces[start].first
        for (first, key) in pieces[start...] {
            guard first == next else { throw gap(database, next, first - 1) }
            let whole = try await piece(at: key)
            next = whole.lastSequence + 1
            // All of it may be in the backup already.
            guard whole.lastSequence > sequence else { continue }
            guard let cut = try whole.cut(at: end, file: path(key)), cut.lastSequence > sequence else { return found }
            found.append(cut)
            // What lies behind the end is not asked for, whole or not.
            if cut.lastSequence < whole.lastSequence || end == .sequence(cut.lastSequence) { return found }
        }
        return found
    }

    private func gap(_ database: String, _ first: UInt64, _ last: UInt64) -> JadeError {
        .notFound("records \(first) to \(last) are missing in the log of database \(database) in \(store.place): restore to a point before, or from a later backup")
    }

    /// Removes the pieces of which no restore from a backup at `sequence` or later wants a record.
    func removeLog(of database: String, before sequence: UInt64) async throws(JadeError) {
        let pieces = try await pieces(of: database)
        var doomed: [ObjectKey] = []
        for (index, piece) in pieces.enumerated() {
            let isNeeded = index + 1 < pieces.count ? pieces[index + 1].first > sequence &+ 1 : sequence != .max
            if !isNeeded || (sequence == .max) { doomed.append(piece.key) }
        }
        try await store.delete(doomed)
    }
}
