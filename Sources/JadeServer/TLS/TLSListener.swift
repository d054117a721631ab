import HummingbirdCore
import JadeREST
import Logging
import NIOCore
import NIOSSL

/// HTTP behind TLS, with the certificate of the moment for each new connection.
struct TLSListener: ServerChildChannel {
    typealias Value = HTTP1Channel.Value

    let base: HTTP1Channel
    let contexts: TLSContexts

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        let context = contexts.current
        return channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
        }.flatMap { base.setup(channel: channel, logger: logger) }
    }

    func handle(value: Value, logger: Logger) async { await base.handle(value: value, logger: logger) }
}

enum ClientCertificate {
    /// The name in a client's certificate that TLS has verified: its first e-mail address or DNS name (RFC 5280, 4.2.1.6).
    static func name(on channel: any Channel) async -> String? {
        guard let certificate = try? await channel.nioSSL_peerCertificate().get() else { return nil }
        for name in certificate._subjectAlternativeNames() where name.nameType == .email || name.nameType == .dnsName {
            return name.contents.withUnsafeBufferPointer { String(validating: $0, as: UTF8.self) }
        }
        return nil
    }
}
