import ArgumentParser
import Foundation
import JadeClient
import JadeCore

/// Which server a command talks to.
struct ServerOptions: ParsableArguments {
    static let defaultURL = "http://127.0.0.1:8080"
    static let variable = "JADEVECTORDB_URL"
    static let authorityVariable = "JADEVECTORDB_CA_FILE"
    static let keyVariable = "JADEVECTORDB_API_KEY"

    @Option(help: ArgumentHelp("Address of the server; otherwise $JADEVECTORDB_URL, otherwise \(defaultURL).", valueName: "url"))
    var url: String?

    @Option(
        help: ArgumentHelp(
            "API key or access token. A process list shows it: better $\(keyVariable), or jadevectordb login.", valueName: "key"))
    var apiKey: String?

    @Option(help: ArgumentHelp("PEM file of the authorities to trust; otherwise $\(authorityVariable), otherwise the system's.", valueName: "path"))
    var caFile: String?
    @Option(help: ArgumentHelp("PEM file of a certificate to show the server.", valueName: "path")) var certificate: String?
    @Option(help: ArgumentHelp("PEM file of that certificate's key, if it is not in the same file.", valueName: "path")) var keyFile: String?

    @Option(help: ArgumentHelp("Seconds to wait for one answer.", valueName: "seconds"))
    var timeout: Int = 60

    @Flag(help: "Print each request on standard error as the curl command that sends the same.")
    var curl = false

    mutating func validate() throws {
        guard (1...86_400).contains(timeout) else { throw ValidationError("--timeout is \(timeout), expected 1 to 86400 seconds") }
    }

    var address: String { url ?? ProcessInfo.processInfo.environment[Self.variable] ?? Self.defaultURL }

    /// Who the requests are from.
    enum Identity {
        /// The key that was given, otherwise the login at this server, if any.
        case given
        case nobody
    }

    /// Runs the body with a client of that server and closes its connections.
    func withClient<Result>(as identity: Identity = .given, _ body: (JadeClient) async throws -> Result) async throws -> Result {
        var options = JadeClient.Options()
        options.requestTimeoutMilliseconds = timeout * 1_000
        options.authorityFile = caFile ?? ProcessInfo.processInfo.environment[Self.authorityVariable]
        options.certificateFile = certificate
        options.keyFile = keyFile
        if identity == .given { options.credential = try await credential(options) }
        let authorization = options.credential == nil ? nil : "Bearer $\(Self.keyVariable)"
        var observer: (@Sendable (SentRequest) -> Void)?
        // A request that is shown is one that people can read.
        if curl { options.encoding = .json }
        if curl { observer = { (request: SentRequest) in Standard.error(request.curl(authorization: authorization)) } }
        return try await Self.withClient(address, options, observer, body)
    }

    private func credential(_ options: JadeClient.Options) async throws -> String? {
        if let given = apiKey ?? ProcessInfo.processInfo.environment[Self.keyVariable], !given.isEmpty { return given }
        return try await SavedLogin(url: address).accessToken { token in
            try await Self.withClient(address, options) { try await $0.refresh(token) }
        }
    }

    private static func withClient<Result>(
        _ address: String, _ options: JadeClient.Options, _ observer: (@Sendable (SentRequest) -> Void)? = nil,
        _ body: (JadeClient) async throws -> Result
    ) async throws -> Result {
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
