import Foundation
import Testing

/// `jadevectordb serve` on a free port, with a data folder of its own.
final class RunningServer {
    let folder: TemporaryFolder
    let url: String
    private let process: Process

    init() async throws {
        folder = try TemporaryFolder()
        let portFile = folder.path("port")
        let arguments = ["serve", "--port", "0", "--port-file", portFile, "--data-directory", folder.path("data"), "--log-level", "warning"]
        process = try Program.prepared(arguments, [:], output: folder.path("serve.out"), errors: folder.path("serve.err"))
        try process.run()
        url = "http://127.0.0.1:\(try await Self.port(in: portFile, of: process, log: folder.path("serve.err")))"
    }

    deinit { if process.isRunning { process.terminate() } }

    /// Asks the server to stop and waits until it has.
    func stop() async throws -> Int32 {
        process.terminate()
        _ = try await Self.poll("the server to stop") { !process.isRunning ? true : nil }
        return process.terminationStatus
    }

    /// Runs a command against this server.
    func run(_ arguments: String..., environment: [String: String] = [:]) async throws -> Program.Outcome {
        try await Program.run(arguments, environment: environment.merging(["JADEVECTORDB_URL": url]) { given, _ in given })
    }

    private static func port(in file: String, of process: Process, log: String) async throws -> Int {
        try await poll("the server's port") {
            if let text = try? String(contentsOfFile: file, encoding: .utf8), let port = Int(text.filter(\.isNumber)) { return port }
            guard process.isRunning else {
                throw ServerError.ended((try? String(contentsOfFile: log, encoding: .utf8)) ?? "")
            }
            return nil
        }
    }

    static func poll<Value>(_ what: String, seconds: Int = 30, _ body: () throws -> Value?) async throws -> Value {
        for _ in 0..<seconds * 50 {
            if let value = try body() { return value }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw ServerError.waited(what)
    }

    enum ServerError: Error {
        case ended(String)
        case waited(String)
    }
}
