/// A folder on a disk: names that are certainly there, and changes of names that may be.
struct DiskFolder {
    enum Change {
        case link(String, DiskNode)
        case unlink(String)
        case rename(String, to: String)
    }

    private var durable: [String: DiskNode] = [:]
    private var pending: [Change] = []

    var isDurable: Bool { pending.isEmpty }

    mutating func change(_ change: Change) { pending.append(change) }

    mutating func sync() {
        for change in pending { Self.apply(change, &durable) }
        pending = []
    }

    /// The names that a power cut may leave. A change whose name is not there does not happen.
    func names(_ fate: FileFate, _ random: inout some RandomNumberGenerator) -> [String: DiskNode] {
        var names = durable
        switch fate {
        case .nothing: break
        case .everything: for change in pending { Self.apply(change, &names) }
        case .beginning: for change in pending.prefix(Int.random(in: 0...pending.count, using: &random)) { Self.apply(change, &names) }
        case .scattered:
            let percent = [15, 50, 85][Int.random(in: 0..<3, using: &random)]
            for change in pending where Int.random(in: 0..<100, using: &random) < percent { Self.apply(change, &names) }
        }
        return names
    }

    private static func apply(_ change: Change, _ names: inout [String: DiskNode]) {
        switch change {
        case .link(let name, let node): names[name] = node
        case .unlink(let name): names[name] = nil
        case .rename(let from, let to):
            guard let node = names.removeValue(forKey: from) else { return }
            names[to] = node
        }
    }
}
