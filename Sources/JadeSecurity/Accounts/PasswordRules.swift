package import JadeCore

/// What a new password must be like (NIST SP 800-63B: length counts, composition rules do not help).
package struct PasswordRules: Sendable, Hashable {
    /// Characters.
    package var minimumLength: Int

    package init(minimumLength: Int = 10) { self.minimumLength = minimumLength }

    package func check(_ password: String, of user: String) throws(JadeError) {
        guard password.count >= minimumLength else {
            throw .invalidArgument("the password has \(password.count) characters, at least \(minimumLength) are needed")
        }
        let bytes = password.utf8.count
        guard bytes <= Limits.maximumPasswordBytes else {
            throw .invalidArgument("the password has \(bytes) bytes, the limit is \(Limits.maximumPasswordBytes)")
        }
        guard !password.utf8.contains(0) else { throw .invalidArgument("the password contains a zero byte") }
        guard Set(password).count >= 4 else { throw .invalidArgument("the password repeats fewer than 4 different characters") }
        let lowered = password.lowercased()
        guard user.isEmpty || !lowered.contains(user.lowercased()) else {
            throw .invalidArgument("the password contains the user's name")
        }
        guard !Self.common.contains(lowered) else { throw .invalidArgument("the password is one of the most common ones") }
    }

    /// The first that anybody tries, of the length that is allowed at all.
    private static let common: Set<String> = [
        "1234567890", "0123456789", "password12", "password123", "password1234", "passw0rd123", "qwertyuiop", "qwerty12345",
        "1q2w3e4r5t", "1qaz2wsx3edc", "iloveyou123", "letmein1234", "welcome123", "welcome1234", "administrator", "changeme123",
        "changeme1234", "abcdefghij", "abc123abc123", "asdfghjkl1", "superuser1", "rootroot123", "jadevectordb",
    ]
}
