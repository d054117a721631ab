import JadeCore

/// All rows of a file in memory, for benchmarks.
struct Matrix: Sendable {
    let rowCount: Int
    let dimension: Int
    /// Row after row.
    let values: [Float]

    func row(_ index: Int) -> ArraySlice<Float> { values[index * dimension..<(index + 1) * dimension] }

    init(rowCount: Int, dimension: Int, values: [Float]) { (self.rowCount, self.dimension, self.values) = (rowCount, dimension, values) }

    init(path: String, maximumRows: Int = .max) throws(JadeError) {
        let reader = try RowFile.open(path)
        dimension = reader.dimension
        var values: [Float] = []
        // A packed file's own word is not memory yet: it may promise more than it holds.
        values.reserveCapacity(min(reader.rowCount ?? 0, maximumRows, 1 << 20) * dimension)
        var rows = RowIterator(reader)
        var count = 0
        while count < maximumRows, let row = try rows.next() {
            values += row
            count += 1
        }
        self.values = values
        rowCount = count
    }
}

/// The exact nearest rows of each query, nearest first.
struct Truth: Sendable {
    let rowCount: Int
    /// Neighbours known of each query.
    let depth: Int
    let neighbours: [Int]

    func row(_ index: Int) -> ArraySlice<Int> { neighbours[index * depth..<(index + 1) * depth] }

    init(rowCount: Int, depth: Int, neighbours: [Int]) {
        self.rowCount = rowCount
        self.depth = depth
        self.neighbours = neighbours
    }

    init(path: String) throws(JadeError) {
        let reader = try RowFile.open(path)
        var raw = [UInt8](repeating: 0, count: reader.dimension * reader.element.width)
        var neighbours: [Int] = []
        var count = 0
        while try raw.fill(from: reader) {
            guard let numbers = raw.withUnsafeBytes({ reader.element.rowNumbers($0) }) else {
                throw .invalidArgument("\(path) holds \(reader.element.rawValue), expected row numbers such as i4")
            }
            neighbours += numbers
            count += 1
        }
        self.init(rowCount: count, depth: reader.dimension, neighbours: neighbours)
    }
}

/// Gives the rows of a file as float32.
struct RowIterator {
    private let reader: any RowReader
    private var raw: [UInt8]

    init(_ reader: any RowReader) {
        self.reader = reader
        raw = [UInt8](repeating: 0, count: reader.dimension * reader.element.width)
    }

    mutating func next() throws(JadeError) -> [Float]? {
        guard try raw.fill(from: reader) else { return nil }
        return raw.withUnsafeBytes { bytes in
            [Float](unsafeUninitializedCapacity: reader.dimension) { out, count in
                reader.element.floats(bytes, into: UnsafeMutableBufferPointer(rebasing: out.prefix(reader.dimension)))
                count = reader.dimension
            }
        }
    }
}

extension [UInt8] {
    fileprivate mutating func fill(from reader: any RowReader) throws(JadeError) -> Bool {
        let result: Result<Bool, JadeError> = withUnsafeMutableBytes { buffer in
            do throws(JadeError) { return .success(try reader.next(into: buffer)) } catch { return .failure(error) }
        }
        return try result.get()
    }
}
