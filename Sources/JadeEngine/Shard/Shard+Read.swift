internal import JadeCore
internal import JadeIndex
internal import JadeJSON
internal import JadeMetadata
internal import JadeStorage

extension Shard {
    /// The vectors that exist among `ids`, in their order.
    func vectors(_ ids: [VectorID], _ parts: VectorParts) throws(JadeError) -> [StoredVector] {
        try snapshots.reading { (_) throws(JadeError) in
            let ordinals = try storage.metadata.lookup(ids)
            let found = zip(ids, ordinals).compactMap { id, ordinal in ordinal.map { (id, $0) } }
            return try stored(found, parts)
        }
    }

    /// A page of vectors in order of their ids' bytes.
    func scroll(_ request: ScrollRequest) throws(JadeError) -> ScrollPage {
        return try snapshots.reading { (_) throws(JadeError) in
            let allowed = try request.filter.map { (filter) throws(JadeError) in try matching(filter) }
            var page: [(VectorID, UInt32)] = []
            var after = request.after
            while page.count <= request.limit {
                let batch = try storage.metadata.scroll(after: after, limit: request.limit + 1)
                guard let last = batch.last else { break }
                page += batch.filter { allowed?.contains($0.1) ?? true }
                after = last.0
                if batch.count <= request.limit { break }
            }
            let more = page.count > request.limit
            let vectors = try stored(Array(page.prefix(request.limit)), request.parts)
            return ScrollPage(vectors: vectors, next: more ? vectors.last?.id : nil)
        }
    }

    func count(matching filter: Filter?) throws(JadeError) -> Int {
        guard let filter else { return snapshots.current.liveCount }
        return try snapshots.reading { (snapshot) throws(JadeError) in
            let allowed = try matching(filter)
            return allowed.withUnsafeWords { words in
                Visibility(
                    stamps: facts.stamps, sequence: snapshot.sequence, allowed: words.baseAddress, allowedWords: words.count
                ).count(below: snapshot.rowEnd)
            }
        }
    }

    private func stored(_ found: [(VectorID, UInt32)], _ parts: VectorParts) throws(JadeError) -> [StoredVector] {
        let metadata = parts.contains(.metadata) ? try storage.metadata.metadata(of: found.map(\.1)) : nil
        var vectors: [StoredVector] = []
        vectors.reserveCapacity(found.count)
        for (index, (id, ordinal)) in found.enumerated() {
            if parts.contains(.values) { try storage.rows.verify(id, at: Int(ordinal)) }
            vectors.append(
                StoredVector(
                    id: id, values: parts.contains(.values) ? values(of: ordinal) : nil,
                    metadata: try metadata.map { (all) throws(JadeError) in
                        try all[index].map { (bytes) throws(JadeError) in try MetadataJSON.decode(bytes) } ?? [:]
                    }))
        }
        return vectors
    }
}
