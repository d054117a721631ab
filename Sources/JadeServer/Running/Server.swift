import Hummingbird
import HummingbirdCore
package import JadeCore
import JadeGRPC
import JadeREST
import JadeSecurity
package import Logging
import NIOCore
import NIOSSL
import ServiceLifecycle
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A running server: the doors in front of one database.
package final class Server: Sendable {
    private let configuration: ServerConfiguration
    private let logger: Logger
    private let door: RESTDoor
    /// Nil where the configuration has no port for it.
    private let grpcDoor: GRPCDoor?
    private let holder: DatabaseHolder
    private let group: ServiceGroup
    private let listening: Listening
    private let listeningForGRPC: Listening
    private let executor: (any TaskExecutor)?

    package init(_ configuration: ServerConfiguration, serving database: ServedDatabase, logger: Logger) throws(JadeError) {
        let listening = Listening()
        let listeningForGRPC = Listening()
        var settings = configuration.rest
        settings.takeMemory = database.takeMemory
        settings.giveMemoryBack = database.giveMemoryBack
        settings.embeddings = database.embeddings
        settings.isEncrypted = configuration.tls.isOn
        let contexts = configuration.tls.isOn ? try TLSContexts(configuration.tls, protocols: TLSListener.protocols) : nil
        if !configuration.tls.clientAuthority.isEmpty { settings.certificateName = ClientCertificate.name }
        let calls = CallMetrics()
        let grpcDoor = Self.grpcDoor(configuration, database, calls, logger)
        if grpcDoor != nil { settings.otherMetrics = { calls.prometheusLines() } }
        let door = RESTDoor(database.access, settings: settings, logger: logger)
        let grpcContexts = grpcDoor != nil && configuration.tls.isOn ? try TLSContexts(configuration.tls, protocols: ["h2"]) : nil
        let holder = DatabaseHolder(database, logger: logger)
        // The last in the list is stopped first: no request is under way when the database is closed.
        let parts = Self.parts(holder, database.access as? AccessGate, door, contexts, configuration, logger, listening)
            + Self.grpcServices(grpcDoor, grpcContexts, logger, listeningForGRPC)
        var services = ServiceGroupConfiguration(
            services: parts.map { .init(service: $0, successTerminationBehavior: .gracefullyShutdownGroup) },
            logger: Self.quiet(logger))
        services.maximumGracefulShutdownDuration = .seconds(configuration.server.shutdownTimeoutSeconds)
        self.configuration = configuration
        self.logger = logger
        self.door = door
        self.grpcDoor = grpcDoor
        self.holder = holder
        self.group = ServiceGroup(configuration: services)
        self.listening = listening
        self.listeningForGRPC = listeningForGRPC
        executor = database.executor
    }

    /// The port in use, once the server listens; nil when it could not.
    package func port() async -> Int? { await listening.port() }

    /// The port of the gRPC door, once it is open; nil when it is not served or could not listen.
    package func grpcPort() async -> Int? { grpcDoor == nil ? nil : await listeningForGRPC.port() }

    /// Serves until ``stop()`` or the task's cancellation, then answers what is under way and closes the database.
    package func run() async throws(JadeError) {
        defer {
            listening.set(nil)
            listeningForGRPC.set(nil)
        }
        do {
            // Every task of the group inherits the preference, each connection's among them.
            try await withTaskExecutorPreference(executor) { try await group.run() }
        } catch is CancellationError {
            // Stopped from outside: as good as told to.
        } catch {
            throw failure(error)
        }
        if let failure = holder.failure { throw failure }
    }

    private func failure(_ error: any Error) -> JadeError {
        if let error = error as? JadeError { return error }
        guard !listening.isKnown else { return .internal("server stopped: \(error)") }
        let reason = (error as? IOError).map { String(cString: strerror($0.errnoCode)) } ?? "\(error)"
        return .unavailable("cannot listen on \(configuration.server.host):\(configuration.server.port): \(reason)")
    }

    /// Stops accepting requests; ``run()`` returns once those under way are answered and the database is closed.
    package func stop() async {
        door.beginDraining()
        grpcDoor?.beginDraining()
        await group.triggerGracefulShutdown()
    }

    private static func parts(
        _ holder: DatabaseHolder, _ gate: AccessGate?, _ door: RESTDoor, _ contexts: TLSContexts?,
        _ configuration: ServerConfiguration, _ logger: Logger, _ listening: Listening
    ) -> [any Service] {
        var parts: [any Service] = [holder]
        if let gate {
            parts.append(SecurityUpkeep(gate: gate, settings: configuration.security, logger: logger))
            if gate.hasIssuer { parts.append(IssuerKeys(gate: gate, logger: logger)) }
        }
        var builder = door.httpServer
        if let contexts {
            parts.append(TLSReloader(contexts: contexts, logger: logger))
            builder = HTTPServerBuilder { TLSListener(http1: door.channel($0), http2: door.http2Channel($0), contexts: contexts) }
        }
        parts.append(application(door, builder, configuration, logger, listening))
        return parts
    }

    private static func grpcServices(
        _ door: GRPCDoor?, _ contexts: TLSContexts?, _ logger: Logger, _ listening: Listening
    ) -> [any Service] {
        guard let door else { return [] }
        guard let contexts else { return [GRPCListener(door, onListening: { listening.set($0) })] }
        let encrypt: GRPCListener.Preparation = { channel in
            try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: contexts.current))
        }
        return [TLSReloader(contexts: contexts, logger: logger), GRPCListener(door, prepare: encrypt, onListening: { listening.set($0) })]
    }

    private static func grpcDoor(
        _ configuration: ServerConfiguration, _ database: ServedDatabase, _ calls: CallMetrics, _ logger: Logger
    ) -> GRPCDoor? {
        guard configuration.server.grpcPort >= 0 else { return nil }
        var settings = configuration.grpc
        settings.takeMemory = database.takeMemory
        settings.giveMemoryBack = database.giveMemoryBack
        settings.executor = database.executor
        settings.embeddings = database.embeddings
        settings.observe = { calls.record(path: $0, status: $1, microseconds: $2) }
        if !configuration.tls.clientAuthority.isEmpty { settings.certificateName = ClientCertificate.name }
        return GRPCDoor(database.access, settings: settings, logger: logger)
    }

    private static func application(
        _ door: RESTDoor, _ builder: HTTPServerBuilder, _ configuration: ServerConfiguration, _ logger: Logger, _ listening: Listening
    ) -> any Service {
        let server = configuration.server
        return Application(
            responder: door,
            server: builder,
            configuration: ApplicationConfiguration(
                address: .hostname(server.host, port: server.port),
                backlog: 1_024,
                availableConnectionsDelegate: MaximumAvailableConnections(server.maximumConnections, logger: quiet(logger))),
            onServerRunning: { channel in
                let port = channel.localAddress?.port ?? server.port
                logger.info("listening", metadata: ["host": "\(server.host)", "port": "\(port)"])
                listening.set(port)
            },
            logger: quiet(logger))
    }

    /// What libraries say is of interest only when something is wrong.
    private static func quiet(_ logger: Logger) -> Logger {
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        return quiet
    }
}

