package import JadeCore
package import Logging

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension Server {
    /// The whole life of a server process: opens the database, listens, and returns after SIGTERM or SIGINT once all is
    /// closed. Prints the address on standard output and logs to standard error.
    ///
    /// - Parameter open: Opens the database that the configuration names.
    package static func serve(
        _ configuration: ServerConfiguration,
        open: @Sendable (ServerConfiguration, Logger) async throws(JadeError) -> ServedDatabase
    ) async throws(JadeError) {
        try configuration.validate()
        // What the server makes holds hashes, keys and data: it is for its own user alone.
        umask(0o077)
        let logger = Logger(label: "jadevectordb") { LineLogHandler(label: $0, configuration.log) }
        let database = try await open(configuration, logger)
        let server: Server
        do throws(JadeError) { server = try Server(configuration, serving: database, logger: logger) } catch {
            try? await database.shutdown()
            throw error
        }
        let signals = await StopSignals()
        let announcing = Task { await server.announce(configuration) }
        let watching = Task { await signals.watch(logger: logger) { await server.stop() } }
        defer {
            announcing.cancel()
            watching.cancel()
        }
        try await server.run()
    }

    /// Says where the server is found: to people, and in the port file.
    private func announce(_ configuration: ServerConfiguration) async {
        guard let port = await port() else { return }
        let host = configuration.server.host.contains(":") ? "[\(configuration.server.host)]" : configuration.server.host
        StandardStream.output.write("jadevectordb listens on \(configuration.tls.isOn ? "https" : "http")://\(host):\(port)\n")
        Self.note(port, in: configuration.server.portFile)
        guard let grpcPort = await grpcPort() else { return }
        StandardStream.output.write("jadevectordb listens for gRPC on \(host):\(grpcPort)\n")
        Self.note(grpcPort, in: configuration.server.grpcPortFile)
    }

    /// Nothing is written where no file is named.
    private static func note(_ port: Int, in file: String) {
        guard !file.isEmpty else { return }
        do {
            try "\(port)\n".write(toFile: file, atomically: true, encoding: .utf8)
        } catch {
            StandardStream.error.write("port file \(file) cannot be written: \(error)\n")
        }
    }
}
