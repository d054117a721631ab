import ArgumentParser
import JadeAPI
import JadeClient
import JadeCore

struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Asks the server how it is.", discussion: "Exit code 4 means that no server answers.")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let status = try await server.withClient { try await $0.status() }
        switch output.output {
        case .json: Standard.out(JSONOutput.status(status))
        case .table:
            var sheet = Sheet()
            sheet.add("server", server.address)
            sheet.add("version", status.version)
            sheet.add("up for", Numbers.duration(seconds: status.uptimeSeconds))
            sheet.add("databases", status.databaseCount)
            sheet.add("vectors", status.vectorCount)
            sheet.add("kernels", status.simdLevel)
            sheet.add("search threads", status.searchThreads)
            if status.memory.limitBytes > 0 {
                let held = status.memory.databaseBytes + status.memory.writeBytes + status.memory.searchBytes + status.memory.bodyBytes
                sheet.add("memory held", "\(Numbers.bytes(held)) of \(Numbers.bytes(status.memory.limitBytes))")
            }
            Standard.out(sheet.rendered)
        }
    }
}
