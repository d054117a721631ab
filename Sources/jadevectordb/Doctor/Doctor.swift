import ArgumentParser
import Foundation
import JadeAPI
import JadeClient
import JadeCore
import JadeJSON
import JadeKernels

/// One thing that was looked at.
struct Diagnosis: Sendable {
    enum Verdict: String, Sendable { case good, warning, bad }

    var verdict: Verdict
    /// What was looked at: `processor`.
    var subject: String
    var finding: String
    /// What to do; nil where nothing is to be done.
    var advice: String?

    init(_ verdict: Verdict, _ subject: String, _ finding: String, advice: String? = nil) {
        self.verdict = verdict
        self.subject = subject
        self.finding = finding
        self.advice = advice
    }
}

struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Looks at this machine and at a server, and says what is not well and what to do about it.",
        discussion: """
            The exit code is 1 when something is bad, 0 otherwise; warnings are no failure.

              jadevectordb doctor
              jadevectordb doctor --data-directory /var/lib/jadevectordb
              jadevectordb doctor --no-server
            """)

    @Option(help: ArgumentHelp("Where databases are or will be kept, on this machine.", valueName: "path")) var dataDirectory: String?
    @Flag(help: "Look at this machine only.") var noServer = false
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        var found = MachineDiagnosis.all()
        if let dataDirectory { found += FolderDiagnosis.all(dataDirectory) }
        if !noServer { found += await ServerDiagnosis(server).all() }
        switch output.output {
        case .table: Standard.out(Self.sheet(found))
        case .json: Standard.out(Self.document(found))
        }
        if found.contains(where: { $0.verdict == .bad }) { throw ExitCode(Exit.failed.rawValue) }
    }

    private static func sheet(_ found: [Diagnosis]) -> String {
        found.map { one in
            let mark = switch one.verdict { case .good: "ok  "; case .warning: "warn"; case .bad: "BAD " }
            return "\(mark)  \(one.subject): \(one.finding)" + (one.advice.map { "\n      → \($0)" } ?? "")
        }.joined(separator: "\n")
    }

    private static func document(_ found: [Diagnosis]) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("findings")
        writer.beginArray()
        for one in found {
            writer.beginObject()
            writer.key("verdict"); writer.string(one.verdict.rawValue)
            writer.key("subject"); writer.string(one.subject)
            writer.key("finding"); writer.string(one.finding)
            if let advice = one.advice { writer.key("advice"); writer.string(advice) }
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        return writer.bytes
    }
}
