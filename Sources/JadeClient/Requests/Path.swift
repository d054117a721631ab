internal import JadeCore

/// Paths below the server's root.
enum Path {
    static let databases = "/v1/databases"
    static let backups = "/v1/backups"
    static let auth = "/v1/auth"
    static let users = "/v1/users"
    static let groups = "/v1/groups"
    static let roles = "/v1/roles"
    static let keys = "/v1/api-keys"
    static let sessions = "/v1/sessions"
    static let audit = "/v1/audit"
    static let usage = "/v1/usage"

    static func database(_ name: String) -> String { "\(databases)/\(encoded(name))" }
    static let jobs = "/v1/jobs"
    static func job(_ id: String) -> String { "\(jobs)/\(encoded(id))" }
    static func vectors(_ database: String) -> String { "\(self.database(database))/vectors" }
    /// A plain word may be a route of its own there; routes are compared before anything is decoded, so its first letter is escaped.
    static func vector(_ id: VectorID, _ database: String) -> String {
        let isWord = id.text.utf8.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
        guard isWord, let first = id.text.utf8.first else { return "\(vectors(database))/\(encoded(id.text))" }
        return "\(vectors(database))/%\(hexadecimal(first >> 4))\(hexadecimal(first & 15))\(id.text.dropFirst())"
    }

    static func permissions(_ database: String) -> String { "\(self.database(database))/permissions" }
    static func quota(_ kind: UsageSubject.Kind, _ subject: String) -> String { "/v1/quotas/\(kind.rawValue)/\(encoded(subject))" }
    static func user(_ user: String) -> String { "\(users)/\(encoded(user))" }
    static func group(_ group: String) -> String { "\(groups)/\(encoded(group))" }
    static func role(_ role: String) -> String { "\(roles)/\(encoded(role))" }

    static func role(_ role: String, of grantee: Grantee) -> String {
        switch grantee {
        case .user(let name): "\(user(name))/roles/\(encoded(role))"
        case .group(let name): "\(group(name))/roles/\(encoded(role))"
        }
    }

    /// A hyphen stands for the only target there is.
    static func backup(_ backup: String, _ target: String?) -> String { "\(backups)/\(encoded(target ?? "-"))/\(encoded(backup))" }

    /// Everything but RFC 3986's unreserved characters is escaped: ids may hold slashes and question marks.
    static func encoded(_ segment: String) -> String {
        var out = ""
        for byte in segment.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "~"):
                out.unicodeScalars.append(Unicode.Scalar(byte))
            // "." and ".." would be resolved away: escaped dots are not.
            case UInt8(ascii: ".") where segment != "." && segment != "..": out.append(".")
            default: out += "%" + hexadecimal(byte >> 4) + hexadecimal(byte & 15)
            }
        }
        return out
    }

    private static func hexadecimal(_ digit: UInt8) -> String { String(digit, radix: 16, uppercase: true) }
}
