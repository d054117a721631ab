/// The targets of Package.swift in their order, read from its text.
struct Manifest {
    struct Target {
        let name: String
        let dependencies: [String]
        let isTest: Bool
    }

    let targets: [Target]

    init(_ text: String) throws {
        let code = text.split(separator: "\n").map(Self.withoutComment).joined(separator: "\n")
        // Products have `targets:` too: the package's own list is the one that opens a line.
        guard let list = code.ranges(of: #/\n    targets:\s*\[/#).last else { throw ManifestError.noTargets }
        targets = code[list.upperBound...].matches(of: Self.declaration).map { match in
            Target(
                name: String(match.name),
                dependencies: (match.dependencies ?? "").matches(of: #/"([^"]+)"/#).map { String($0.1) },
                isTest: match.kind == "tests" || match.kind == ".testTarget")
        }
    }

    /// The `//` of an address begins no comment.
    private static func withoutComment(_ line: Substring) -> Substring {
        let comment = line.ranges(of: "//").first { $0.lowerBound == line.startIndex || line[line.index(before: $0.lowerBound)] != ":" }
        return comment.map { line[..<$0.lowerBound] } ?? line
    }

    private static var declaration: Regex<(Substring, kind: Substring, name: Substring, dependencies: Substring?)> {
        #/(?<kind>\blibrary|\btests|\bsystem|\.target|\.executableTarget|\.testTarget|\.systemLibrary)\(\s*(?:name:\s*)?"(?<name>[A-Za-z0-9]+)"(?:\s*,\s*(?:dependencies:\s*)?\[(?<dependencies>[^\]]*)\])?/#
    }

    subscript(_ name: String) -> Target? { targets.first { $0.name == name } }
}

enum ManifestError: Error {
    case noTargets
}
