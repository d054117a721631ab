import JadeCore

/// All settings of a server. The initial values here are the defaults; ``options`` says under which names each is
/// reached from the file, the environment and the command line.
package struct ServerConfiguration: Sendable, Hashable {
    package var storage = Storage()
    package var server = Listener()
    package var search = Search()
    package var index = Index()
    package var backup = Backup()
    package var log = Log()

    package init() {}

    package struct Storage: Sendable, Hashable {
        package var dataDirectory = "/var/lib/jadevectordb"
        /// Transactions between two checkpoints.
        package var checkpointInterval = 1_000
        package var checkpointIntervalSeconds = 300
        /// Bytes of log between two checkpoints.
        package var checkpointBytes = 256 << 20
        package var vectorSyncIntervalSeconds = 5
        /// Whether a write is synced to disk before it is acknowledged.
        package var vectorSyncOnWrite = false
        /// Held by databases, writes, searches and bodies together; 0 takes four fifths of what there is.
        package var memoryLimitBytes = 0
    }

    package struct Listener: Sendable, Hashable {
        package var host = "127.0.0.1"
        /// 0 lets the system choose a free one.
        package var port = 8080
        /// Where the bound port is written once the server listens; empty writes nothing.
        package var portFile = ""
        /// The port of the gRPC door: 0 lets the system choose a free one, -1 opens none.
        package var grpcPort = -1
        /// Where that port is written once the server listens; empty writes nothing.
        package var grpcPortFile = ""
        package var maximumBodyBytes = Limits.defaultMaximumBodyBytes
        /// Of all requests under way together.
        package var maximumBufferedBytes = 1 << 30
        package var maximumHeaderBytes = 32 * 1024
        package var maximumConnections = 10_000
        package var requestTimeoutSeconds = 60
        package var idleTimeoutSeconds = 75
        package var shutdownTimeoutSeconds = 30
    }

    package struct Search: Sendable, Hashable {
        /// 0 takes one for each processor.
        package var threads = 0
    }

    package struct Index: Sendable, Hashable {
        /// 0 takes one for each processor.
        package var buildThreads = 0
    }

    package struct Backup: Sendable, Hashable {
        package var targets: [BackupPlace] = []
        /// What one backup reads in a second; 0 does not limit.
        package var bytesPerSecond = 64 << 20
    }

    package struct Log: Sendable, Hashable {
        package enum Level: String, Sendable, CaseIterable {
            case trace, debug, info, notice, warning, error, critical
        }

        package enum Format: String, Sendable, CaseIterable {
            case text, json
        }

        package var level = Level.info
        package var format = Format.text
    }
}
