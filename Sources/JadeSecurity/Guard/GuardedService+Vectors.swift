package import JadeAPI
package import JadeCore

extension GuardedService {
    package func upsert(_ vectors: [VectorRecord], into database: String) async throws(JadeError) -> WriteResult {
        let id = try await take(.vectorWrite, on: database)
        if let meter {
            let bytes = vectors.reduce(0) { $0 + $1.values.count * MemoryLayout<Float>.size }
            try meter.takeWrite(vectors: vectors.count, bytes: bytes, subjects(id))
        }
        guard let tenant = caller.tenant else { return try await base.upsert(vectors, into: id) }
        let owned = try tenant.owned(vectors)
        return try await tenants.exclusively(id) { () throws(JadeError) in
            try await requireNoStrangers(among: vectors.map(\.id), tenant, in: id)
            return try await base.upsert(owned, into: id)
        }
    }

    package func delete(_ ids: [VectorID], from database: String) async throws(JadeError) -> WriteResult {
        let id = try await take(.vectorDelete, on: database)
        guard let tenant = caller.tenant else { return try await base.delete(ids, from: id) }
        return try await tenants.exclusively(id) { () throws(JadeError) in
            let own = try await base.vectors(ids, in: id, parts: .metadata).filter(tenant.owns).map(\.id)
            return try await base.delete(own, from: id)
        }
    }

    package func updateMetadata(
        _ change: MetadataChange, of vector: VectorID, in database: String
    ) async throws(JadeError) -> WriteResult {
        let id = try await take(.vectorWrite, on: database)
        guard let tenant = caller.tenant else { return try await base.updateMetadata(change, of: vector, in: id) }
        let owned = try tenant.owned(change)
        return try await tenants.exclusively(id) { () throws(JadeError) in
            try await require(vector, tenant.owns, in: id)
            return try await base.updateMetadata(owned, of: vector, in: id)
        }
    }

    package func write(
        _ write: VectorWrite, if condition: VersionCondition, in database: String
    ) async throws(JadeError) -> WriteResult {
        let id = try await take(write.permission, on: database)
        if let meter, case .upsert(let vector) = write {
            try meter.takeWrite(vectors: 1, bytes: vector.values.count * MemoryLayout<Float>.size, subjects(id))
        }
        guard let tenant = caller.tenant else { return try await base.write(write, if: condition, in: id) }
        let owned = try tenant.owned(write)
        return try await tenants.exclusively(id) { () throws(JadeError) in
            let found = try await base.vectors([write.id], in: id, parts: .metadata)
            if found.contains(where: tenant.owns) { return try await base.write(owned, if: condition, in: id) }
            // As if a stranger's vector were not there; only its id cannot be had.
            try condition.require(write.id, has: nil)
            guard case .upsert = write else { throw Self.missing(write.id) }
            try await requireNoStrangers(among: [write.id], tenant, in: id)
            return try await base.write(owned, if: condition, in: id)
        }
    }

    package func vectors(_ ids: [VectorID], in database: String, parts: VectorParts) async throws(JadeError) -> [StoredVector] {
        let id = try await take(.vectorRead, on: database)
        guard let tenant = caller.tenant else { return try await base.vectors(ids, in: id, parts: parts) }
        let found = try await base.vectors(ids, in: id, parts: parts.union(.metadata)).filter(tenant.sees)
        guard !parts.contains(.metadata) else { return found }
        return found.map { vector in
            var own = vector
            own.metadata = nil
            return own
        }
    }

    package func scroll(_ request: ScrollRequest, in database: String) async throws(JadeError) -> ScrollPage {
        let id = try await take(.vectorRead, on: database)
        var own = request
        if let tenant = caller.tenant { own.filter = try tenant.filter(and: request.filter) }
        return try await base.scroll(own, in: id)
    }

    package func count(matching filter: Filter?, in database: String) async throws(JadeError) -> Int {
        let id = try await take(.vectorRead, on: database)
        return try await base.count(matching: caller.tenant.map { tenant throws(JadeError) in try tenant.filter(and: filter) } ?? filter, in: id)
    }

    package func search(_ requests: [SearchRequest], in database: String) async throws(JadeError) -> [SearchResponse] {
        let id = try await take(.vectorRead, on: database)
        guard let meter else { return try await searchAsAllowed(requests, in: id) }
        return try await meter.search(requests.count, subjects(id)) { () throws(JadeError) in
            try await searchAsAllowed(requests, in: id)
        }
    }

    private func searchAsAllowed(_ requests: [SearchRequest], in id: String) async throws(JadeError) -> [SearchResponse] {
        guard let tenant = caller.tenant else { return try await base.search(requests, in: id) }
        var own = requests
        for position in own.indices {
            own[position].filter = try tenant.filter(and: own[position].filter)
            // What lies near a stranger's vector would tell where that one lies.
            if case .id(let vector) = own[position].query { try await require(vector, tenant.sees, in: id) }
        }
        return try await base.search(own, in: id).map(Self.withoutCounts)
    }

    /// Who pays for what is done with a database.
    private func subjects(_ database: String) -> [UsageSubject] { UsageMeter.subjects(caller) + [UsageSubject(.database, id: database)] }

    /// A plan counts the vectors of all tenants.
    private static func withoutCounts(_ response: SearchResponse) -> SearchResponse {
        var own = response
        own.plan?.visible = 0
        own.plan?.tail = 0
        return own
    }

    private func require(
        _ vector: VectorID, _ belongs: @Sendable (StoredVector) -> Bool, in id: String
    ) async throws(JadeError) {
        guard try await base.vectors([vector], in: id, parts: .metadata).contains(where: belongs) else {
            throw Self.missing(vector)
        }
    }

    private static func missing(_ vector: VectorID) -> JadeError {
        .notFound("vector \(vector.description.debugDescription) does not exist")
    }

    /// An upsert must not take the place of somebody else's vector.
    private func requireNoStrangers(among ids: [VectorID], _ tenant: TenantBinding, in id: String) async throws(JadeError) {
        let strangers = try await base.vectors(ids, in: id, parts: .metadata).filter { !tenant.owns($0) }
        guard let first = strangers.first else { return }
        throw .conflict("id \(first.id.description.debugDescription) is in use: choose another")
    }
}

extension VectorWrite {
    fileprivate var permission: Permission {
        switch self {
        case .upsert, .updateMetadata: .vectorWrite
        case .delete: .vectorDelete
        }
    }
}
