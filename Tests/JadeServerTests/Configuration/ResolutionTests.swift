import JadeCore
import JadeServer
import Testing

@Suite("Settings are resolved from flags, environment, file and defaults")
struct ResolutionTests {
    @Test("the stronger source wins")
    func precedence() throws {
        let file = try IniFile("[server]\nport=1001\nhost=file\nidle_timeout_sec=11\n", path: "t.conf")
        let environment = ["JADEVECTORDB_SERVER_PORT": "1002", "JADEVECTORDB_SERVER_HOST": "environment"]
        let resolved = try ServerConfiguration(
            resolving: .init(file: file, environment: environment, flags: ["port": "1003"]))
        #expect(resolved.server.port == 1003)
        #expect(resolved.server.host == "environment")
        #expect(resolved.server.idleTimeoutSeconds == 11)
        #expect(resolved.server.requestTimeoutSeconds == ServerConfiguration().server.requestTimeoutSeconds)
    }

    @Test("the seed's keys are read as the seed wrote them")
    func seedKeys() throws {
        let text = """
            [storage]
            data_directory=/var/lib/jadevectordb
            sqlite_wal_checkpoint_interval=1000
            vector_sync_interval_sec=5
            vector_sync_on_write=false  # true for immediate durability
            """
        let resolved = try ServerConfiguration(resolving: .init(file: try IniFile(text, path: "t.conf")))
        #expect(resolved == ServerConfiguration())
        let changed = text.replacing("=1000", with: "=7").replacing("=5", with: "=9").replacing("=false", with: "=true")
            .replacing("/var/lib/jadevectordb", with: "\"/tmp/a # b\"")
        let other = try ServerConfiguration(resolving: .init(file: try IniFile(changed, path: "t.conf"))).storage
        #expect(other.checkpointInterval == 7 && other.vectorSyncIntervalSeconds == 9 && other.vectorSyncOnWrite)
        #expect(other.dataDirectory == "/tmp/a # b")
    }

    @Test("every option is reached from every source", arguments: ServerConfiguration.options.map(\.key))
    func everyOption(key: String) throws {
        let option = try #require(ServerConfiguration.options.first { $0.key == key })
        let value = try #require(Self.others.first { candidate in
            var configuration = ServerConfiguration()
            return option.assign(&configuration, candidate) && option.text(configuration) != option.defaultText
        })
        let file = try IniFile("[\(option.section)]\n\(option.name) = \(value)\n", path: "t.conf")
        for sources in [
            ServerConfiguration.Sources(file: file), .init(environment: [option.environmentName: value]),
            .init(flags: [option.flagName: value]),
        ] {
            let resolved = try ServerConfiguration(resolving: sources)
            #expect(option.text(resolved) == value)
            #expect(resolved != ServerConfiguration())
        }
    }

    /// One of these differs from the default of any option and is acceptable to it.
    static let others = ["development", "true", "false", "17", "4097", "2097152", "json", "debug", "elsewhere", "local=/backups"]

    @Test("names are unique")
    func uniqueNames() {
        let options = ServerConfiguration.options
        #expect(Set(options.map(\.key)).count == options.count)
        #expect(Set(options.map(\.flagName)).count == options.count)
        #expect(Set(options.map(\.environmentName)).count == options.count)
    }

    @Test("a default satisfies its own option", arguments: ServerConfiguration.options.map(\.key))
    func defaultsFit(key: String) throws {
        let option = try #require(ServerConfiguration.options.first { $0.key == key })
        var configuration = ServerConfiguration()
        #expect(option.assign(&configuration, option.defaultText))
        #expect(configuration == ServerConfiguration())
    }
}

@Suite("Wrong settings are refused with their place")
struct WrongSettingsTests {
    private func message(_ sources: ServerConfiguration.Sources) -> String? {
        do {
            _ = try ServerConfiguration(resolving: sources)
            return nil
        } catch {
            return error.description
        }
    }

    private func message(ini text: String) -> String? {
        do {
            return message(.init(file: try IniFile(text, path: "t.conf")))
        } catch {
            return error.description
        }
    }

    @Test("in the file")
    func file() {
        #expect(
            message(ini: "\n[server]\nprot=1\n") == "invalid_argument: t.conf:3: unknown key server.prot, did you mean server.port")
        #expect(message(ini: "[storage]\nbananas=1\n") == "invalid_argument: t.conf:2: unknown key storage.bananas")
        #expect(
            message(ini: "[server]\nport = many\n")
                == "invalid_argument: t.conf:2: server.port is \"many\", expected an integer from 0 to 65535")
        #expect(message(ini: "port=1\n") == "invalid_argument: t.conf:1: key port stands before any [section]")
        #expect(message(ini: "[server]\nport\n") == "invalid_argument: t.conf:2: expected key = value, found \"port\"")
        #expect(message(ini: "[server\n") == "invalid_argument: t.conf:1: \"[server\" is not a heading such as [server]")
        #expect(
            message(ini: "[server]\nport=1\n\nport=2\n") == "invalid_argument: t.conf:4: key server.port was given on line 2 already")
    }

    @Test("in the environment and in flags")
    func elsewhere() {
        #expect(
            message(.init(environment: ["JADEVECTORDB_LOG_FORMAT": "xml"]))
                == "invalid_argument: environment variable JADEVECTORDB_LOG_FORMAT: log.format is \"xml\", expected one of text, json")
        #expect(
            message(.init(flags: ["vector-sync-on-write": "maybe"]))
                == "invalid_argument: flag --vector-sync-on-write: storage.vector_sync_on_write is \"maybe\", expected true or false")
        #expect(message(.init(flags: ["potr": "1"])) == "invalid_argument: unknown flag --potr, did you mean --port")
        #expect(message(.init(environment: ["PATH": "x", "JADEVECTORDB_UNRELATED": "y"])) == nil)
    }

    @Test("a file that is named must exist")
    func missingFile() {
        #expect(throws: JadeError.invalidArgument("configuration file /nonexistent/x.conf does not exist")) {
            try ServerConfiguration.load(file: "/nonexistent/x.conf", environment: [:])
        }
        #expect(throws: JadeError.invalidArgument("configuration file /nonexistent/y.conf does not exist")) {
            try ServerConfiguration.load(environment: ["JADEVECTORDB_CONFIG": "/nonexistent/y.conf"])
        }
    }
}
