import Testing

@Suite("Files and functions stay small")
struct SizeTests {
    static let maximumFileLines = 800
    static let maximumFunctionLines = 70

    @Test("files")
    func files() throws {
        let all = try Repository.swiftSources() + Repository.swiftTests() + Repository.cSources()
        #expect(all.count > 30)
        for file in all where !file.isGenerated {
            #expect(file.lines.count <= Self.maximumFileLines, "\(file.path) has \(file.lines.count) lines")
        }
    }

    @Test("functions")
    func functions() throws {
        for file in try Repository.swiftSources() + Repository.swiftTests() where !file.isGenerated {
            check(FunctionScan.swift(file.text), in: file)
        }
        for file in try Repository.cSources() { check(FunctionScan.c(file.text), in: file) }
    }

    private func check(_ functions: [ScannedFunction], in file: Repository.File) {
        for function in functions {
            #expect(
                function.lineCount <= Self.maximumFunctionLines,
                "\(file.path):\(function.line) \(function.name) has \(function.lineCount) lines")
        }
    }
}
