import Testing

@Suite("Words that have no place in the code")
struct BannedWordTests {
    /// Time, randomness and files reach the engine through JadeIO, so that tests can replace them. The programs around it
    /// stand at the outside and may ask the system.
    static let worldWords = [
        "Date()", "ContinuousClock.now", "ContinuousClock().now", "SuspendingClock", "SystemRandomNumberGenerator", "FileManager",
        ".randomElement()", ".shuffled()",
    ]
    static let outside: Set<String> = ["JadeIO", "JadeServer", "JadeClient", "JadeGRPCClient", "jadevectordb"]

    @Test("the engine asks nobody for the time, chance or files")
    func world() throws {
        for file in try Repository.swiftSources() where !Self.outside.contains(String(file.components[1])) {
            for (number, line) in CodeText(file.text).lines.enumerated() {
                for word in Self.worldWords where line.contains(word) {
                    Issue.record("\(file.path):\(number + 1) uses \(word)")
                }
                if line.contains(".random(in:"), !line.contains("using:") {
                    Issue.record("\(file.path):\(number + 1) draws from the system's randomness")
                }
            }
        }
    }

    @Test("unchecked sendability states the invariant that makes it true")
    func uncheckedSendable() throws {
        for file in try Repository.swiftSources() + Repository.swiftTests() {
            let code = CodeText(file.text).lines
            let source = file.lines
            for (number, line) in code.enumerated() where line.contains("@unchecked Sendable") {
                var above = number - 1
                while above >= 0, source[above].drop(while: \.isWhitespace).hasPrefix("@") { above -= 1 }
                let comment = above >= 0 && source[above].drop(while: \.isWhitespace).hasPrefix("//")
                #expect(comment, "\(file.path):\(number + 1) has no comment above")
            }
        }
    }

    @Test("no flags that keep others from depending on the package")
    func unsafeFlags() throws {
        #expect(!CodeText(try Repository.text("Package.swift")).text.contains("unsafeFlags"))
    }

    /// `make run` and `make test` share one build; a testable import would need another one.
    @Test("tests see what is public or package")
    func testableImports() throws {
        for file in try Repository.swiftTests() {
            let code = CodeText(file.text).text
            #expect(!code.contains("@testable"), "\(file.path)")
            #expect(!code.contains(#/import\s+XCTest/#), "\(file.path)")
        }
    }

    @Test("no path of the machine it was written on")
    func machinePaths() throws {
        let kinds: Set<String> = [
            "swift", "c", "h", "cpp", "md", "sh", "py", "conf", "json", "yml", "yaml", "txt", "modulemap", "cmake",
        ]
        let paths = #/(?:^|[\s"'`(=:])\/(?:work|home|Users|root)\/[\w.]/#.anchorsMatchLineEndings()
        for file in try Repository.files(extensions: kinds) {
            for match in file.text.matches(of: paths) { Issue.record("\(file.path) holds \(match.0.debugDescription)") }
        }
    }
}
