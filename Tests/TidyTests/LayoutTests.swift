import Testing

@Suite("The repository's layout")
struct LayoutTests {
    static let topLevel: Set<String> = [
        ".ci", ".gitignore", ".github", ".swift-format", "Benchmarks", "CHANGELOG.md", "CSources", "CONTRIBUTING.md", "LICENSE",
        "Makefile", "Package.resolved", "Package.swift", "README.md", "Sources", "Tests", "clients", "cmake", "config", "deploy", "docs", "examples",
        "proto", "scripts",
    ]

    @Test("the top level holds little")
    func top() throws {
        for name in try Repository.topLevel() { #expect(Self.topLevel.contains(name), "\(name) at the top level") }
    }

    @Test("the README opens with the two commands")
    func readme() throws {
        let opening = try Repository.text("README.md").split(separator: "\n").prefix(12).joined(separator: "\n")
        #expect(opening.contains("make run") && opening.contains("make test"))
    }

    @Test("continuous integration runs what everybody runs")
    func continuousIntegration() throws {
        #expect(try Repository.text(".ci/run").contains(#/\bmake test\b/#))
    }

    @Test("the changelog has its shape")
    func changelog() throws {
        let lines = try Repository.text("CHANGELOG.md").split(separator: "\n").map(String.init)
        #expect(lines.first == "# Changelog")
        let releases = lines.filter { $0.hasPrefix("## ") }
        #expect(!releases.isEmpty)
        for release in releases {
            #expect(release.wholeMatch(of: #/## (?:Unreleased|\d+\.\d+\.\d+ · \d{4}-\d{2}-\d{2})/#) != nil, "\(release)")
        }
        for section in lines.filter({ $0.hasPrefix("### ") }) {
            #expect(["### Added", "### Changed", "### Fixed", "### Removed", "### Security"].contains(section), "\(section)")
        }
    }
}
