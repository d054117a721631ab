import JadeAPI
import JadeCore
import JadeJSON
import JadeREST
import JadeServer
import Testing

@Suite("The OpenAPI document says what the routes and the wire are")
struct DocumentTests {
    let document: JSONDocument

    /// Metadata, as which it is read here, holds no integers beyond 63 bits: the largest id becomes another number.
    init() throws {
        let text = String(decoding: OpenAPIDocument.bytes, as: UTF8.self)
        document = try JSONDocument(text.replacing("\(UInt64.max)", with: "\(Int64.max)"))
    }

    @Test("every route is documented, and nothing else")
    func routes() {
        #expect(OpenAPIDocument.undocumented.isEmpty, "add them to Operation.all: \(OpenAPIDocument.undocumented)")
        #expect(OpenAPIDocument.orphans.isEmpty, "documented, but no routes: \(OpenAPIDocument.orphans)")
        #expect(document["openapi"] == "3.1.0")
    }

    @Test("every reference leads somewhere, and every schema is used")
    func references() throws {
        let root = document.root
        var used: Set<String> = []
        collect(root) { used.insert($0) }
        guard case .object(let schemas) = document["components.schemas"], case .object(let headers) = document["components.headers"] else {
            Issue.record("no components")
            return
        }
        let known = schemas.keys.map { "#/components/schemas/\($0)" } + headers.keys.map { "#/components/headers/\($0)" }
        #expect(used.subtracting(known) == [])
        #expect(Set(known).subtracting(used) == [])
    }

    private func collect(_ value: MetadataValue, _ found: (String) -> Void) {
        switch value {
        case .object(let members):
            for (key, member) in members {
                if key == "$ref", case .string(let target) = member { found(target) } else { collect(member, found) }
            }
        case .array(let elements): for element in elements { collect(element, found) }
        default: break
        }
    }

    /// The names in a schema's `properties`.
    private func properties(_ schema: String) throws -> Set<String> {
        guard case .object(let members) = document["components.schemas.\(schema).properties"] else {
            Issue.record("schema \(schema) has no properties")
            return []
        }
        return Set(members.keys)
    }

    // MARK: Requests

