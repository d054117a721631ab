import Foundation
import JadeAPI
import JadeClient
import JadeCore

/// The tokens of `jadevectordb login`, one file for each server, for its owner alone.
struct SavedLogin {
    private let url: String
    private let path: String

    init(url: String) {
        self.url = url
        let name = url.utf8.map { byte in
            let isPlain = Character(Unicode.Scalar(byte)).isLetter || Character(Unicode.Scalar(byte)).isNumber
            return isPlain ? String(UnicodeScalar(byte)) : "_\(String(byte, radix: 16))"
        }
        path = StateFolder.url.appendingPathComponent("login-\(name.joined())").path
    }

    /// The access token, made new where its time is over. nil when nobody logged in here.
    ///
    /// - Parameter refresh: asks the server for the next tokens.
    func accessToken(_ refresh: (String) async throws -> TokenPair) async throws -> String? {
        guard let lock = Self.lock(path) else { return nil }
        // Two commands at a time must not both use the refresh token: the second use would end the session.
        defer { close(lock) }
        guard let bytes = FileManager.default.contents(atPath: path), let saved = try? WireJSON.decode(TokenPair.self, from: Array(bytes))
        else { return nil }
        let soon = Int64(Date().timeIntervalSince1970 * 1_000) + 10_000
        if saved.accessExpiresAt > soon { return saved.accessToken }
        do {
            let next = try await refresh(saved.refreshToken)
            try save(next)
            return next.accessToken
        } catch let error as JadeError where error.code == .unauthenticated {
            throw JadeError.unauthenticated("the login at \(url) is over: jadevectordb login")
        }
    }

    func save(_ tokens: TokenPair) throws(JadeError) {
        try? FileManager.default.createDirectory(
            at: StateFolder.url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let draft = path + ".new"
        let attributes: [FileAttributeKey: Any] = [.posixPermissions: 0o600]
        guard FileManager.default.createFile(atPath: draft, contents: Data(WireJSON.encode(tokens)), attributes: attributes),
            rename(draft, path) == 0
        else { throw .internal("\(path) cannot be written: \(String(cString: strerror(errno)))") }
    }

    func forget() { unlink(path) }

    /// An open file that holds the lock until it is closed; nil where there is no login.
    private static func lock(_ path: String) -> Int32? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let file = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { return nil }
        guard flock(file, LOCK_EX) == 0 else {
            close(file)
            return nil
        }
        return file
    }
}
