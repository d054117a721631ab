import AsyncHTTPClient
import JadeCore
import JadeIO
import JadeSecurity
import NIOCore
import NIOHTTP1
import NIOSSL

/// Gets the JSON Web Key Set of an outside issuer.
enum KeySet {
    /// How long the issuer has for its answer.
    private static let timeout = TimeAmount.seconds(10)

    static func read(_ path: String) throws(JadeError) -> [UInt8] {
        try ReadOnlyFileSystem().readFile(path, limit: Limits.maximumKeySetBytes)
    }

    /// - Parameter authority: a PEM file; empty for those that the system trusts.
    static func download(_ url: String, authority: String) async throws(JadeError) -> [UInt8] {
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: try configuration(authority))
        let answer = await fetch(url, with: client)
        try? await client.shutdown()
        return try answer.get()
    }

    /// Redirects are not followed: keys come from the address that somebody has written down, or not at all.
    private static func configuration(_ authority: String) throws(JadeError) -> HTTPClient.Configuration {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        if !authority.isEmpty {
            do { tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(authority)) } catch {
                throw .invalidArgument("security.issuer_ca_file: \(authority) cannot be used: \(error)")
            }
        }
        var configuration = HTTPClient.Configuration(tlsConfiguration: tls, redirectConfiguration: .disallow)
        configuration.connectionPool.retryConnectionEstablishment = false
        return configuration
    }

    private static func fetch(_ url: String, with client: HTTPClient) async -> Result<[UInt8], JadeError> {
        do {
            let response = try await client.execute(HTTPClientRequest(url: url), timeout: timeout)
            guard response.status == .ok else { return .failure(.unavailable("\(url) answers \(response.status.code)")) }
            let body = try await response.body.collect(upTo: Limits.maximumKeySetBytes)
            return .success(Array(body.readableBytesView))
        } catch is NIOTooManyBytesError {
            return .failure(.tooLarge("\(url) sends more than \(Limits.maximumKeySetBytes) bytes"))
        } catch {
            return .failure(.unavailable("\(url) cannot be read: \(error)"))
        }
    }
}
