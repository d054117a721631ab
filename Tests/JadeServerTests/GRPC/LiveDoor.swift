import JadeAPI
import JadeCore
import JadeGRPC
import JadeGRPCClient
import JadeServer
import Logging
import ServiceLifecycle
import Synchronization
import Testing

/// A gRPC door on a port of the system's choosing, without the rest of a server.
struct LiveDoor {
    let door: GRPCDoor
    let port: Int
    /// Tells the door to stop, as a signal would.
    let stop: @Sendable () async -> Void

    /// Opens a door around the body; it is stopped gracefully, must end well and hold nothing any more.
    static func run(
        _ service: any DatabaseService = MemoryService(), configure: (inout GRPCSettings) -> Void = { _ in },
        _ body: (LiveDoor) async throws -> Void
    ) async throws {
        try await run(access: OpenAccess(service), configure: configure, body)
    }

    static func run(
        access: any AccessControl, configure: (inout GRPCSettings) -> Void = { _ in },
        _ body: (LiveDoor) async throws -> Void
    ) async throws {
        var settings = GRPCSettings()
        configure(&settings)
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let door = GRPCDoor(access, settings: settings, logger: logger)
        let (ports, found) = AsyncStream<Int>.makeStream()
        let listener = GRPCListener(door, onListening: { found.yield($0) })
        var configuration = ServiceGroupConfiguration(services: [.init(service: listener)], logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(5)
        let group = ServiceGroup(configuration: configuration)
        let running = Task {
            defer { found.finish() }
            try await group.run()
        }
        let port = try #require(await ports.first { _ in true })
        let outcome: Result<Void, any Error>
        do {
            outcome = .success(try await body(LiveDoor(door: door, port: port) { await group.triggerGracefulShutdown() }))
        } catch {
            outcome = .failure(error)
        }
        await group.triggerGracefulShutdown()
        try? await running.value
        try outcome.get()
        #expect(door.bufferedBytes == 0)
    }

    /// A client for the length of the body.
    func withClient<Value>(
        _ configure: (inout JadeGRPCClient.Options) -> Void = { _ in }, _ body: (JadeGRPCClient) async throws -> Value
    ) async throws -> Value {
        var options = JadeGRPCClient.Options()
        options.retries = 0
        configure(&options)
        let client = try JadeGRPCClient(host: "127.0.0.1", port: port, options: options)
        let outcome: Result<Value, any Error>
        do { outcome = .success(try await body(client)) } catch { outcome = .failure(error) }
        await client.shutdown()
        return try outcome.get()
    }
}

/// Asks again and again until it holds; false when it does not within a minute.
func eventually(_ condition: () async throws -> Bool) async rethrows -> Bool {
    for _ in 0..<6_000 {
        if try await condition() { return true }
        guard !Task.isCancelled else { return false }
        try? await Task.sleep(for: .milliseconds(10))
    }
    return false
}
