internal import JadeCore
internal import NIOCore
internal import NIOSSL

/// TLS in front of a connection, with HTTP/2 agreed on.
struct Encryption: Sendable {
    private let context: NIOSSLContext
    /// Nil for an address, which certificates are asked about in another way.
    private let hostname: String?

    init(_ options: JadeGRPCClient.Options, host: String) throws(JadeError) {
        hostname = (try? SocketAddress(ipAddress: host, port: 0)) == nil ? host : nil
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["h2"]
        do {
            if let file = options.authorityFile { configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(file)) }
            if let file = options.certificateFile {
                configuration.certificateChain = try NIOSSLCertificate.fromPEMFile(file).map { .certificate($0) }
                configuration.privateKey = .privateKey(try NIOSSLPrivateKey(file: options.keyFile ?? file, format: .pem))
            }
            context = try NIOSSLContext(configuration: configuration)
        } catch {
            let files = [options.authorityFile, options.certificateFile, options.keyFile].compactMap { $0 }.joined(separator: ", ")
            throw .invalidArgument("TLS cannot be set up from \(files): \(error)")
        }
    }

    func add(to channel: any Channel) throws {
        try channel.pipeline.syncOperations.addHandler(NIOSSLClientHandler(context: context, serverHostname: hostname))
    }
}
