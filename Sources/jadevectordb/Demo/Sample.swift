import Foundation
import JadeCore

/// The vectors that come with the product.
struct Sample: Sendable {
    static let database = "packages"
    /// A package that everybody knows, and a filter that a person would ask for.
    static let favourite = "wireshark"
    static let filterText = #"{"section":"net","installed_size_kib":{"$lt":500}}"#
    private static let rows = "packages.f16.npy"

    let folder: String

    var vectors: String { "\(folder)/\(Self.rows)" }
    var metadata: String { "\(folder)/packages.jsonl.gz" }
    var queries: String { "\(folder)/queries.f16.npy" }

    /// In the folder that was named; otherwise in the repository that one stands in or that the program was built in, or
    /// where a package puts it.
    static func found(at named: String?) throws(JadeError) -> Sample {
        let executable = Bundle.main.executableURL?.resolvingSymlinksInPath()
        let built = executable.map { url in (0..<4).reduce(url) { parent, _ in parent.deletingLastPathComponent() }.path } ?? "."
        let places = named.map { [$0] } ?? ["examples/packages", "\(built)/examples/packages", "/usr/share/jadevectordb/packages"]
        guard let folder = places.first(where: { FileManager.default.fileExists(atPath: "\($0)/\(rows)") }) else {
            throw .notFound("the sample is not in \(places.joined(separator: ", ")): pass --sample with the folder that has \(rows)")
        }
        return Sample(folder: folder)
    }
}
