package import JadeCore
internal import JadeKernels

extension ExactScan {
    /// All visible rows of a range that are at most `distance` away, in no order.
    ///
    /// Complexity: one distance per row of the range, or per allowed row where a filter allows some.
    package func within(
        _ distance: Float, of query: UnsafeRawPointer, in range: Range<Int>, _ visibility: Visibility, hidesRows: Bool
    ) -> [Neighbor] {
        contexts.withContext { context in
            let scale = self.distance.scale(of: query)
            var found: [Neighbor] = []
            if visibility.allowed == nil {
                for start in Swift.stride(from: range.lowerBound, to: range.upperBound, by: Self.block) {
                    let count = min(Self.block, range.upperBound - start)
                    self.distance.scan(query, scale: scale, first: UInt32(start), count: count, into: context.distances)
                    for index in 0..<count where context.distances[index] <= distance {
                        let ordinal = UInt32(start + index)
                        if hidesRows, !visibility.contains(ordinal) { continue }
                        found.append(Neighbor(ordinal: ordinal, distance: context.distances[index]))
                    }
                }
                return found
            }
            forEachAllowedBlock(in: range, visibility, context) { count in
                self.distance.gather(query, scale: scale, context.ordinals, count: count, into: context.distances)
                for index in 0..<count where context.distances[index] <= distance {
                    found.append(Neighbor(ordinal: context.ordinals[index], distance: context.distances[index]))
                }
            }
            return found
        }
    }
}
