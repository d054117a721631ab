import Foundation
import JWTKit
package import JadeCore
package import JadeIO
import Synchronization

/// Takes the JSON Web Tokens (RFC 7519) that somebody else's identity service has signed.
package final class OutsideIssuer: Sendable {
    package struct Settings: Sendable, Hashable {
        /// The claim `iss` that a token must have.
        package var issuer: String
        /// What the claim `aud` must be, or hold.
        package var audience: String
        /// The claim with the user's name.
        package var nameClaim = "sub"
        /// The claim with a list of words, or words with spaces between them; dots lead into objects: `realm_access.roles`.
        package var rolesClaim = "roles"
        /// Roles of ours by such words.
        package var roles: [String: [String]] = [:]
        /// Seconds from one reading of the keys to the next.
        package var refreshSeconds = 300

        package init(issuer: String, audience: String) {
            self.issuer = issuer
            self.audience = audience
        }
    }

    /// Whom a token names.
    struct Identity: Sendable, Equatable {
        let name: String
        let roles: [String]
        /// Milliseconds since 1970.
        let expiresAt: Int64
    }

    /// What became of reading the keys.
    package enum Reading: Sendable {
        case notDue, unchanged
        case changed(keys: Int)
        case failed(JadeError)
    }

    private struct State {
        var keys: SigningKeys?
        var bytes: [UInt8] = []
        var schedule: KeySchedule
    }

    package let settings: Settings
    private let source: String
    private let clock: any Clock
    private let read: @Sendable () async throws(JadeError) -> [UInt8]
    private let state: Mutex<State>

    /// Has no keys, and so lets nobody in, until they have been read.
    ///
    /// - Parameters:
    ///   - source: names the key set in messages.
    ///   - read: gets the JSON Web Key Set.
    package init(
        _ settings: Settings, keysFrom source: String, clock: any Clock = SystemClock(),
        read: @escaping @Sendable () async throws(JadeError) -> [UInt8]
    ) {
        self.settings = settings
        self.source = source
        self.clock = clock
        self.read = read
        state = Mutex(State(schedule: KeySchedule(period: UInt64(settings.refreshSeconds) * 1_000_000_000)))
    }

    /// Reads the keys where that is due. While it fails, those that were read last are kept.
    func readKeys() async -> Reading {
        let now = clock.monotonicNanoseconds
        guard state.withLock({ $0.schedule.isDue(at: now) }) else { return .notDue }
        do throws(JadeError) {
            let bytes = try await read()
            if state.withLock({ $0.bytes == bytes }) {
                state.withLock { $0.schedule.succeeded(at: now) }
                return .unchanged
            }
            let keys = try await SigningKeys(bytes, from: source)
            state.withLock {
                $0.schedule.succeeded(at: now)
                ($0.keys, $0.bytes) = (keys, bytes)
            }
            return .changed(keys: keys.count)
        } catch {
            state.withLock { $0.schedule.failed(at: now) }
            return .failed(error)
        }
    }

    /// Of a token's header, what matters here. Read by itself: JWTKit's own type for headers ends the process at a number that is too
    /// large for an integer, and a header is read before anything is verified.
    private struct Header: Decodable {
        private enum CodingKeys: String, CodingKey {
            case alg, kid, crit
        }

        let algorithm: String
        let keyID: String?
        let hasExtensions: Bool

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            algorithm = try container.decode(String.self, forKey: .alg)
            keyID = try container.decodeIfPresent(String.self, forKey: .kid)
            hasExtensions = container.contains(.crit)
        }
    }

    /// The caller named by a token that holds now; nil for any other, and for what is no token at all.
    ///
    /// - Parameter now: milliseconds since 1970.
    func identity(_ token: String, at now: Int64) -> Identity? {
        guard token.utf8.count <= Limits.maximumTokenBytes else { return nil }
        let parts = token.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, let head = Base64URL.decode(parts[0]), let body = Base64URL.decode(parts[1]),
            let signature = Base64URL.decode(parts[2]), let header = try? JSONDecoder().decode(Header.self, from: head),
            // An extension that must be understood is none that is understood here.
            !header.hasExtensions, let key = key(header),
            (try? key.verify(signature, signs: Data(token.utf8[..<parts[1].endIndex]))) == true,
            let claims = try? JSONSerialization.jsonObject(with: body) as? [String: Any]
        else { return nil }
        return identity(claims, at: now)
    }

    private func key(_ header: Header) -> (any JWTAlgorithm)? {
        state.withLock { state in
            guard let key = state.keys?.key(header.keyID, for: header.algorithm) else {
                state.schedule.missed()
                return nil
            }
            return key
        }
    }

    private func identity(_ claims: [String: Any], at now: Int64) -> Identity? {
        guard claims["iss"] as? String == settings.issuer, Self.words(claims["aud"], splitting: false).contains(settings.audience),
            let end = Self.milliseconds(claims["exp"]), now < end + Limits.tokenLeeway,
            claims["nbf"].map({ Self.milliseconds($0).map { $0 <= now + Limits.tokenLeeway } ?? false }) ?? true,
            let name = Self.claim(settings.nameClaim, of: claims) as? String
        else { return nil }
        let roles = Self.words(Self.claim(settings.rolesClaim, of: claims), splitting: true).flatMap { settings.roles[$0] ?? [] }
        return Identity(name: name, roles: roles, expiresAt: end + Limits.tokenLeeway)
    }

    /// The claim of that name, or along that path of names with dots between them.
    private static func claim(_ name: String, of claims: [String: Any]) -> Any? {
        if let claim = claims[name] { return claim }
        guard let dot = name.firstIndex(of: "."), let object = claims[String(name[..<dot])] as? [String: Any] else { return nil }
        return claim(String(name[name.index(after: dot)...]), of: object)
    }

    /// A NumericDate: seconds since 1970.
    private static func milliseconds(_ claim: Any?) -> Int64? {
        guard let seconds = claim as? Double, seconds.isFinite, abs(seconds) < 1e12 else { return nil }
        return Int64(seconds * 1_000)
    }

    private static func words(_ claim: Any?, splitting: Bool) -> [String] {
        if let list = claim as? [Any] { return list.compactMap { $0 as? String } }
        guard let text = claim as? String else { return [] }
        return splitting ? text.split(separator: " ").map(String.init) : [text]
    }
}

/// RFC 4648, section 5, without padding.
private enum Base64URL {
    static func decode(_ text: Substring.UTF8View) -> Data? {
        var plain = Data(capacity: text.count + 3)
        for byte in text {
            switch byte {
            case UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="): return nil
            case UInt8(ascii: "-"): plain.append(UInt8(ascii: "+"))
            case UInt8(ascii: "_"): plain.append(UInt8(ascii: "/"))
            default: plain.append(byte)
            }
        }
        plain.append(contentsOf: repeatElement(UInt8(ascii: "="), count: (4 - plain.count % 4) % 4))
        return Data(base64Encoded: plain)
    }
}
