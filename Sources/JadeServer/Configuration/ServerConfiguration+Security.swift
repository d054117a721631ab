package import JadeCore

extension ServerConfiguration {
    static let tlsOptions: [ConfigurationOption] = [
        .path(
            "tls", "certificate", \.tls.certificate, mayBeEmpty: true,
            "The server's certificate and those between it and its authority, PEM. With one the server speaks TLS 1.2 and 1.3 and nothing "
                + "else. A file that changes is read again within seconds, and at once on SIGHUP."),
        .path("tls", "key", \.tls.key, mayBeEmpty: true, "The certificate's private key, PEM; for the server's own user alone."),
        .path(
            "tls", "client_ca", \.tls.clientAuthority, mayBeEmpty: true,
            "Authorities whose certificates clients may show, PEM. A certificate's first e-mail address or DNS name is then the name of "
                + "the user who comes."),
        .toggle(
            "tls", "require_client_certificate", \.tls.requiresClientCertificate,
            "Refuse connections without a client's certificate. Otherwise a client may log in by certificate, key or token."),
    ]

    static let securityOptions: [ConfigurationOption] = [
        .choice(
            "security", "environment", \.security.environment,
            "`development` makes the users admin, dev and test, whose passwords everybody knows; `production` does not start while one "
                + "of them is active, and makes an admin with a password of its own where there are no users."),
        .toggle(
            "security", "login", \.security.requiresLogin,
            "Whether a request must say who sends it, with a key or a token. Without it everybody may do everything, so the server then "
                + "listens on this machine's own address alone; `serve --dev` sets that."),
        .integer(
            "security", "bcrypt_cost", \.security.bcryptCost, in: 4...20,
            "Work that one password check is, as a power of two: each step doubles it. Hashes change over at the next login."),
        .integer(
            "security", "min_password_length", \.security.minimumPasswordLength, in: 8...72, "Characters that a new password must have."),
        .integer(
            "security", "access_token_sec", \.security.accessTokenSeconds, in: 10...86_400,
            "Seconds for which an access token holds; a refresh token brings the next one."),
        .integer(
            "security", "session_idle_sec", \.security.idleTimeoutSeconds, in: 60...31_536_000,
            "Seconds after which a session that nobody used is over."),
        .integer(
            "security", "session_sec", \.security.sessionSeconds, in: 60...31_536_000,
            "Seconds after which a session is over, however much it is used."),
        .toggle(
            "security", "audit_data", \.security.recordsDataOperations,
            "Record every request on data in the audit log, not only refusals, logins and changes of accounts. Each then waits for one "
                + "more write."),
        .integer(
            "security", "audit_days", \.security.auditDays, in: 1...36_500,
            "Days for which audit entries are kept. The chain of hashes goes on from the last one removed."),
        .integer(
            "security", "audit_max_bytes", \.security.auditBytes, in: 1 << 20...1 << 40,
            "Disk that the audit log may take, about; beyond, the oldest entries go earlier."),
    ]

    /// What holds between settings, beside what each of them takes.
    package func validate() throws(JadeError) {
        guard tls.isOn == !tls.key.isEmpty else { throw .invalidArgument("tls.certificate and tls.key are given together or not at all") }
        guard tls.isOn || tls.clientAuthority.isEmpty else { throw .invalidArgument("tls.client_ca needs tls.certificate and tls.key") }
        guard !tls.requiresClientCertificate || !tls.clientAuthority.isEmpty else {
            throw .invalidArgument("tls.require_client_certificate needs tls.client_ca")
        }
        guard !listensHere else { return }
        guard security.requiresLogin else {
            throw .invalidArgument(
                "security.login is false and server.host is \(server.host.debugDescription): without login the server listens on 127.0.0.1, ::1 or localhost alone")
        }
        guard tls.isOn || server.allowsUnencryptedNetwork else {
            throw .invalidArgument(
                "server.host is \(server.host.debugDescription) and there is no TLS: passwords and data could be read on the way; set server.allow_unencrypted_network to true where that is meant")
        }
    }

    /// Whether only programs of this machine reach the server.
    var listensHere: Bool { ["127.0.0.1", "::1", "localhost"].contains(server.host.lowercased()) }
}
