internal import Crypto

/// HMAC with SHA-256 (RFC 2104): signs requests.
enum HMAC {
    static func code(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
        Array(Crypto.HMAC<Crypto.SHA256>.authenticationCode(for: message, using: SymmetricKey(data: key)))
    }
}
