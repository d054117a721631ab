import Foundation

/// The built executable, run as a child process.
package enum Program {
    package struct Outcome: Sendable {
        package let status: Int32
        package let wasSignalled: Bool
        package let output: String
        package let errors: String
    }

    /// Beside the test bundle, where one build leaves both.
    static let executable: URL = {
        let folder = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
        return folder.appendingPathComponent("jadevectordb")
    }()

    /// Runs to the end. Output goes through files, so that no full pipe can hold the child up.
    ///
    /// - Parameter input: what standard input holds; otherwise nothing.
    package static func run(
        _ arguments: [String], input: String? = nil, environment: [String: String] = [:]
    ) async throws -> Outcome {
        let folder = try TemporaryFolder()
        let process = try prepared(arguments, environment, output: folder.path("out"), errors: folder.path("err"))
        if let input {
            try input.write(toFile: folder.path("in"), atomically: true, encoding: .utf8)
            process.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: folder.path("in")))
        }
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            process.terminationHandler = { _ in continuation.resume() }
            do { try process.run() } catch { continuation.resume() }
        }
        return Outcome(
            status: process.terminationStatus, wasSignalled: process.terminationReason == .uncaughtSignal,
            output: try String(contentsOfFile: folder.path("out"), encoding: .utf8),
            errors: try String(contentsOfFile: folder.path("err"), encoding: .utf8))
    }

    package static func run(_ arguments: String...) async throws -> Outcome { try await run(arguments) }

    static func prepared(_ arguments: [String], _ environment: [String: String], output: String, errors: String) throws -> Process {
        let process = Process()
        process.executableURL = executable
        process.arguments = arguments
        var inherited = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("JADE") }
        // A place of its own for what imports remember.
        inherited["XDG_STATE_HOME"] = URL(fileURLWithPath: output).deletingLastPathComponent().path
        process.environment = inherited.merging(environment) { _, given in given }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try writable(output)
        process.standardError = try writable(errors)
        return process
    }

    private static func writable(_ path: String) throws -> FileHandle {
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        return try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    }
}
