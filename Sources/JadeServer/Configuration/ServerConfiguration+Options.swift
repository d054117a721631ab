extension ServerConfiguration {
    /// The one list of settings: the file, the environment, the flags and the reference all come from here.
    package static let options: [ConfigurationOption] =
        storageOptions + serverOptions + tlsOptions + securityOptions + issuerOptions + limitOptions + backupOptions + embeddingOptions + [
            .integer(
                "search", "threads", \.search.threads, in: 0...1_024,
                "Threads that answer searches; 0 takes one for each processor."),
            .integer(
                "index", "build_threads", \.index.buildThreads, in: 0...1_024,
                "Threads that build indexes behind the writes; 0 takes one for each processor."),
            .choice(
                "log", "level", \.log.level,
                "The least severe messages that are logged. `debug` adds a line for each request."),
            .choice("log", "format", \.log.format, "Lines for people, or one JSON object a line for machines."),
        ]

    private static let storageOptions: [ConfigurationOption] = [
        .path(
            "storage", "data_directory", \.storage.dataDirectory, mayBeEmpty: false,
            "Where databases are kept. It is created when missing; one server at a time may use it."),
        .integer(
            "storage", "sqlite_wal_checkpoint_interval", \.storage.checkpointInterval, in: 1...1_000_000,
            "Transactions after which a shard is checkpointed: fewer make restarts after a crash shorter, more make writes "
                + "cheaper. A checkpoint comes earlier by checkpoint_bytes or checkpoint_interval_sec."),
        .integer(
            "storage", "checkpoint_bytes", \.storage.checkpointBytes, in: 1 << 20...1 << 40,
            "Bytes of log after which a shard is checkpointed: what a start after a crash reads and applies at most, besides "
                + "one group of writes."),
        .integer(
            "storage", "checkpoint_interval_sec", \.storage.checkpointIntervalSeconds, in: 1...86_400,
            "Seconds after which a shard that was written to is checkpointed."),
        .integer(
            "storage", "vector_sync_interval_sec", \.storage.vectorSyncIntervalSeconds, in: 1...3_600,
            "Seconds between two syncs to disk while vector_sync_on_write is off: what a power cut may cost. A killed "
                + "process loses nothing either way."),
        .toggle(
            "storage", "vector_sync_on_write", \.storage.vectorSyncOnWrite,
            "Sync to disk before a write is acknowledged: a power cut then loses nothing, and each write waits for the disk."),
        .integer(
            "storage", "memory_limit_bytes", \.storage.memoryLimitBytes, in: 0...1 << 50,
            "Memory that databases, writes, searches and request bodies may hold together, in bytes; what does not fit is refused "
                + "with the numbers. 0 takes four fifths of what the machine, or the process's control group, has."),
    ]

    private static let serverOptions: [ConfigurationOption] = [
        .host(
            "server", "host", \.server.host,
            "The address to listen on. Any other than this machine's own (127.0.0.1, ::1, localhost) takes TLS, or "
                + "allow_unencrypted_network."),
        .toggle(
            "server", "allow_unencrypted_network", \.server.allowsUnencryptedNetwork,
            "Listen on a network without TLS: whoever can listen there reads passwords, keys and data. For a network that is private "
                + "as a whole, or behind a proxy that does the encryption."),
        .integer("server", "port", \.server.port, in: 0...65_535, "The TCP port to listen on; 0 lets the system choose one."),
        .path(
            "server", "port_file", \.server.portFile, mayBeEmpty: true,
            "A file to write the port to once the server listens, for programs that start it with port 0."),
        .integer(
            "server", "grpc_port", \.server.grpcPort, in: -1...65_535,
            "The TCP port on which the same databases are served over gRPC (docs/grpc.md); 0 lets the system choose one, -1 serves "
                + "HTTP only. The limits of HTTP requests hold for gRPC calls too."),
        .path(
            "server", "grpc_port_file", \.server.grpcPortFile, mayBeEmpty: true,
            "A file to write the gRPC port to once the server listens on it."),
        .integer(
            "server", "max_body_bytes", \.server.maximumBodyBytes, in: 1_024...1 << 32,
            "The largest request body, in bytes; a larger one is answered with 413. Each request may take this much memory."),
        .integer(
            "server", "max_buffered_bytes", \.server.maximumBufferedBytes, in: 1_024...1 << 40,
            "Bytes of bodies that all requests under way may hold together; one that comes on top is answered with 429."),
        .integer(
            "server", "max_header_bytes", \.server.maximumHeaderBytes, in: 1_024...1 << 20,
            "The largest request head, in bytes; a larger one is answered with 431."),
        .integer(
            "server", "max_connections", \.server.maximumConnections, in: 1...1_000_000,
            "Connections served at a time; more wait to be accepted."),
        .integer(
            "server", "request_timeout_sec", \.server.requestTimeoutSeconds, in: 1...86_400,
            "Seconds within which a request must have arrived, and a client must take some of its answer; a slower one is "
                + "answered with 408 and closed."),
        .integer(
            "server", "idle_timeout_sec", \.server.idleTimeoutSeconds, in: 1...86_400,
            "Seconds after which a connection without a request is closed."),
        .integer(
            "server", "shutdown_timeout_sec", \.server.shutdownTimeoutSeconds, in: 1...3_600,
            "Seconds that requests under way have to finish once the server was told to stop."),
    ]

    private static let backupOptions: [ConfigurationOption] = [
        ConfigurationOption(
            section: "backup", name: "targets",
            expected: "name=place pairs with commas between them, or nothing; a place is a directory or s3+https://host/bucket/prefix?region=name",
            summary: "Where backups may go, by the names that requests use. The keys of a bucket come from the environment alone: "
                + "JADEVECTORDB_BACKUP_<NAME>_ACCESS_KEY and JADEVECTORDB_BACKUP_<NAME>_SECRET_KEY, otherwise AWS_ACCESS_KEY_ID and "
                + "AWS_SECRET_ACCESS_KEY."
        ) {
            $0.backup.targets.map { "\($0.name)=\($0.text)" }.joined(separator: ",")
        } assign: { configuration, text in
            guard let places = BackupPlace.list(text) else { return false }
            configuration.backup.targets = places
            return true
        },
        .integer(
            "backup", "bytes_per_second", \.backup.bytesPerSecond, in: 0...1 << 40,
            "What one backup or its verification reads in a second, so that searches beside it stay quick; 0 does not limit it."),
    ]
}
