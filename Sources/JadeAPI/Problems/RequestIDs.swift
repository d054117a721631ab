package import JadeCore
internal import Synchronization

/// Names requests, so that they are found in the log: the client's own name, or one made here.
package final class RequestIDs: Sendable {
    private let prefix: String
    private let counter = Atomic<UInt64>(0)

    /// - Parameter prefix: What tells this process's requests from another's.
    package init(prefix: String) { self.prefix = prefix }

    /// What the client sent, if it is short and harmless in a log; else a new one.
    package func name(offered: String?) -> String {
        if let offered, Self.isAcceptable(offered) { return offered }
        return "\(prefix)-\(String(counter.add(1, ordering: .relaxed).newValue, radix: 16))"
    }

    private static func isAcceptable(_ text: String) -> Bool {
        (1...Limits.maximumRequestIDBytes).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: "/"),
                    UInt8(ascii: "+"), UInt8(ascii: "="), UInt8(ascii: "@"):
                    true
                default: false
                }
            }
    }
}

extension Limits {
    /// Bytes of an `X-Request-Id` that is taken over from the client.
    package static let maximumRequestIDBytes = 128
}
