/// A binary min-heap of candidate words (see ``CandidatePool``), for traversals whose frontier is not bounded by the results.
struct CandidateHeap {
    private var words: [UInt64] = []

    var isEmpty: Bool { words.isEmpty }

    mutating func removeAll() { words.removeAll(keepingCapacity: true) }

    mutating func push(_ word: UInt64) {
        words.append(word)
        words.withUnsafeMutableBufferPointer { heap in
            var child = heap.count &- 1
            while child > 0 {
                let parent = (child &- 1) >> 1
                guard word < heap[parent] else { break }
                heap[child] = heap[parent]
                child = parent
            }
            heap[child] = word
        }
    }

    mutating func pop() -> UInt64? {
        guard let last = words.popLast() else { return nil }
        guard !words.isEmpty else { return last }
        return words.withUnsafeMutableBufferPointer { heap in
            let top = heap[0]
            var hole = 0
            while true {
                var child = hole &* 2 &+ 1
                guard child < heap.count else { break }
                if child &+ 1 < heap.count, heap[child &+ 1] < heap[child] { child &+= 1 }
                guard heap[child] < last else { break }
                heap[hole] = heap[child]
                hole = child
            }
            heap[hole] = last
            return top
        }
    }
}
