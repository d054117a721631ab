internal import CJadeTopology
package import JadeCore

/// The machine's processors, memory nodes and caches as they were at the first look.
///
/// `@unchecked`: what lies behind the pointer is written before `init` returns and only read after.
package final class Topology: @unchecked Sendable {
    let machine: OpaquePointer

    /// Reads the machine; takes milliseconds. Most callers want ``shared()``.
    package init() throws(JadeError) {
        guard let machine = jade_topology_open() else { throw .unavailable("the topology of this machine cannot be read") }
        self.machine = machine
    }

    deinit { jade_topology_close(machine) }

    /// The one of this process.
    package static func shared() throws(JadeError) -> Topology { try sharedResult.get() }

    private static let sharedResult = Result { () throws(JadeError) in try Topology() }

    /// Counts and cache sizes.
    package struct Summary: Sendable, Hashable {
        package let packages: Int
        package let cores: Int
        /// Hardware threads of the machine.
        package let units: Int
        /// Hardware threads that this process may use.
        package let allowedUnits: Int
        package let nodes: [Node]
        /// Bytes of one cache of each level; 0 where unknown.
        package let l1dBytes: Int
        package let l2Bytes: Int
        package let l3Bytes: Int
    }

    /// A memory node.
    package struct Node: Sendable, Hashable {
        /// Its place in ``Summary/nodes``, by which threads and memory are placed.
        package let index: Int
        /// The system's number.
        package let number: Int
        /// Numbers of the hardware threads of this node that the process may use.
        package let allowedUnits: [Int]
        /// 0 where unknown.
        package let memoryBytes: Int
    }

    package var summary: Summary {
        let counts = jade_topology_summarize(machine)
        return Summary(
            packages: Int(counts.packages), cores: Int(counts.cores), units: Int(counts.units),
            allowedUnits: Int(counts.allowed_units), nodes: (0..<counts.nodes).map(node), l1dBytes: Int(counts.l1d_bytes),
            l2Bytes: Int(counts.l2_bytes), l3Bytes: Int(counts.l3_bytes))
    }

    /// Numbers of the hardware threads that the process may use, ascending.
    package var allowedUnits: [Int] { allowedUnits(ofNode: -1) }

    private func node(_ index: UInt32) -> Node {
        let node = jade_topology_node_at(machine, index)
        return Node(
            index: Int(index), number: Int(node.number), allowedUnits: allowedUnits(ofNode: Int64(index)),
            memoryBytes: Int(node.memory_bytes))
    }

    private func allowedUnits(ofNode node: Int64) -> [Int] {
        let count = jade_topology_allowed_units(machine, node, nil, 0)
        return [UInt32](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = min(jade_topology_allowed_units(machine, node, buffer.baseAddress, count), count)
        }.map(Int.init)
    }
}
