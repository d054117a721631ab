import CCrypt
import Glibc
package import JadeCore
package import JadeIO
import Synchronization

/// bcrypt (Provos and Mazières, "A Future-Adaptable Password Scheme", 1999) as libxcrypt computes it, `$2b$`.
package struct PasswordHasher: Sendable {
    /// Base-2 logarithm of the rounds; each step doubles the time. 12 takes about 0.3 s.
    package let cost: Int
    private let random: any RandomSource
    private let slots = ConcurrentHashes()

    package static let costs = 4...20
    package static let defaultCost = 12

    package init(cost: Int = defaultCost, random: any RandomSource = SystemRandomSource()) throws(JadeError) {
        guard Self.costs.contains(cost) else {
            throw .invalidArgument("bcrypt cost \(cost) is outside \(Self.costs.lowerBound) to \(Self.costs.upperBound)")
        }
        self.cost = cost
        self.random = random
    }

    /// The hash to store. Takes as long as the cost says: never on a thread that others wait for.
    package func hash(_ password: String) throws(JadeError) -> String {
        try slots.enter()
        defer { slots.leave() }
        let salt = random.bytes(16)
        var setting = [CChar](repeating: 0, count: Int(CRYPT_GENSALT_OUTPUT_SIZE))
        let made = salt.withUnsafeBytes { salt in
            crypt_gensalt_rn(
                "$2b$", UInt(cost), salt.bindMemory(to: CChar.self).baseAddress, Int32(salt.count), &setting, Int32(setting.count))
        }
        guard made != nil else { throw .internal("libcrypt made no salt for bcrypt with cost \(cost)") }
        guard let hash = Self.crypt(password, setting) else { throw .internal("libcrypt made no bcrypt hash") }
        return hash
    }

    /// Whether the hash was made of this password. Takes the same time whatever the answer.
    package func verify(_ password: String, against hash: String) throws(JadeError) -> Bool {
        try slots.enter()
        defer { slots.leave() }
        guard let computed = Self.crypt(password, Array(hash.utf8CString)) else { return false }
        return constantTimeEqual(Array(computed.utf8), Array(hash.utf8))
    }

    /// Whether a stored hash was made with another cost than today's and should be made anew at the next login.
    package func isOutdated(_ hash: String) -> Bool { Self.cost(of: hash) != cost }

    static func cost(of hash: String) -> Int? {
        let parts = hash.split(separator: "$")
        return parts.count == 3 && parts[0] == "2b" ? Int(parts[1]) : nil
    }

    private static func crypt(_ password: String, _ setting: [CChar]) -> String? {
        // 32 KiB that libcrypt works in: it holds remains of the password, so it is cleared.
        let work = UnsafeMutablePointer<crypt_data>.allocate(capacity: 1)
        let bytes = UnsafeMutableRawBufferPointer(start: work, count: MemoryLayout<crypt_data>.size)
        bytes.initializeMemory(as: UInt8.self, repeating: 0)
        defer {
            explicit_bzero(bytes.baseAddress!, bytes.count)
            work.deallocate()
        }
        guard let found = crypt_rn(password, setting, work, Int32(bytes.count)) else { return nil }
        return String(cString: found)
    }
}

/// Whether two byte strings are equal, in a time that depends on their lengths alone.
package func constantTimeEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    guard left.count == right.count else { return false }
    var difference: UInt8 = 0
    for position in left.indices { difference |= left[position] ^ right[position] }
    return difference == 0
}

/// Keeps logins from taking every processor.
private final class ConcurrentHashes: Sendable {
    private let running = Atomic<Int>(0)

    func enter() throws(JadeError) {
        guard running.add(1, ordering: .acquiringAndReleasing).newValue <= Limits.maximumConcurrentHashes else {
            leave()
            throw .overloaded("\(Limits.maximumConcurrentHashes) passwords are being checked already: try again in a second")
        }
    }

    func leave() { running.subtract(1, ordering: .acquiringAndReleasing) }
}
