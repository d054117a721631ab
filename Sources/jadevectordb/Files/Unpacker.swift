import Foundation
import JadeCore

/// `gzip -dc` on a file: every system has it, and it unpacks on a processor of its own.
final class Unpacker {
    private let process = Process()
    private let pipe = Pipe()
    private let path: String

    /// Where the unpacked bytes come out.
    var output: Int32 { pipe.fileHandleForReading.fileDescriptor }

    init(path: String) throws(JadeError) {
        self.path = path
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["gzip", "-dc", "--", path]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        do { try process.run() } catch { throw .unavailable("gzip, which unpacks \(path), cannot be started: \(error)") }
    }

    /// At the end of the output: whether the file was whole.
    func finish() throws(JadeError) {
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw .invalidArgument("\(path) is not a whole gzip file: gzip stopped with status \(process.terminationStatus)")
        }
    }
}
