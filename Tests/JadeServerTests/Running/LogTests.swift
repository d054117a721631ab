import JadeCore
import JadeServer
import Logging
import Synchronization
import Testing

@Suite("Log lines")
struct LogTests {
    private final class Lines: Sendable {
        let all = Mutex<[String]>([])
    }

    private func log(_ format: ServerConfiguration.Log.Format, _ level: ServerConfiguration.Log.Level = .info, _ write: (Logger) -> Void) -> [String] {
        let lines = Lines()
        var settings = ServerConfiguration().log
        settings.format = format
        settings.level = level
        write(Logger(label: "test") { LineLogHandler(label: $0, settings) { line in lines.all.withLock { $0.append(line) } } })
        return lines.all.withLock { $0 }
    }

    @Test("for people")
    func text() throws {
        let lines = log(.text) { logger in
            logger.info("listening", metadata: ["port": "80", "host": "two words"])
            logger.debug("unheard")
        }
        #expect(lines.count == 1)
        let line = try #require(lines.first)
        #expect(line.wholeMatch(of: #/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z info     listening host="two words" port=80\n/#) != nil, "\(line)")
    }

    @Test("for machines: one JSON object a line, whatever is in it")
    func json() throws {
        let lines = log(.json, .debug) { logger in
            logger.debug("a \"quoted\"\nline\u{1}", metadata: ["k\\": "v\t"])
        }
        let line = try #require(lines.first)
        #expect(line.hasSuffix("}\n") && line.count(where: { $0 == "\n" }) == 1)
        let document = try JSONDocument(line)
        #expect(document["level"] == "debug" && document["logger"] == "test")
        #expect(document["message"] == "a \"quoted\"\nline\u{1}" && document["k\\"] == "v\t")
    }
}
