import ArgumentParser

struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measures an index, or a server, on your own vectors.",
        subcommands: [BenchIndex.self, BenchServer.self])
}
