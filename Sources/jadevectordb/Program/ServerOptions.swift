import ArgumentParser
import Foundation
import JadeClient
import JadeCore

/// Which server a command talks to.
struct ServerOptions: ParsableArguments {
    static let defaultURL = "http://127.0.0.1:8080"
    static let variable = "JADEVECTORDB_URL"

    @Option(help: ArgumentHelp("Address of the server; otherwise $JADEVECTORDB_URL, otherwise \(defaultURL).", valueName: "url"))
    var url: String?

    @Option(help: ArgumentHelp("Seconds to wait for one answer.", valueName: "seconds"))
    var timeout: Int = 60

    @Flag(help: "Print each request on standard error as the curl command that sends the same.")
    var curl = false

    mutating func validate() throws {
        guard (1...86_400).contains(timeout) else { throw ValidationError("--timeout is \(timeout), expected 1 to 86400 seconds") }
    }

    var address: String { url ?? ProcessInfo.processInfo.environment[Self.variable] ?? Self.defaultURL }

    /// Runs the body with a client of that server and closes its connections.
    func withClient<Result>(_ body: (JadeClient) async throws -> Result) async throws -> Result {
        var options = JadeClient.Options()
        options.requestTimeoutMilliseconds = timeout * 1_000
        var observer: (@Sendable (SentRequest) -> Void)?
        if curl { observer = { (request: SentRequest) in Standard.error(request.curl()) } }
        let client = try JadeClient(url: address, options: options, observer: observer)
        let result: Result
        do {
            result = try await body(client)
        } catch {
            try? await client.shutdown()
            throw error
        }
        try await client.shutdown()
        return result
    }
}
