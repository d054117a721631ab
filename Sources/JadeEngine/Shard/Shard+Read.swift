internal import JadeCore
internal import JadeIndex
internal import JadeJSON
internal import JadeMetadata
internal import JadeStorage

extension Shard {
    /// The vectors that exist among `ids`, in their order.
    func vectors(_ ids: [VectorID], _ parts: VectorParts) throws(JadeError) -> [StoredVector] {
        try snapshots.reading { (snapshot) throws(JadeError) in
            let ordinals = try storage.metadata.lookup(ids)
            let found = zip(ids, ordinals).compactMap { id, ordinal in ordinal.map { (id, $0) } }
                .filter { !snapshot.hasExpired($0.1, facts) }
            return try stored(found, parts)
        }
    }

    /// A page of vectors in order of their ids' bytes.
    func scroll(_ request: ScrollRequest) throws(JadeError) -> ScrollPage {
        return try snapshots.reading { (snapshot) throws(JadeError) in
            let allowed = try request.filter.map { (filter) throws(JadeError) in try matching(filter) }
            var page: [(VectorID, UInt32)] = []
            var after = request.after
            while page.count <= request.limit {
                let batch = try storage.metadata.scroll(after: after, limit: request.limit + 1)
                guard let last = batch.last else { break }
                page += batch.filter { (allowed?.contains($0.1) ?? true) && !snapshot.hasExpired($0.1, facts) }
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
            return allowed.withUnsafeWords { snapshot.visibility(facts, allowed: $0).count(below: snapshot.rowEnd) }
        }
    }

    private func stored(_ found: [(VectorID, UInt32)], _ parts: VectorParts) throws(JadeError) -> [StoredVector] {
        let needsMetadata = !parts.isDisjoint(with: [.metadata, .version])
        let metadata = needsMetadata ? try storage.metadata.metadata(of: found.map(\.1)) : nil
        var vectors: [StoredVector] = []
        vectors.reserveCapacity(found.count)
        for (index, (id, ordinal)) in found.enumerated() {
            // A version is made of what was checked.
            if parts.contains(.values), !parts.contains(.version) { try storage.rows.verify(id, at: Int(ordinal)) }
            let expiry = facts.expiries[Int(ordinal)]
            let encoded = metadata?[index]
            var vector = StoredVector(id: id, expiresAtMilliseconds: expiry == 0 ? nil : expiry)
            if parts.contains(.version) { vector.version = try versions.version(of: id, at: ordinal, metadata: encoded) }
            if parts.contains(.values) { vector.values = values(of: ordinal) }
            if parts.contains(.metadata) {
                vector.metadata = try encoded.map { (bytes) throws(JadeError) in try MetadataJSON.decode(bytes) } ?? [:]
            }
            vectors.append(vector)
        }
        return vectors
    }
}