    /// What a decoder says it knows, when it meets a field that it does not: `…, expected one of a, b, c`.
    private static func fields(_ decode: ([UInt8]) throws(JadeError) -> Void) -> Set<String> {
        do {
            try decode(Array(#"{"\u00a7":0}"#.utf8))
            return []
        } catch {
            guard let list = error.message.firstRange(of: "expected one of ") else { return [] }
            return Set(error.message[list.upperBound...].split(separator: ", ").map(String.init))
        }
    }

    private static func decoder<Value: WireDecodable>(_ type: Value.Type) -> @Sendable ([UInt8]) throws(JadeError) -> Void {
        { (bytes) throws(JadeError) in _ = try WireJSON.decode(type, from: bytes) }
    }

    static let decoders: [(schema: String, decode: @Sendable ([UInt8]) throws(JadeError) -> Void)] = [
        ("DatabaseSpecification", decoder(DatabaseSpecification.self)), ("IndexSettings", decoder(IndexSettings.self)),
        ("DatabaseUpdate", decoder(DatabaseUpdate.self)), ("VectorRecord", decoder(VectorRecord.self)),
        ("DeleteRequest", decoder(DeleteRequest.self)), ("GetRequest", decoder(GetRequest.self)),
        ("ScrollRequest", decoder(ScrollRequest.self)), ("CountRequest", decoder(CountRequest.self)),
        ("MetadataRequest", decoder(MetadataRequest.self)), ("SearchRequest", decoder(SearchRequest.self)),
        ("SearchBatchRequest", decoder(SearchBatchRequest.self)), ("BackupRequest", decoder(BackupRequest.self)),
        ("RestoreRequest", decoder(RestoreRequest.self)), ("BackupSchedule", decoder(BackupSchedule.self)),
        ("VerificationRequest", decoder(VerificationRequest.self)), ("EmbeddingRequest", decoder(EmbeddingRequest.self)),
        ("LoginRequest", decoder(LoginRequest.self)), ("RefreshRequest", decoder(RefreshRequest.self)),
        ("PasswordChange", decoder(PasswordChange.self)), ("UserRequest", decoder(UserRequest.self)),
        ("UserUpdate", decoder(UserUpdate.self)), ("PasswordReset", decoder(PasswordReset.self)),
        ("GroupRequest", decoder(GroupRequest.self)), ("RoleRequest", decoder(RoleRequest.self)),
        ("RoleContent", decoder(RoleContent.self)), ("GrantRequest", decoder(GrantRequest.self)), ("KeyRequest", decoder(KeyRequest.self)),
        ("RotationRequest", decoder(RotationRequest.self)),
    ]

    @Test("requests have the fields that their decoders read", arguments: decoders.map(\.schema))
    func requestFields(schema: String) throws {
        let decode = try #require(Self.decoders.first { $0.schema == schema }).decode
        let fields = Self.fields(decode)
        #expect(!fields.isEmpty)
        #expect(try properties(schema) == fields)
    }

    @Test("the examples are requests that the decoders take")
    func examples() throws {
        guard case .object(let paths) = document["paths"] else {
            Issue.record("no paths")
            return
        }
        var checked = 0
        for (path, methods) in paths {
            guard case .object(let methods) = methods else { continue }
            for method in methods.keys {
                // A path may hold dots, so it is walked by hand.
                guard case .object(let operation) = methods[method], let content = JSONDocument(operation)["requestBody.content"],
                    case .object(let types) = content, case .object(let json) = types["application/json"],
                    case .object(let schema) = json["schema"], case .string(let reference) = schema["$ref"],
                    case .object(let example) = json["example"]
                else { continue }
                let name = reference.split(separator: "/").last.map(String.init) ?? ""
                let bytes = MetadataJSON.encode(example)
                if name == "UpsertRequest" { _ = try WireJSON.decode(UpsertRequest.self, from: bytes) }
                if let decoder = Self.decoders.first(where: { $0.schema == name }) {
                    #expect(throws: Never.self, "\(method) \(path)") { try decoder.decode(bytes) }
                    checked += 1
                }
            }
        }
        #expect(checked >= 12)
    }

    // MARK: Answers

    static let vector = StoredVector(id: 1, values: [1], metadata: ["k": 1], expiresAtMilliseconds: 1, version: "1f")
    static let hit = SearchHit(id: 1, score: 1, values: [1], metadata: [:])
    static let plan = SearchPlan(strategy: .graph, efSearch: 1, visible: 1, matching: 1, tail: 0, microseconds: 1, nprobe: 1)
    static let storage = StorageStatus(state: .ready, diskBytes: 1, recovery: .init(records: 1, bytes: 1, milliseconds: 1))
    static let database = DatabaseDescription(
        id: "0", specification: DatabaseSpecification(
            name: "a", dimension: 1, index: IndexSettings(quantization: .sq8), retentionSeconds: 1, embedding: "e"),
        createdAtMilliseconds: 0, vectorCount: 0,
        index: IndexStatus(settings: IndexSettings(quantization: .sq8, reduction: .pca), calibration: calibration), problem: "p", storage: storage)
    static let calibration = CalibrationStatus(queries: 1, vectors: 1, points: [CalibrationStatus.Point(effort: 1, recall: 1)])
    static let job: JobDescription = {
        var job = JobDescription(id: "1", kind: "verify", database: "docs", startedAtMilliseconds: 0)
        job.finishedAtMilliseconds = 1
        job.problem = "p"
        job.findings = [Finding(file: "f", offset: 1, expected: "a", found: "b")]
        return job
    }()

    /// Answers with everything that may be in them.
    static let answers: [(schema: String, bytes: [UInt8])] = [
        ("Problem", WireJSON.encode(Problem(.notFound("x")))), ("StoredVector", WireJSON.encode(vector)),
        ("VectorList", WireJSON.encode(VectorList([vector]))), ("SearchHit", WireJSON.encode(hit)), ("SearchPlan", WireJSON.encode(plan)),
        ("SearchResponse", WireJSON.encode(SearchResponse(results: [hit], plan: plan, total: 1))),
        ("SearchBatchResponse", WireJSON.encode(SearchBatchResponse([]))), ("DatabaseDescription", WireJSON.encode(database)),
        ("DatabaseList", WireJSON.encode(DatabaseList([database], next: "a"))), ("IndexStatus", WireJSON.encode(database.index)),
        ("CalibrationStatus", WireJSON.encode(calibration)),
        ("StorageStatus", WireJSON.encode(storage)), ("ScrollPage", WireJSON.encode(ScrollPage(vectors: [], next: nil))),
        ("CountAnswer", WireJSON.encode(CountAnswer(1))), ("JobDescription", WireJSON.encode(job)),
        ("Finding", WireJSON.encode(job.findings[0])), ("JobList", WireJSON.encode(JobList([job]))),
        ("Upserted", WireJSON.encode(WriteAnswer(.upserted, WriteResult(count: 1, sequence: 1)))),
        ("Deleted", WireJSON.encode(WriteAnswer(.deleted, WriteResult(count: 1, sequence: 1)))),
        ("Updated", WireJSON.encode(WriteAnswer(.updated, WriteResult(count: 1, sequence: 1)))),
        (
            "NodeStatus",
            WireJSON.encode(
                NodeStatus(version: "1", uptimeSeconds: 1, databaseCount: 0, vectorCount: 0, simdLevel: "avx2", searchThreads: 1))
        ),
        ("EmbeddingList", WireJSON.encode(EmbeddingList(provider: "a", vectors: [[1]]))),
        ("BackupTarget", WireJSON.encode(BackupTarget(name: "a", place: "b"))),
        ("BackupDeletion", WireJSON.encode(BackupDeletion(backup: "a", removedExtents: 0, removedBytes: 0))),
    ]

    /// Members that only another kind of index writes.
    static let otherKinds: Set<String> = ["nlist", "nprobe", "pq_subspaces", "training"]

    @Test("answers have the members that are written", arguments: answers.map(\.schema))
    func answerFields(schema: String) throws {
        let answer = try #require(Self.answers.first { $0.schema == schema })
        let written = try MetadataJSON.decode(answer.bytes)
        let missing = try properties(schema).subtracting(written.keys)
        #expect(schema == "IndexStatus" ? missing == Self.otherKinds : missing.isEmpty, "\(missing)")
        #expect(Set(written.keys).subtracting(try properties(schema)).isEmpty)
        guard case .array(let required) = document["components.schemas.\(schema).required"] else { return }
        for name in required { #expect(written[text(name)] != nil, "\(schema) requires \(name)") }
    }

    private func text(_ value: MetadataValue) -> String { if case .string(let text) = value { text } else { "" } }

    // MARK: Served

    @Test("it is served, and so is the page, which loads nothing else")
    func served() async throws {
        try await LiveServer.run { server in
            let answer = try await server.send("GET", "/v1/openapi.json")
            #expect(answer.status == 200)
            #expect(answer.headers["content-type"] == "application/json")
            #expect(Array(answer.text.utf8) == OpenAPIDocument.bytes)
            let page = try await server.send("GET", "/docs")
            #expect(page.headers["content-type"] == "text/html; charset=utf-8")
            #expect(page.headers["content-security-policy"]?.contains("default-src 'none'") == true)
            #expect(!page.text.contains("https://") && !page.text.contains("http://") && page.text.contains("/v1/openapi.json"))
        }
    }
}
