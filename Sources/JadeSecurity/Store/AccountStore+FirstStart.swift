package import JadeCore

import GRDB

extension AccountStore {
    /// The name of the user that the first start makes.
    package static let firstAdministrator = "admin"

    /// The users of the development environment with their passwords, which are no secret.
    package static let developmentPasswords = [
        (name: "admin", password: "admin123", role: PredefinedRole.admin),
        (name: "dev", password: "dev123", role: .datascientist),
        (name: "test", password: "test123", role: .readonly),
    ]

    /// Makes the first administrator where there are no users at all.
    ///
    /// - Parameter keep: puts the password where it is found again, before the user is made.
    /// - Returns: the password, to be shown once; nil when there are users.
    package func makeFirstAdministrator(
        _ hasher: PasswordHasher, keep: (String) throws(JadeError) -> Void = { (_) throws(JadeError) in }
    ) throws(JadeError) -> String? {
        guard try users().isEmpty else { return nil }
        // 24 characters of 64: 144 bits.
        let password = String(Secret(.apiKey, from: random).text.suffix(24))
        try keep(password)
        _ = try createUser(
            name: Self.firstAdministrator, passwordHash: try hasher.hash(password), roles: [PredefinedRole.admin.rawValue],
            mustChangePassword: false, by: .server)
        return password
    }

    /// Makes those of the development users whose names are free.
    package func makeDevelopmentUsers(_ hasher: PasswordHasher) throws(JadeError) {
        let existing = Set(try users().map { $0.name.lowercased() })
        for user in Self.developmentPasswords where !existing.contains(user.name) {
            _ = try createUser(
                name: user.name, passwordHash: try hasher.hash(user.password), roles: [user.role.rawValue], origin: .development,
                by: .server)
        }
    }

    /// Production has no users whose passwords everybody knows.
    package func requireNoDevelopmentUsers() throws(JadeError) {
        let names = try developmentUsers().map(\.name)
        guard names.isEmpty else {
            throw .invalidArgument(
                "environment is production, but the development users \(names.joined(separator: ", ")) are active: delete or deactivate them")
        }
    }
}
