import JadeAPI
import JadeCore
import JadeEngine
import JadeSecurity
import Logging

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension ServerConfiguration {
    /// The accounts of an engine's folder at its doors, with the users of a first start.
    func access(to engine: Engine, _ logger: Logger) throws(JadeError) -> any AccessControl {
        guard security.requiresLogin else { return OpenAccess(engine) }
        let accounts = try AccountStore(engine.systemCatalog)
        let hasher = try PasswordHasher(cost: security.bcryptCost)
        try makeUsers(accounts, hasher)
        var trail = AuditTrail.Settings()
        trail.recordsData = security.recordsDataOperations
        trail.failed = { logger.error("the audit log could not be written", metadata: ["reason": "\($0)"]) }
        let authentication = try AuthenticationService(
            accounts, hasher: hasher, settings: authenticationSettings, rules: PasswordRules(minimumLength: security.minimumPasswordLength))
        return AccessGate(engine, authentication, trail: trail, usage: usage)
    }

    private var authenticationSettings: AuthenticationSettings {
        var settings = AuthenticationSettings()
        settings.accessTokenLife = Int64(security.accessTokenSeconds) * 1_000
        settings.idleTimeout = Int64(security.idleTimeoutSeconds) * 1_000
        settings.absoluteTimeout = Int64(security.sessionSeconds) * 1_000
        return settings
    }

    private func makeUsers(_ accounts: AccountStore, _ hasher: PasswordHasher) throws(JadeError) {
        switch security.environment {
        case .development: try accounts.makeDevelopmentUsers(hasher)
        case .production:
            try accounts.requireNoDevelopmentUsers()
            let path = "\(storage.dataDirectory)/admin-password"
            // Kept before the user is made: a crash in between leaves a password without a user, not a user without a password.
            let made = try accounts.makeFirstAdministrator(hasher) { (password) throws(JadeError) in
                try PrivateFile.write(password + "\n", to: path)
            }
            guard let made else { return }
            StandardStream.output.write(
                """
                first start: user \(AccountStore.firstAdministrator) was made, password \(made)
                it is also in \(path), for the owner alone: log in, change it, and delete the file

                """)
        }
    }
}

/// Files that only their owner may read.
enum PrivateFile {
    /// In place of one that is there; on the disk when it returns.
    static func write(_ text: String, to path: String) throws(JadeError) {
        unlink(path)
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw failure("made", path) }
        defer { close(file) }
        let bytes = Array(text.utf8)
        guard bytes.withUnsafeBytes({ systemWrite(file, $0.baseAddress, $0.count) }) == bytes.count, fsync(file) == 0 else {
            throw failure("written", path)
        }
    }

    private static func failure(_ what: String, _ path: String) -> JadeError {
        .resourceExhausted("\(path) cannot be \(what): \(String(cString: strerror(errno)))")
    }
}