extension ServerConfiguration {
    /// What the REST door needs of it.
    var rest: RESTSettings {
        var settings = RESTSettings()
        settings.maximumBodyBytes = server.maximumBodyBytes
        settings.maximumBufferedBytes = server.maximumBufferedBytes
        settings.maximumHeaderBytes = server.maximumHeaderBytes
        settings.requestTimeout = .seconds(Int64(server.requestTimeoutSeconds))
        settings.idleTimeout = .seconds(Int64(server.idleTimeoutSeconds))
        settings.instance = String(UInt32.random(in: 0x1000_0000 ... .max), radix: 16)
        return settings
    }

    /// What the gRPC door needs of it.
    var grpc: GRPCSettings {
        var settings = GRPCSettings()
        settings.host = server.host
        settings.port = server.grpcPort
        settings.maximumMessageBytes = server.maximumBodyBytes
        settings.maximumBufferedBytes = server.maximumBufferedBytes
        settings.maximumHeaderBytes = server.maximumHeaderBytes
        settings.maximumConnections = server.maximumConnections
        settings.requestTimeout = .seconds(Int64(server.requestTimeoutSeconds))
        settings.idleTimeout = .seconds(Int64(server.idleTimeoutSeconds))
        settings.instance = rest.instance
        return settings
    }
}
