import AsyncHTTPClient
import Foundation
import JadeCore
import JadeEmbedding
import JadeJSON
import NIOCore
import NIOHTTP1

/// The Python server beside this file, for as long as the value lives; it ends with its standard input.
final class EmbeddingServer: Sendable {
    let port: Int
    private let input = Pipe()
    private let process: Int32

    static let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "embedding-server.py")

    /// Tests without Python are skipped.
    static let isAvailable = ["/usr/bin/python3", "/usr/local/bin/python3", "/opt/homebrew/bin/python3"].contains {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    init() throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", Self.script.path]
        process.standardInput = input
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        self.process = process.processIdentifier
        var line = ""
        while !line.contains("\n") {
            let data = output.fileHandleForReading.availableData
            guard !data.isEmpty else { throw JadeError.unavailable("the embedding server did not start") }
            line += String(decoding: data, as: UTF8.self)
        }
        port = Int(line.prefix { $0.isNumber }) ?? 0
    }

    deinit { try? input.fileHandleForWriting.close() }

    func provider(_ name: String = "local", model: String = "hashed") -> EmbeddingProvider {
        EmbeddingProvider(name: name, text: "http://127.0.0.1:\(port)/v1/embeddings#\(model)")!
    }

    /// The next `times` answers fail so.
    func misbehave(_ mode: String, times: Int = 1_000) async throws {
        _ = try await send(.POST, #"{"mode":"\#(mode)","times":\#(times)}"#)
    }

    func behave() async throws { _ = try await send(.POST, #"{"mode":"ok","forget":true}"#) }

    /// What it was asked since it was told to behave.
    func seen() async throws -> (batches: [Int], keys: [String], mostUnderWay: Int) {
        let answer = try MetadataJSON.decode(try await send(.GET, nil))
        var (batches, keys): ([Int], [String]) = ([], [])
        if case .array(let requests)? = answer["requests"] {
            for case .object(let request) in requests {
                if case .integer(let count)? = request["texts"] { batches.append(Int(count)) }
                if case .string(let key)? = request["key"] { keys.append(key) }
            }
        }
        guard case .integer(let most)? = answer["most_under_way"] else { return (batches, keys, 0) }
        return (batches, keys, Int(most))
    }

    private func send(_ method: HTTPMethod, _ body: String?) async throws -> [UInt8] {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)/control")
        request.method = method
        if let body { request.body = .bytes(ByteBuffer(string: body)) }
        let answer = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
        return Array(try await answer.body.collect(upTo: 1 << 20).readableBytesView)
    }
}
