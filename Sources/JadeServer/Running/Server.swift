import Hummingbird
import HummingbirdCore
package import JadeCore
import JadeREST
import JadeSecurity
package import Logging
import NIOCore
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
    private let holder: DatabaseHolder
    private let group: ServiceGroup
    private let listening: Listening
    private let executor: (any TaskExecutor)?

    package init(_ configuration: ServerConfiguration, serving database: ServedDatabase, logger: Logger) throws(JadeError) {
        let listening = Listening()
        var settings = configuration.rest
        settings.takeMemory = database.takeMemory
        settings.giveMemoryBack = database.giveMemoryBack
        settings.embeddings = database.embeddings
        settings.isEncrypted = configuration.tls.isOn
        let contexts = configuration.tls.isOn ? try TLSContexts(configuration.tls) : nil
        if !configuration.tls.clientAuthority.isEmpty { settings.certificateName = ClientCertificate.name }
        let door = RESTDoor(database.access, settings: settings, logger: logger)
        let holder = DatabaseHolder(database, logger: logger)
        // The last in the list is stopped first: no request is under way when the database is closed.
        let parts = Self.parts(holder, database.access as? AccessGate, door, contexts, configuration, logger, listening)
        var services = ServiceGroupConfiguration(
            services: parts.map { .init(service: $0, successTerminationBehavior: .gracefullyShutdownGroup) },
            logger: Self.quiet(logger))
        services.maximumGracefulShutdownDuration = .seconds(configuration.server.shutdownTimeoutSeconds)
        self.configuration = configuration
        self.logger = logger
        self.door = door
        self.holder = holder
        self.group = ServiceGroup(configuration: services)
        self.listening = listening
        executor = database.executor
    }

    /// The port in use, once the server listens; nil when it could not.
    package func port() async -> Int? { await listening.port() }

    /// Serves until ``stop()`` or the task's cancellation, then answers what is under way and closes the database.
    package func run() async throws(JadeError) {
        defer { listening.set(nil) }
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
            builder = HTTPServerBuilder { TLSListener(base: door.channel($0), contexts: contexts) }
        }
        parts.append(application(door, builder, configuration, logger, listening))
        return parts
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
}
