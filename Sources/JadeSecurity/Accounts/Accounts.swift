import JadeCore

/// A person or a program that can log in.
package struct User: Sendable, Hashable {
    /// 32 hexadecimal digits, lower case; never changes.
    package var id: String
    /// Compared without regard to case in ASCII.
    package var name: String
    package var isActive: Bool
    package var mustChangePassword: Bool
    package var origin: Origin
    /// Milliseconds since 1970, as all times here.
    package var createdAt: Int64
    package var passwordChangedAt: Int64?
    package var lastLoginAt: Int64?

    package enum Origin: Sendable, Hashable {
        /// Made by somebody.
        case local
        /// Made by the server with a password that everybody knows, for development alone.
        case development
        /// Known from the tokens of an outside issuer.
        case issuer(String)

        package var text: String {
            switch self {
            case .local: "local"
            case .development: "development"
            case .issuer(let name): "issuer:" + name
            }
        }

        package init?(_ text: String) {
            switch text {
            case "local": self = .local
            case "development": self = .development
            default:
                guard text.hasPrefix("issuer:") else { return nil }
                self = .issuer(String(text.dropFirst("issuer:".count)))
            }
        }
    }
}

/// Users who share roles and grants.
package struct Group: Sendable, Hashable {
    package var id: String
    package var name: String
    /// The user who may change its members besides those with `group:manage`; nil when that user is gone.
    package var ownerID: String?
    package var createdAt: Int64
}

/// A named set of permissions.
package struct Role: Sendable, Hashable {
    package var id: String
    package var name: String
    package var isPredefined: Bool
    package var meaning: String
    package var permissions: PermissionSet
}

/// Who is given a role or a permission.
package enum Grantee: Sendable, Hashable {
    case user(id: String)
    case group(id: String)
}

enum AccountName {
    /// Letters, digits and `. _ - @ +`: what is safe in URLs, log lines and shells alike.
    static func check(_ name: String, _ kind: String) throws(JadeError) {
        let bytes = name.utf8.count
        guard (1...Limits.maximumAccountNameBytes).contains(bytes) else {
            throw .invalidArgument("the \(kind)'s name has \(bytes) bytes, 1 to \(Limits.maximumAccountNameBytes) are allowed")
        }
        guard name.utf8.allSatisfy(isAllowed) else {
            throw .invalidArgument("\(kind) name \(name.debugDescription) has characters other than letters, digits and . _ - @ +")
        }
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "@"), UInt8(ascii: "+"):
            true
        default: false
        }
    }
}
