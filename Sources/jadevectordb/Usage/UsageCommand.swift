import ArgumentParser
import JadeAPI
import JadeClient
import JadeCore

struct UsageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "usage",
        abstract: "What you take of a server and may take: requests, vectors, bytes, searches.",
        discussion: """
            Counted since the server's start.

              jadevectordb usage
              jadevectordb usage --all
            """)

    @OptionGroup var whose: WhoseOptions
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let reports = try await server.withClient { try await $0.usage(of: whose.whose) }
        output.show(
            reports, empty: "nothing was taken yet",
            [
                ("kind", .left), ("name", .left), ("requests", .right), ("refused", .right), ("vectors", .right), ("bytes", .right),
                ("searches", .right), ("running", .right), ("limits", .left),
            ]
        ) { report in
            let totals = report.totals
            return [
                report.subject.kind.rawValue, report.name, Numbers.grouped(totals.requests), Numbers.grouped(totals.refused),
                Numbers.grouped(totals.vectors), Numbers.bytes(totals.bytes), Numbers.grouped(totals.searches),
                Numbers.grouped(report.runningSearches), report.limits.summary + (report.quota == nil ? "" : ", its own"),
            ]
        }
    }
}

extension Quota {
    fileprivate var summary: String {
        func part(_ value: Int?, _ unit: String) -> String? { (value ?? 0) > 0 ? "\(Numbers.grouped(value ?? 0)) \(unit)" : nil }
        let parts = [
            part(requestsPerSecond, "requests/s"), part(vectorsPerSecond, "vectors/s"), part(bytesPerSecond, "bytes/s"),
            part(concurrentSearches, "searches at a time"),
        ].compactMap { $0 }
        return parts.isEmpty ? "none" : parts.joined(separator: ", ")
    }
}
