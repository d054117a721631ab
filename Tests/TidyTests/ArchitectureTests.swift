import Foundation
import Testing

@Suite("The picture of the components is Package.swift's")
struct ArchitectureTests {
    static let page = "docs/architecture.md"
    private static let begin = "<!-- components: written by ArchitectureTests -->"
    private static let end = "<!-- /components -->"

    /// With `JADE_RENDER=1` the picture is drawn instead of compared.
    @Test func components() throws {
        let text = try Repository.text(Self.page)
        let start = try #require(text.firstRange(of: Self.begin)).upperBound
        let stop = try #require(text.firstRange(of: Self.end)).lowerBound
        let drawn = "\n" + Self.drawing(try Manifest(Repository.text("Package.swift"))) + "\n"
        if ProcessInfo.processInfo.environment["JADE_RENDER"] == "1" {
            let whole = text[..<start] + drawn + text[stop...]
            try String(whole).write(to: Repository.root.appendingPathComponent(Self.page), atomically: true, encoding: .utf8)
        } else {
            #expect(text[start..<stop] == drawn, "run the tests once with JADE_RENDER=1 and commit \(Self.page)")
        }
    }

    /// A Mermaid flowchart of all targets but tests, without arrows that follow from others.
    private static func drawing(_ manifest: Manifest) -> String {
        let support = Set(manifest.targets.filter { $0.name.hasPrefix("JadeTest") || $0.name == "CJadeRecordingVFS" }.map(\.name))
        let targets = manifest.targets.filter { !$0.isTest && !support.contains($0.name) }
        let names = Set(targets.map(\.name))
        let uses = Dictionary(uniqueKeysWithValues: targets.map { ($0.name, Set($0.dependencies).intersection(names)) })
        /// What a target reaches through those that it uses.
        func beyond(_ name: String) -> Set<String> {
            (uses[name] ?? []).reduce(into: []) { found, next in found.formUnion(uses[next] ?? []); found.formUnion(beyond(next)) }
        }
        var lines = ["```mermaid", "flowchart BT"]
        for target in targets { lines.append("    \(target.name)[\"\(target.name)\"]") }
        for target in targets {
            let implied = beyond(target.name)
            for used in (uses[target.name] ?? []).subtracting(implied).sorted() { lines.append("    \(target.name) --> \(used)") }
        }
        return (lines + ["```"]).joined(separator: "\n")
    }
}
