internal import CJadeTopology

/// What became of a wish to place a thread or memory. Placement is about speed only, so a refusal is an answer, not an error.
package enum Placement: Sendable, Hashable {
    case placed
    /// The machine has one memory node: there was nothing to do.
    case oneNode
    /// The system cannot, or does not let this process.
    case refused
    /// There is no such node or hardware thread, or the process may not use it.
    case noSuchPlace

    init(_ placement: jade_placement) {
        switch placement {
        case JADE_PLACED: self = .placed
        case JADE_ONE_NODE: self = .oneNode
        case JADE_NO_SUCH_PLACE: self = .noSuchPlace
        default: self = .refused
        }
    }
}

extension Topology {
    /// Lets the calling thread run on these hardware threads only. For threads that the caller owns: on a thread of the
    /// Swift runtime it would move other tasks too.
    package func pinThread(toUnits units: [Int]) -> Placement {
        let numbers = units.compactMap(UInt32.init(exactly:))
        guard numbers.count == units.count, !numbers.isEmpty else { return .noSuchPlace }
        return Placement(jade_pin_thread_to_units(machine, numbers, numbers.count))
    }

    /// Lets the calling thread run on the hardware threads of a node only.
    package func pinThread(toNode node: Int) -> Placement {
        guard let node = UInt32(exactly: node) else { return .noSuchPlace }
        return Placement(jade_pin_thread_to_node(machine, node))
    }

    /// Lets the calling thread run wherever the process may.
    package func unpinThread() -> Placement { Placement(jade_unpin_thread(machine)) }

    /// Makes the pages of a range come from a node's memory and moves those that exist. `address` lies on a page
    /// boundary. A preference: when the node is full, others help out.
    package func bindMemory(_ address: UnsafeMutableRawPointer, byteCount: Int, toNode node: Int) -> Placement {
        guard let node = UInt32(exactly: node), byteCount >= 0 else { return .noSuchPlace }
        return Placement(jade_bind_memory(machine, address, byteCount, node))
    }
}
