import ArgumentParser

struct VectorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vector", abstract: "Gets, deletes and counts vectors.",
        discussion: """
              jadevectordb vector get packages wireshark --include-values
              jadevectordb vector count packages --filter '{"section":"net"}'
              jadevectordb vector delete packages wireshark tcpdump
            """,
        subcommands: [VectorGet.self, VectorDelete.self, VectorCount.self])
}
