import Foundation
import JadeServer
import Testing

@Suite("The committed reference is what the options render to")
struct ReferenceTests {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// With `JADE_RENDER=1` the files are written instead of compared.
    private func check(_ path: String, _ rendered: String) throws {
        let url = Self.root.appending(path: path)
        if ProcessInfo.processInfo.environment["JADE_RENDER"] == "1" {
            try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try rendered.write(to: url, atomically: true, encoding: .utf8)
        }
        let committed = try String(contentsOf: url, encoding: .utf8)
        #expect(committed == rendered, "run the tests once with JADE_RENDER=1 and commit \(path)")
    }

    @Test func sampleFile() throws { try check("config/jadevectordb.conf", ConfigurationReference.sampleFile()) }

    @Test func manualPage() throws { try check("docs/configuration.md", ConfigurationReference.manualPage()) }

    @Test("the sample file is valid and says what holds without it")
    func sampleIsDefault() throws {
        let file = try IniFile(ConfigurationReference.sampleFile(), path: "sample")
        #expect(file.entries.count == ServerConfiguration.options.count)
        #expect(try ServerConfiguration(resolving: .init(file: file)) == ServerConfiguration())
    }
}
