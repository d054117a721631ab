import HummingbirdCore
import HummingbirdHTTP2
import JadeREST
import Logging
import NIOCore
import NIOHTTP2
import NIOSSL

/// HTTP behind TLS, with the certificate of the moment for each new connection: HTTP/2 with clients that offer it (ALPN), HTTP/1.1 with
/// others.
struct TLSListener: ServerChildChannel {
    typealias Agreed = NIONegotiatedHTTPVersion<HTTP1Channel.Value, HTTP2Channel.Value>

    struct Value: ServerChildChannelValue {
        let agreed: EventLoopFuture<Agreed>
        let channel: any Channel
    }

    static let protocols = ["h2", "http/1.1"]

    let http1: HTTP1Channel
    let http2: HTTP2Channel
    let contexts: TLSContexts

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        let context = contexts.current
        return channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
        }.flatMap {
            channel.configureHTTP2AsyncSecureUpgrade(
                http1ConnectionInitializer: { http1.setup(channel: $0, logger: logger) },
                http2ConnectionInitializer: { http2.setup(channel: $0, logger: logger) })
        }.map { Value(agreed: $0, channel: channel) }
    }

    func handle(value: Value, logger: Logger) async {
        do {
            switch try await value.agreed.get() {
            case .http1_1(let connection): await http1.handle(value: connection, logger: logger)
            case .http2(let connection): await http2.handle(value: connection, logger: logger)
            }
        } catch {
            logger.debug("a TLS handshake failed", metadata: ["error": "\(error)"])
        }
    }
}

enum ClientCertificate {
    /// The name in a client's certificate that TLS has verified: its first e-mail address or DNS name (RFC 5280, 4.2.1.6). A stream of
    /// HTTP/2 has that of its connection.
    static func name(on channel: any Channel) async -> String? {
        let certificate: NIOSSLCertificate?
        do {
            certificate = try await channel.nioSSL_peerCertificate().get()
        } catch {
            certificate = try? await channel.parent?.nioSSL_peerCertificate().get()
        }
        guard let certificate else { return nil }
        for name in certificate._subjectAlternativeNames() where name.nameType == .email || name.nameType == .dnsName {
            return name.contents.withUnsafeBufferPointer { String(validating: $0, as: UTF8.self) }
        }
        return nil
    }
}
