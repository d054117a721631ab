internal import JadeStorage

/// HMAC with SHA-256 (RFC 2104): signs requests.
enum HMAC {
    static func code(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
        var block = key.count > SHA256.blockBytes ? SHA256.digest(key).bytes : key
        block += [UInt8](repeating: 0, count: SHA256.blockBytes - block.count)
        let inner = SHA256.digest(block.map { $0 ^ 0x36 } + message).bytes
        return SHA256.digest(block.map { $0 ^ 0x5C } + inner).bytes
    }
}
