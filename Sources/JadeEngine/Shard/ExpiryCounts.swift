internal import JadeCore

/// How many of a shard's rows expire when, and how many have: what makes counts exact at any moment before the rows are
/// really deleted.
///
/// Its moment never goes back, whatever the machine's clock does: what has expired stays so.
struct ExpiryCounts {
    /// Rows that have expired and are not deleted yet.
    private(set) var expired = 0
    /// Milliseconds since 1970; what expires at or before it has expired.
    private(set) var moment: Int64 = 0
    /// Rows by when they will expire; a time stays with 0 rows until it has come.
    private var coming: [Int64: Int] = [:]
    /// The times of ``coming``: a heap with the soonest first.
    private var times: [Int64] = []
    private var comingRows = 0

    var isEmpty: Bool { comingRows == 0 && expired == 0 }
    /// Whether any row has expired by ``moment``.
    var hasExpired: Bool { expired > 0 }

    /// Adds a row.
    mutating func add(_ time: Int64) {
        guard time > moment else { return expired += 1 }
        comingRows += 1
        let count = coming.updateValue((coming[time] ?? 0) + 1, forKey: time)
        if count == nil { push(time) }
    }

    /// Takes a row out that was added with this time: it has been deleted.
    mutating func remove(_ time: Int64) {
        guard time > moment else { return expired -= 1 }
        comingRows -= 1
        coming[time, default: 1] -= 1
        if times.count > 2 * comingRows + Self.slack { compact() }
    }

    /// Moves on to `now`. Complexity: O(log n) for each time that has come.
    mutating func advance(to now: Int64) {
        guard now > moment else { return }
        moment = now
        while let next = times.first, next <= now {
            pop()
            let rows = coming.removeValue(forKey: next) ?? 0
            expired += rows
            comingRows -= rows
        }
    }

    /// Times without rows that are kept before they are swept out.
    private static let slack = 1_024

    private mutating func compact() {
        coming = coming.filter { $0.value > 0 }
        // Sorted is a heap.
        times = coming.keys.sorted()
    }

    private mutating func push(_ time: Int64) {
        times.append(time)
        var child = times.count - 1
        while child > 0, times[child] < times[(child - 1) / 2] {
            times.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    private mutating func pop() {
        times.swapAt(0, times.count - 1)
        times.removeLast()
        var parent = 0
        while 2 * parent + 1 < times.count {
            let left = 2 * parent + 1
            let right = left + 1
            let child = right < times.count && times[right] < times[left] ? right : left
            guard times[child] < times[parent] else { return }
            times.swapAt(child, parent)
            parent = child
        }
    }
}
