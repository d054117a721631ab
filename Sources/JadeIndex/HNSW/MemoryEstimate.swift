package import JadeCore

extension IndexSettings {
    /// Bytes that one vector takes in the index, links of upper layers on average included.
    ///
    /// A node reaches layer n with probability m^-n, so it has 1 / (m - 1) upper layers on average (Malkov and Yashunin 2018,
    /// section 4.1).
    package var memoryBytesPerRow: Int {
        guard kind == .hnsw else { return 0 }
        let lowest = Graph.baseStride(m: m) * 4 + MemoryLayout<UInt8>.stride + MemoryLayout<UInt32>.stride
        return lowest + Graph.upperStride(m: m) * 4 / max(m - 1, 1)
    }
}
