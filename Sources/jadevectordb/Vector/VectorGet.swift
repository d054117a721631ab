import ArgumentParser
import JadeAPI
import JadeClient
import JadeCore

struct VectorGet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get", abstract: "Prints vectors by their ids.", discussion: "Fails with exit code 3 when one of them does not exist.")

    @Argument(help: "Name or id of the database.") var database: String
    @Argument(help: "Ids of the vectors.") var ids: [IDArgument]
    @Flag(help: "Print the values too.") var includeValues = false
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let parts: VectorParts = includeValues ? [.values, .metadata] : .metadata
        let found = try await server.withClient { try await $0.vectors(ids.map(\.id), in: database, parts: parts) }
        switch output.output {
        case .json: for vector in found { Standard.out(JSONOutput.vector(vector)) }
        case .table: if !found.isEmpty { show(found) }
        }
        let missing = ids.map(\.id).filter { id in !found.contains { $0.id == id } }
        guard missing.isEmpty else {
            throw JadeError.notFound("database \(database) has no vector \(missing.map(\.text).joined(separator: ", "))")
        }
    }

    private func show(_ vectors: [StoredVector]) {
        var table = Table([("id", .left)] + (includeValues ? [("values", .left)] : []) + [("metadata", .left)])
        for vector in vectors {
            let values = includeValues ? [Shown.values(vector.values ?? [])] : []
            table.add([vector.id.text] + values + [Shown.metadata(vector.metadata ?? [:])])
        }
        Standard.out(table.rendered(width: Standard.width))
    }
}
