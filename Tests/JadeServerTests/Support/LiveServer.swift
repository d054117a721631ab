import AsyncHTTPClient
import JadeAPI
import JadeCore
import JadeServer
import Logging
import NIOCore
import NIOHTTP1
import Testing

/// A server on a port of the system's choosing, with a client at its side.
struct LiveServer {
    let port: Int
    let server: Server
    let client: HTTPClient

    var base: String { "http://127.0.0.1:\(port)" }

    /// Runs a server around the body; it is stopped gracefully and must end well.
    static func run(
        _ service: MemoryService = MemoryService(), configure: (inout ServerConfiguration) -> Void = { _ in },
        _ body: (LiveServer) async throws -> Void
    ) async throws {
        let database = ServedDatabase(service: service) { () throws(JadeError) in service.close() }
        try await run(database, configure: configure, body)
        #expect(service.isClosed)
    }

    static func run(
        _ database: ServedDatabase, configure: (inout ServerConfiguration) -> Void, _ body: (LiveServer) async throws -> Void
    ) async throws {
        var configuration = ServerConfiguration()
        configuration.server.port = 0
        configuration.server.shutdownTimeoutSeconds = 5
        configure(&configuration)
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let server = try Server(configuration, serving: database, logger: logger)
        let running = Task { try await server.run() }
        let port = try #require(await server.port())
        let client = HTTPClient(eventLoopGroupProvider: .singleton)
        let outcome: Result<Void, any Error>
        do {
            outcome = .success(try await body(LiveServer(port: port, server: server, client: client)))
        } catch {
            outcome = .failure(error)
        }
        try await client.shutdown()
        await server.stop()
        try await running.value
        try outcome.get()
    }
}

/// An answer with its body read.
struct Answer {
    let status: Int
    let headers: [String: String]
    let text: String

    /// The JSON value at a path such as `results.0.id`; nil where there is none.
    subscript(path: String) -> MetadataValue? {
        guard let document = try? JSONDocument(text) else { return nil }
        return document[path]
    }

    /// Status and detail of a problem document, for comparison: `404 database "x" does not exist`.
    var problem: String? {
        guard headers["content-type"] == "application/problem+json", case .string(let detail) = self["detail"] else { return nil }
        guard self["status"] == .integer(Int64(status)) else { return "status in the body differs from \(status)" }
        return "\(status) \(detail)"
    }
}

extension LiveServer {
    /// One request; `path` begins behind the port.
    func send(
        _ method: String, _ path: String, _ body: String? = nil, headers: [String: String] = [:]
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: base + path)
        request.method = .RAW(value: method)
        if let body {
            request.body = .bytes(Array(body.utf8))
            request.headers.add(name: "content-type", value: headers["content-type"] ?? "application/json")
        }
        for (name, value) in headers where name != "content-type" { request.headers.add(name: name, value: value) }
        let response = try await client.execute(request, timeout: .seconds(30))
        let bytes = try await response.body.collect(upTo: 1 << 27)
        let fields = Dictionary(response.headers.map { ($0.name.lowercased(), $0.value) }) { first, _ in first }
        return Answer(status: Int(response.status.code), headers: fields, text: String(buffer: bytes))
    }

    /// A database of two dimensions unless told otherwise.
    func createDatabase(_ name: String = "docs", dimension: Int = 2, metric: String = "euclidean") async throws {
        let answer = try await send(
            "POST", "/v1/databases", #"{"name":"\#(name)","dimension":\#(dimension),"metric":"\#(metric)"}"#)
        #expect(answer.status == 201, "\(answer.text)")
    }
}
