import HTTPTypes
import JadeAPI
import JadeCore
import JadeJSON

/// Writes one operation of the document.
struct OperationWriter {
    let route: Route
    let operation: Operation?

    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("operationId", Self.identifier(route))
        if let operation {
            writer.key("tags")
            writer.beginArray()
            writer.string(operation.tag)
            writer.endArray()
            writer.member("summary", operation.summary)
            if let details = operation.details { writer.member("description", details) }
        }
        writer.key("security")
        writer.fragment(route.needs == .nothing ? "[]" : #"[{"key":[]}]"#)
        if let permission = route.needs.permission { writer.member("x-permission", permission.name) }
        writeParameters(&writer)
        if let request = operation?.request { write(request, &writer) }
        writer.key("responses")
        writer.beginObject()
        writeAnswer(&writer)
        if route.method == .get, let operation, !operation.conditions.isEmpty { writeNotModified(operation, &writer) }
        for status in operation?.refusals(of: route) ?? [] { writeRefusal(status, &writer) }
        writer.endObject()
        writer.endObject()
    }

    /// `post_v1_databases_database_search`: unique, and the same in every version.
    private static func identifier(_ route: Route) -> String {
        let words = route.template.split { !$0.isLetter && !$0.isNumber && $0 != "_" }
        return ([route.method.rawValue.lowercased()] + words.map(String.init)).joined(separator: "_")
    }

    private static func phrase(_ status: Int) -> String {
        let plain: [HTTPResponse.Status] = [
            .ok, .created, .accepted, .noContent, .requestTimeout, .unsupportedMediaType, .requestHeaderFieldsTooLarge,
        ]
        if let known = plain.first(where: { $0.code == status }) { return known.reasonPhrase }
        return ErrorCode(httpStatus: status).httpTitle
    }

    private func writeParameters(_ writer: inout JSONWriter) {
        let names = route.template.split(separator: "/").filter { $0.first == "{" }.map { String($0.dropFirst().dropLast()) }
        let conditions = operation?.conditions ?? []
        guard !(names + route.query + conditions).isEmpty else { return }
        writer.key("parameters")
        writer.beginArray()
        for name in names { write(name, "path", isRequired: true, &writer) }
        for name in route.query { write(name, "query", isRequired: false, &writer) }
        for name in conditions { write(name, "header", isRequired: false, &writer) }
        writer.endArray()
    }

    private func write(_ name: String, _ place: String, isRequired: Bool, _ writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("name", name)
        writer.member("in", place)
        writer.key("required")
        writer.bool(isRequired)
        writer.fragmentMembers(Schemas.parameter(name, place))
        writer.endObject()
    }

    private func write(_ request: Operation.Request, _ writer: inout JSONWriter) {
        writer.key("requestBody")
        writer.beginObject()
        writer.key("required")
        writer.bool(true)
        writer.key("content")
        writer.beginObject()
        writer.key("application/json")
        writer.beginObject()
        writer.key("schema")
        writer.reference(request.schema)
        writer.key("example")
        writer.fragment(request.example)
        writer.endObject()
        if route.body == .jsonOrVectors { writer.frameContent(FrameType.vectors) }
        writer.endObject()
        writer.endObject()
    }

    private func writeAnswer(_ writer: inout JSONWriter) {
        let status = operation?.status ?? 200
        writer.key("\(status)")
        writer.beginObject()
        writer.member("description", Self.phrase(status))
        writeHeaders(["X-Request-Id"] + (operation?.answerHeaders ?? []), &writer)
        switch operation?.answer ?? .nothing {
        case .nothing: break
        case .json(let schema): writeContent("application/json", frame: operation?.frame, &writer) { $0.reference(schema) }
        case .text(let type): writeContent(type, &writer) { $0.fragment(#"{"type":"string"}"#) }
        }
        writer.endObject()
    }

    /// The answer without a body to who has the vector already.
    private func writeNotModified(_ operation: Operation, _ writer: inout JSONWriter) {
        let status = HTTPResponse.Status.notModified
        writer.key("\(status.code)")
        writer.beginObject()
        writer.member("description", status.reasonPhrase)
        writeHeaders(["X-Request-Id"] + operation.answerHeaders, &writer)
        writer.endObject()
    }

    private func writeRefusal(_ status: Int, _ writer: inout JSONWriter) {
        writer.key("\(status)")
        writer.beginObject()
        writer.member("description", Self.phrase(status))
        // A request that did not arrive has no name yet.
        let isNamed = ![408, 431].contains(status)
        writeHeaders((isNamed ? ["X-Request-Id"] : []) + (status == 429 ? ["Retry-After"] : []), &writer)
        writeContent(Problem.mediaType, &writer) { $0.reference("Problem") }
        writer.endObject()
    }

    private func writeHeaders(_ names: [String], _ writer: inout JSONWriter) {
        writer.key("headers")
        writer.beginObject()
        for name in names {
            writer.key(name)
            writer.fragment(##"{"$ref":"#/components/headers/\##(name)"}"##)
        }
        writer.endObject()
    }

    private func writeContent(
        _ type: String, frame: String? = nil, _ writer: inout JSONWriter, _ schema: (inout JSONWriter) -> Void
    ) {
        writer.key("content")
        writer.beginObject()
        writer.key(type)
        writer.beginObject()
        writer.key("schema")
        schema(&writer)
        writer.endObject()
        if let frame { writer.frameContent(frame) }
        writer.endObject()
    }
}

extension JSONWriter {
    mutating func reference(_ schema: String) { fragment(##"{"$ref":"#/components/schemas/\##(schema)"}"##) }

    /// Vectors as bytes: `docs/formats/vector-frame.md`.
    mutating func frameContent(_ type: String) {
        key(type)
        fragment(#"{"schema":{"type":"string","format":"binary"}}"#)
    }

    /// Members of an object that is being written: `"a":1,"b":2`.
    mutating func fragmentMembers(_ text: String) { fragment(text) }
}
