internal import JadeAPI
internal import JadeCore
internal import JadeProto

extension Methods {
    private static func path(_ method: String) -> String { path("VectorService", method) }

    static let vectors: [Method] = [
        .unary(path("Upsert"), needs: .named(.vectorWrite)) { (request: ProtoUpsertRequest, call) throws(JadeError) in try await upsert(request, call) },
        // As sent: of two writes of one id the later one counts.
        .each(path("UpsertStream"), needs: .named(.vectorWrite), atATime: Limits.maximumStreamWrites, order: .asSent) {
            (request: ProtoUpsertRequest, call) throws(JadeError) in try await upsert(request, call)
        },
        .unary(path("Delete"), needs: .named(.vectorDelete)) { (request: ProtoDeleteRequest, call) throws(JadeError) in
            let ids = try request.vectorIDs()
            guard let condition = try request.versionCondition() else {
                return ProtoWriteResult(try await call.services.databases.delete(ids, from: request.database))
            }
            return ProtoWriteResult(try await call.services.databases.write(.delete(ids[0]), if: condition, in: request.database))
        },
        .unary(path("UpdateMetadata"), needs: .named(.vectorWrite)) { (request: ProtoUpdateMetadataRequest, call) throws(JadeError) in
            let change = try request.metadataChange()
            let id = try VectorID(request.id)
            guard let condition = try request.versionCondition() else {
                return ProtoWriteResult(try await call.services.databases.updateMetadata(change, of: id, in: request.database))
            }
            let write = VectorWrite.updateMetadata(change, of: id)
            return ProtoWriteResult(try await call.services.databases.write(write, if: condition, in: request.database))
        },
        .unary(path("Get"), needs: .named(.vectorRead)) { (request: ProtoGetRequest, call) throws(JadeError) in
            let found = try await call.services.databases.vectors(
                try request.vectorIDs(), in: request.database, parts: request.vectorParts)
            var answer = ProtoGetResponse()
            answer.vectors = found.map { ProtoStoredVector($0, form: request.parts.valuesForm) }
            return answer
        },
        .unary(path("Scroll"), needs: .named(.vectorRead)) { (request: ProtoScrollRequest, call) throws(JadeError) in
            let page = try await call.services.databases.scroll(try ScrollRequest(request), in: request.database)
            return ProtoScrollResponse(page, form: request.parts.valuesForm)
        },
        .answers(path("Export"), needs: .named(.vectorRead)) { (request: ProtoExportRequest, call, answers) throws(JadeError) in
            try await export(request, call, answers)
        },
        .unary(path("Count"), needs: .named(.vectorRead)) { (request: ProtoCountRequest, call) throws(JadeError) in
            var answer = ProtoCountResponse()
            let count = try await call.services.databases.count(matching: try request.filter(), in: request.database)
            answer.count = UInt64(count)
            return answer
        },
    ]

    private static func upsert(_ request: ProtoUpsertRequest, _ call: Call) async throws(JadeError) -> ProtoWriteResult {
        let condition = try request.versionCondition()
        let vectors = try await call.texts.embedded(try request.upsert(), in: request.database)
        try await call.turn.comes()
        if let condition {
            return ProtoWriteResult(try await call.services.databases.write(.upsert(vectors[0]), if: condition, in: request.database))
        }
        return ProtoWriteResult(try await call.services.databases.upsert(vectors, into: request.database))
    }

    private static func export(_ request: ProtoExportRequest, _ call: Call, _ answers: Answers) async throws(JadeError) {
        var scroll = try ScrollRequest(request)
        repeat {
            if Task.isCancelled { throw .cancelled("the call was cancelled") }
            let page = try await call.services.databases.scroll(scroll, in: request.database)
            try await answers.send(ProtoScrollResponse(page, form: request.parts.valuesForm))
            scroll.after = page.next
        } while scroll.after != nil
    }
}
