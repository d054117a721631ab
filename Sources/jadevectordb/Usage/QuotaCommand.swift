import ArgumentParser
import JadeAPI
import JadeClient
import JadeCore

struct QuotaCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quota",
        abstract: "Limits of single keys, users and databases.",
        discussion: """
            What is beyond a limit is answered with 429 and the seconds to wait. jadevectordb usage --all shows what holds for whom.

              jadevectordb quota set --user ann --requests-per-sec 100 --concurrent-searches 4
              jadevectordb quota remove --user ann
            """,
        subcommands: [QuotaSet.self, QuotaRemove.self])
}

/// One key, user or database.
struct QuotaSubjectOptions: ParsableArguments {
    @Option(help: "Name or id of a user.") var user: String?
    @Option(help: "Id of an API key.") var key: String?
    @Option(help: "Name or id of a database.") var database: String?

    private var given: [(kind: UsageSubject.Kind, name: String)] {
        let options: [(UsageSubject.Kind, String?)] = [(.user, user), (.key, key), (.database, database)]
        return options.compactMap { kind, name in name.map { (kind, $0) } }
    }

    mutating func validate() throws {
        guard given.count == 1 else { throw ValidationError("pass one of --user, --key and --database") }
    }

    var kind: UsageSubject.Kind { given[0].kind }
    var name: String { given[0].name }
}

struct QuotaSet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Gives a key, a user or a database limits of its own.",
        discussion: "They take the place of those it had. What is left out is as the server's settings say, 0 does not limit.")

    @OptionGroup var subject: QuotaSubjectOptions
    @Option(help: "Requests in a second, twice as many at once.") var requestsPerSec: Int?
    @Option(help: "Vectors written in a second.") var vectorsPerSec: Int?
    @Option(help: "Bytes of vectors' values written in a second.") var bytesPerSec: Int?
    @Option(help: "Searches at a time.") var concurrentSearches: Int?
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    private var quota: Quota {
        Quota(
            requestsPerSecond: requestsPerSec, vectorsPerSecond: vectorsPerSec, bytesPerSecond: bytesPerSec,
            concurrentSearches: concurrentSearches)
    }

    func validate() throws {
        guard !quota.isEmpty else {
            throw ValidationError("no limit: pass --requests-per-sec, --vectors-per-sec, --bytes-per-sec or --concurrent-searches")
        }
    }

    func run() async throws {
        try await server.withClient { try await $0.setQuota(quota, ofKind: subject.kind, subject.name) }
        output.say("\(subject.kind.rawValue) \(subject.name) has limits of its own", [("limited", subject.name)])
    }
}

struct QuotaRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Takes limits of its own from a key, a user or a database.")

    @OptionGroup var subject: QuotaSubjectOptions
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await server.withClient { try await $0.setQuota(nil, ofKind: subject.kind, subject.name) }
        output.say("\(subject.kind.rawValue) \(subject.name) is limited as the server's settings say", [("removed", subject.name)])
    }
}
