internal import JadeCore
internal import JadeKernels
internal import JadeQuantization

extension IVFIndex {
    /// What the product code of a row says that the row is, its centroid included; nil for rows that are not there and for other codes.
    /// A search that does not compare with the rows finds by these. O(length of the list).
    package func decoded(_ ordinal: UInt32) -> [Float]? {
        let state = state
        guard case .product(let code) = state.model.codec, contains(ordinal) else { return nil }
        let list = Int(state.place(ordinal).loadRelaxed()) - 1
        let bytes = UnsafeMutableRawPointer.allocate(byteCount: state.table.layout.rowBytes, alignment: 4)
        defer { bytes.deallocate() }
        var values: [Float]?
        state.table.forEachExtent(list) { extent in
            guard let index = (0..<extent.published).first(where: { extent.pointee.ordinals[$0] == ordinal }) else { return }
            state.table.layout.read(index, of: extent, into: bytes)
            var decoded = [Float](repeating: 0, count: state.model.dimension)
            code.product.decode(bytes, into: &decoded)
            for component in decoded.indices { decoded[component] += state.model.centroids.row(list)[component] }
            values = decoded
        }
        return values
    }
}
