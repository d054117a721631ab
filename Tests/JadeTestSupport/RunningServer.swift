import Foundation

/// `jadevectordb serve` on a free port.
package final class RunningServer {
    package let folder: TemporaryFolder
    /// Where it answers; empty until ``waitUntilReady()`` has returned.
    package private(set) var url = ""
    private let process: Process
    private let portFile: String
    private let log: String

    /// A server that answers, with a data folder of its own.
    package convenience init() async throws {
        try self.init(launchedIn: try TemporaryFolder())
        try await waitUntilReady()
    }

    /// Starts the process and returns at once. The data is in `data` inside the folder, where several servers may follow
    /// each other.
    ///
    /// - Parameters:
    ///   - settings: Flags such as `--log-level`, `debug`.
    ///   - needsLogin: otherwise everybody may do everything.
    package init(
        launchedIn folder: TemporaryFolder, settings: [String] = ["--log-level", "warning"], needsLogin: Bool = false
    ) throws {
        self.folder = folder
        let name = UUID().uuidString
        portFile = folder.path("port-\(name)")
        log = folder.path("serve-\(name).err")
        let arguments = ["serve", "--port", "0", "--port-file", portFile, "--data-directory", folder.path("data")]
            + (needsLogin ? [] : ["--dev"]) + settings
        process = try Program.prepared(arguments, [:], output: folder.path("serve-\(name).out"), errors: log)
        try process.run()
    }

    deinit { if process.isRunning { process.terminate() } }

    nonisolated(nonsending) package func waitUntilReady() async throws {
        url = "http://127.0.0.1:\(try await port())"
    }

    package var isRunning: Bool { process.isRunning }
    package var processIdentifier: Int32 { process.processIdentifier }
    /// What it has logged so far.
    package var logged: String { (try? String(contentsOfFile: log, encoding: .utf8)) ?? "" }

    /// Asks the server to stop and waits until it has.
    nonisolated(nonsending) package func stop() async throws -> Int32 {
        askToStop()
        try await waitUntilEnded()
        return process.terminationStatus
    }

    /// Asks the server to stop and returns at once.
    package func askToStop() { process.terminate() }

    /// Ends the process at whatever instruction it is, and waits until it is gone.
    nonisolated(nonsending) package func kill() async throws {
        _ = Foundation.kill(process.processIdentifier, SIGKILL)
        try await waitUntilEnded()
    }

    /// Runs a command against this server.
    nonisolated(nonsending) package func run(
        _ arguments: String..., input: String? = nil, environment: [String: String] = [:]
    ) async throws -> Program.Outcome {
        try await Program.run(arguments, input: input, environment: environment.merging(["JADEVECTORDB_URL": url]) { given, _ in given })
    }

    nonisolated(nonsending) private func waitUntilEnded() async throws {
        _ = try await poll("the server to end") { !process.isRunning ? true : nil }
    }

    nonisolated(nonsending) private func port() async throws -> Int {
        try await poll("the server's port") {
            if let text = try? String(contentsOfFile: portFile, encoding: .utf8), let port = Int(text.filter(\.isNumber)) { return port }
            guard process.isRunning else { throw WaitError.ended(logged) }
            return nil
        }
    }
}

/// Why waiting came to nothing.
package enum WaitError: Error {
    /// The server ended meanwhile, with this in its log.
    case ended(String)
    case waited(String)
}

/// Asks again and again until there is an answer; throws when there is none after `seconds`.
nonisolated(nonsending) package func poll<Value>(
    _ what: String, seconds: Int = 30, _ body: nonisolated(nonsending) () async throws -> Value?
) async throws -> Value {
    for _ in 0..<seconds * 100 {
        if let value = try await body() { return value }
        try await Task.sleep(for: .milliseconds(10))
    }
    throw WaitError.waited(what)
}
