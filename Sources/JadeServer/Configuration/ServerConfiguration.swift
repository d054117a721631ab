import JadeCore
package import JadeEmbedding

/// All settings of a server. The initial values here are the defaults; ``options`` says under which names each is
/// reached from the file, the environment and the command line.
package struct ServerConfiguration: Sendable, Hashable {
    package var storage = Storage()
    package var server = Listener()
    package var search = Search()
    package var index = Index()
    package var backup = Backup()
    package var embedding = Embedding()
    package var tls = TLS()
    package var security = Security()
    package var limits = Quotas()
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
        /// Whether passwords, keys and data may cross a network that anybody can listen to.
        package var allowsUnencryptedNetwork = false
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

    package struct Embedding: Sendable, Hashable {
        package var providers: [EmbeddingProvider] = []
        package var settings = EmbeddingSettings()
    }

    package struct TLS: Sendable, Hashable {
        /// PEM files; without a certificate there is no TLS.
        package var certificate = ""
        package var key = ""
        package var clientAuthority = ""
        package var requiresClientCertificate = false

        package init(certificate: String = "", key: String = "", clientAuthority: String = "", requiresClientCertificate: Bool = false) {
            self.certificate = certificate
            self.key = key
            self.clientAuthority = clientAuthority
            self.requiresClientCertificate = requiresClientCertificate
        }

        package var isOn: Bool { !certificate.isEmpty }
        var files: [String] { [certificate, key, clientAuthority].filter { !$0.isEmpty } }
    }

    package struct Security: Sendable, Hashable {
        package enum Environment: String, Sendable, CaseIterable {
            case production, development
        }

        package var environment = Environment.production
        /// Without it everybody may do everything.
        package var requiresLogin = true
        package var bcryptCost = 12
        package var minimumPasswordLength = 10
        package var accessTokenSeconds = 15 * 60
        package var idleTimeoutSeconds = 12 * 3_600
        package var sessionSeconds = 7 * 86_400
        package var recordsDataOperations = false
        package var auditDays = 365
        package var auditBytes = 1 << 30
        package var issuer = Issuer()
    }

    /// What one key, user or database may take; 0 is no limit.
    package struct Quota: Sendable, Hashable {
        package var requestsPerSecond = 0
        package var vectorsPerSecond = 0
        package var bytesPerSecond = 0
        package var concurrentSearches = 0
    }

    package struct Quotas: Sendable, Hashable {
        package var key = Quota()
        package var user = Quota()
        package var database = Quota()
        package var failuresPerSecond = 20
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
