package import JadeCore
internal import JadeKernels

extension IndexSettings {
    /// Bytes that one vector takes in the index, links of upper layers on average and codes included.
    ///
    /// A node reaches layer n with probability m^-n, so it has 1 / (m - 1) upper layers on average (Malkov and Yashunin 2018,
    /// section 4.1).
    package func memoryBytesPerRow(dimension: Int) -> Int {
        switch kind {
        case .flat: return 0
        case .hnsw:
            let lowest = Graph.baseStride(m: m) * 4 + MemoryLayout<UInt8>.stride + MemoryLayout<UInt32>.stride
            return lowest + Graph.upperStride(m: m) * 4 / max(m - 1, 1) + NodeCodes.stride(nodeQuantization, dimension: dimension)
                + TraversalCodes.stride(self, dimension: dimension)
        case .ivf:
            // The row's list, and in it its ordinal and its code; lists have room to grow by a quarter.
            let entry = MemoryLayout<UInt32>.stride + IVFSettings(self).codeBytes(dimension: dimension)
            return MemoryLayout<UInt32>.stride + entry + entry / 4
        }
    }
}
