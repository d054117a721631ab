package import JadeCore
import Synchronization

/// What memory is held for.
package enum MemoryUse: Int, CaseIterable, Sendable {
    /// What open databases keep: facts of rows, indexes.
    case databases
    case writes
    case searches
    /// Requests that are still arriving.
    case bodies

    package var name: String {
        switch self {
        case .databases: "databases"
        case .writes: "writes"
        case .searches: "searches"
        case .bodies: "bodies"
        }
    }
}

/// The memory of one engine: whoever is about to take much of it asks here first, and is refused with the numbers instead
/// of the process being killed.
///
/// What is held are promises, made before memory is touched. Pages of mapped files are not among them: the system takes
/// them back when it needs to.
package final class MemoryBudget: Sendable {
    /// Bytes that may be held.
    package let limit: Int
    private let held = Mutex([Int](repeating: 0, count: MemoryUse.allCases.count))
    private let available: @Sendable () -> Int?

    /// - Parameter available: what the system could give now, asked before much is taken at once.
    package init(limit: Int, available: @escaping @Sendable () -> Int? = { SystemMemory.available() }) {
        self.limit = limit
        self.available = available
    }

    /// Of the memory there is, the part that is held at most where nothing else is configured: the rest is for the program
    /// itself, for SQLite's caches and for what is too small to be counted.
    package static func automaticLimit() -> Int { SystemMemory.limit() / 5 * 4 }

    /// Holds `bytes` until they are given back.
    ///
    /// - Parameter what: names what needs them: `a search`.
    /// - Throws: `overloaded` where they would fit once others have given theirs back, otherwise `resourceExhausted`.
    package func take(_ bytes: Int, for use: MemoryUse, _ what: @autoclosure () -> String) throws(JadeError) {
        if bytes <= 0 { return }
        let all = held.withLock { held -> [Int] in
            let all = held
            if bytes <= limit - all.reduce(0, +) { held[use.rawValue] += bytes }
            return all
        }
        let left = limit - all.reduce(0, +)
        guard bytes <= left else { throw refusal(bytes, use, what(), left, all) }
        guard bytes >= Limits.checkedMemoryBytes, let free = available(), bytes > free else { return }
        giveBack(bytes, for: use)
        throw .resourceExhausted("\(what()) needs \(bytes) bytes of memory, the system has \(free) left")
    }

    package func giveBack(_ bytes: Int, for use: MemoryUse) {
        if bytes > 0 { held.withLock { $0[use.rawValue] -= bytes } }
    }

    /// Holds `bytes` while `body` runs.
    package func holding<Value>(
        _ bytes: Int, for use: MemoryUse, _ what: @autoclosure () -> String, _ body: () throws(JadeError) -> Value
    ) throws(JadeError) -> Value {
        try take(bytes, for: use, what())
        defer { giveBack(bytes, for: use) }
        return try body()
    }

    /// Bytes held for each use.
    package func bytes(of use: MemoryUse) -> Int { held.withLock { $0[use.rawValue] } }

    private func refusal(_ bytes: Int, _ use: MemoryUse, _ what: String, _ left: Int, _ all: [Int]) -> JadeError {
        let holders = MemoryUse.allCases.filter { all[$0.rawValue] > 0 }.map { "\($0.name) hold \(all[$0.rawValue])" }
        let message =
            "\(what) needs \(bytes) bytes of memory, \(max(0, left)) of \(limit) are left"
            + (holders.isEmpty ? "" : ": " + holders.joined(separator: ", "))
        let fitsLater = use != .databases && bytes <= limit - all[MemoryUse.databases.rawValue]
        return fitsLater ? .overloaded(message) : .resourceExhausted(message)
    }
}
