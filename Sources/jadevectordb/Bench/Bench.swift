import ArgumentParser

struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measures an index, the engine or a server on your own vectors.",
        subcommands: [BenchIndex.self, BenchBatch.self, BenchFilter.self, BenchEngine.self, BenchServer.self, BenchDurability.self])
}
