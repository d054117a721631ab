import JadeCore

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
