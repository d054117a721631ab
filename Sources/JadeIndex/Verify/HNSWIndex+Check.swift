package import JadeCore
internal import JadeKernels
internal import Synchronization

extension HNSWIndex {
    /// Ordinals below it may be nodes.
    package var end: Int { extent.load(ordering: .acquiring) }

    /// Checks the links of the nodes in a range, in memory: each leads to a node of that layer. How many nodes there are.
    ///
    /// Insertions and removals must be kept away meanwhile; searches go on.
    ///
    /// - Parameter name: what findings call the index; their offsets count links from the first node's.
    package func checkLinks(of range: Range<Int>, _ name: String, _ findings: inout FindingList) -> Int {
        let end = end
        var nodes = 0
        for node in range.clamped(to: 0..<end) where graph.levels[node] > 0 {
            nodes += 1
            for level in 0..<min(Int(graph.levels[node]), Graph.maximumLevel + 1) {
                let block = graph.links(UInt32(node), level: level)
                for index in 0..<graph.capacity(level: level) {
                    let word = (block + index).loadAcquire()
                    if word == 0 { break }
                    let neighbour = Int(word) - 1
                    if neighbour < end, Int(graph.levels[neighbour]) > level { continue }
                    findings.add(
                        name, expected: "node \(node) linked to nodes of layer \(level)",
                        found: neighbour < end ? "node \(neighbour), which is not on it" : "node \(neighbour) of \(end)")
                }
            }
        }
        return nodes
    }

    /// Checks that searches begin at a node, while insertions and removals are kept away.
    ///
    /// - Parameter nodes: how many there are, if they were counted.
    package func checkEntry(nodes: Int?, _ name: String, _ findings: inout FindingList) {
        if let nodes, nodes != count { findings.add(name, expected: "\(nodes) nodes, as counted", found: "\(count)") }
        guard let entry = graph.entry else {
            if count > 0 { findings.add(name, expected: "an entry to \(count) nodes", found: "none") }
            return
        }
        guard Int(entry.ordinal) < end, Int(graph.levels[Int(entry.ordinal)]) == entry.level + 1 else {
            return findings.add(name, expected: "an entry among the nodes", found: "node \(entry.ordinal) on layer \(entry.level)")
        }
    }
}
