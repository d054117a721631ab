package import JadeCore
internal import JadeIO
package import NIOSSL
import Synchronization

/// What TLS shows and asks for: made of files, and made anew when they change. Connections that are open keep what they were
/// opened with.
package final class TLSContexts: Sendable {
    private let settings: ServerConfiguration.TLS
    private let protocols: [String]
    private let state: Mutex<State>

    private struct State {
        var context: NIOSSLContext
        var stamps: [FileStamp]
    }

    /// - Parameter protocols: what is agreed on with clients that ask (ALPN); empty agrees on nothing.
    package init(_ settings: ServerConfiguration.TLS, protocols: [String] = []) throws(JadeError) {
        self.settings = settings
        self.protocols = protocols
        let stamps = settings.files.map(FileStamp.init(path:))
        state = Mutex(State(context: try Self.context(settings, protocols), stamps: stamps))
    }

    package var current: NIOSSLContext { state.withLock { $0.context } }

    /// Reads the files again where one of them is another than it was, or whether or not.
    ///
    /// - Returns: whether they were read. When they do not fit together, what was there before stays.
    @discardableResult
    package func reload(evenIfUnchanged: Bool = false) throws(JadeError) -> Bool {
        let stamps = settings.files.map(FileStamp.init(path:))
        let isNew = state.withLock { state in
            defer { state.stamps = stamps }
            return stamps != state.stamps
        }
        guard isNew || evenIfUnchanged else { return false }
        let context = try Self.context(settings, protocols)
        state.withLock { $0.context = context }
        return true
    }

    /// Forward secrecy and authenticated encryption alone; of TLS 1.3 there is nothing else.
    private static let ciphers: [NIOTLSCipher] = [
        .TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, .TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, .TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
        .TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, .TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
        .TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
    ]

    private static func context(_ settings: ServerConfiguration.TLS, _ protocols: [String]) throws(JadeError) -> NIOSSLContext {
        do {
            let chain = try NIOSSLCertificate.fromPEMFile(settings.certificate)
            let key = try NIOSSLPrivateKey(file: settings.key, format: .pem)
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
            configuration.minimumTLSVersion = .tlsv12
            configuration.cipherSuiteValues = ciphers
            configuration.applicationProtocols = protocols
            if !settings.clientAuthority.isEmpty {
                // From the file itself, so that a broken one is an error here rather than for each client.
                configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(settings.clientAuthority))
                configuration.certificateVerification = settings.requiresClientCertificate ? .noHostnameVerification : .optionalVerification
            }
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw .invalidArgument("TLS cannot be set up from \(settings.files.joined(separator: ", ")): \(error)")
        }
    }
}
