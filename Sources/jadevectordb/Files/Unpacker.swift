import Foundation
import JadeCore

/// A program that turns a file into bytes on its standard output, on a processor of its own: `gzip -dc`, or Python for tables.
final class Unpacker {
    private let process = Process()
    private let pipe = Pipe()
    private let path: String
    private let tool: String

    /// Where the unpacked bytes come out.
    var output: Int32 { pipe.fileHandleForReading.fileDescriptor }

    convenience init(path: String) throws(JadeError) { try self.init(["gzip", "-dc", "--", path], of: path, tool: "gzip") }

    /// - Parameter arguments: The program and what it is told.
    init(_ arguments: [String], of path: String, tool: String) throws(JadeError) {
        (self.path, self.tool) = (path, tool)
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        // gzip's words say less than ours; Python's say which line of the table is wrong.
        if tool == "gzip" { process.standardError = FileHandle.nullDevice }
        do { try process.run() } catch { throw .unavailable("\(tool), which reads \(path), cannot be started: \(error)") }
    }

    /// At the end of the output: whether the file was whole.
    func finish() throws(JadeError) {
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw tool == "gzip"
                ? .invalidArgument("\(path) is not a whole gzip file: gzip stopped with status \(process.terminationStatus)")
                : .invalidArgument("\(path) cannot be read: the reason that \(tool) gave is above")
        }
    }
}
