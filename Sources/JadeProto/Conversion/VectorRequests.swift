package import JadeAPI
package import JadeCore

extension ProtoUpsertRequest {
    package init(_ vectors: [VectorRecord], into database: String) {
        self.init()
        self.database = database
        self.vectors = vectors.map(ProtoVectorRecord.init)
    }

    package init(_ request: UpsertRequest, into database: String) {
        self.init(request.vectors, into: database)
        for (position, text) in request.texts {
            vectors[position].clearValues()
            vectors[position].text = text
        }
    }

    package func upsert() throws(JadeError) -> UpsertRequest {
        var components = 0
        let records = try list("vectors", vectors, limit: Limits.maximumBatchOperations) { (vector) throws(JadeError) in
            let record = try VectorRecord(vector)
            components += record.values.count
            guard components <= Limits.maximumBatchComponents else {
                throw .tooLarge("the batch has more than \(Limits.maximumBatchComponents) vector components")
            }
            return record
        }
        var request = UpsertRequest(records)
        for (position, vector) in vectors.enumerated() where !vector.text.isEmpty { request.texts[position] = vector.text }
        return request
    }
}

extension ProtoDeleteRequest {
    package init(_ ids: [VectorID], from database: String) {
        self.init()
        self.database = database
        self.ids = ids.map(ProtoVectorId.init)
    }

    package func vectorIDs() throws(JadeError) -> [VectorID] { try JadeProto.vectorIDs(ids) }
}

private func vectorIDs(_ ids: [ProtoVectorId]) throws(JadeError) -> [VectorID] {
    try list("ids", ids, limit: Limits.maximumBatchOperations) { (id) throws(JadeError) in try VectorID(id) }
}

extension ProtoUpdateMetadataRequest {
    package init(_ change: MetadataChange, of id: VectorID, in database: String) {
        self.init()
        self.database = database
        self.id = ProtoVectorId(id)
        switch change {
        case .merge(let metadata): mergeJson = WireText.text(metadata)
        case .replace(let metadata): replaceJson = WireText.text(metadata)
        }
    }

    package func metadataChange() throws(JadeError) -> MetadataChange {
        switch change {
        case .mergeJson(let text): .merge(try WireText.metadata(text))
        case .replaceJson(let text): .replace(try WireText.metadata(text))
        case nil: throw .invalidArgument("merge_json or replace_json is missing")
        }
    }
}

extension ProtoGetRequest {
    package init(_ ids: [VectorID], in database: String, parts: VectorParts) {
        self.init()
        self.database = database
        self.ids = ids.map(ProtoVectorId.init)
        self.parts = ProtoParts(parts)
    }

    package func vectorIDs() throws(JadeError) -> [VectorID] { try JadeProto.vectorIDs(ids) }

    package var vectorParts: VectorParts { hasParts ? VectorParts(parts) : [.values, .metadata] }
}

extension ScrollRequest {
    package init(_ proto: ProtoScrollRequest) throws(JadeError) {
        self.init(
            after: proto.hasAfter ? try VectorID(proto.after, "after") : nil, limit: proto.hasLimit ? Int(proto.limit) : 100,
            filter: try WireText.filter(proto.filterJson), parts: proto.hasParts ? VectorParts(proto.parts) : [.metadata])
        try validate()
    }

    /// The first page of an export.
    package init(_ proto: ProtoExportRequest) throws(JadeError) {
        self.init(
            after: proto.hasAfter ? try VectorID(proto.after, "after") : nil, limit: proto.hasPageSize ? Int(proto.pageSize) : 1_000,
            filter: try WireText.filter(proto.filterJson),
            parts: proto.hasParts ? VectorParts(proto.parts) : [.values, .metadata])
        do { try validate() } catch { throw JadeError(error.code, "page_size: \(error.message)") }
    }
}

extension ProtoScrollRequest {
    package init(_ request: ScrollRequest, in database: String) throws(JadeError) {
        self.init()
        self.database = database
        if let after = request.after { self.after = ProtoVectorId(after) }
        limit = UInt32(clamping: request.limit)
        filterJson = WireText.text(request.filter)
        parts = ProtoParts(request.parts)
    }
}

extension ProtoExportRequest {
    package init(_ request: ScrollRequest, in database: String) {
        self.init()
        self.database = database
        if let after = request.after { self.after = ProtoVectorId(after) }
        pageSize = UInt32(clamping: request.limit)
        filterJson = WireText.text(request.filter)
        parts = ProtoParts(request.parts)
    }
}

extension ScrollPage {
    package init(_ proto: ProtoScrollResponse) throws(JadeError) {
        self.init(
            vectors: try list("vectors", proto.vectors, limit: Limits.maximumScrollLimit) { (vector) throws(JadeError) in
                try StoredVector(vector)
            },
            next: proto.hasNext ? try VectorID(proto.next) : nil)
    }
}

extension ProtoScrollResponse {
    package init(_ page: ScrollPage, form: ProtoValuesForm) {
        self.init()
        vectors = page.vectors.map { ProtoStoredVector($0, form: form) }
        if let next = page.next { self.next = ProtoVectorId(next) }
    }
}

extension ProtoCountRequest {
    package init(_ filter: Filter?, in database: String) {
        self.init()
        self.database = database
        filterJson = WireText.text(filter)
    }

    package func filter() throws(JadeError) -> Filter? { try WireText.filter(filterJson) }
}
