import JadeCore
import JadeKernels
import Testing

@Suite("Conversions and codes")
struct CodeTests {
    @Test("all 16-bit floats come back, halfway cases go to even", arguments: hostLevels)
    func halves(level: KernelLevel) {
        let kernels = Kernels.at(level), all = (0...UInt16.max).map(\.self)
        var wide = [Float](repeating: 0, count: all.count), back = all
        kernels.convert(f16: all, count: all.count, to: &wide)
        kernels.convert(wide, count: wide.count, toF16: &back)
        #expect(zip(all, back).allSatisfy { $0 & 0x7FFF > 0x7C00 ? $1 == $0 | 0x200 : $0 == $1 })
        #expect(zip(all, wide).allSatisfy { $0 & 0x7FFF >= 0x7C00 || Double($1) == TypedReference.half($0) })
        let middle = all.map { $0 & 0x7FFF < 0x7BFF ? Float((TypedReference.half($0) + TypedReference.half($0 + 1)) / 2) : 0 }
        kernels.convert(middle, count: middle.count, toF16: &back)
        #expect(zip(all, back).allSatisfy { $0 & 0x7FFF >= 0x7BFF || $1 == ($0 % 2 == 0 ? $0 : $0 + 1) })
        kernels.convert(bf16: all, count: all.count, to: &wide)
        #expect(zip(all, wide).allSatisfy { UInt32($0) << 16 == $1.bitPattern })
        kernels.convert(all.map { Float(bitPattern: UInt32($0) << 16 | 0x8000) }, count: all.count, toBF16: &back)
        #expect(zip(all, back).allSatisfy { $0 & 0x7FFF >= 0x7F80 || $1 == ($0 % 2 == 0 ? $0 : $0 + 1) })
    }

    @Test("normalized vectors have length 1", arguments: hostLevels, [1, 1e-30, 1e30] as [Float])
    func normalize(level: KernelLevel, scale: Float) {
        var random = SeededRandom(seed: 21)
        for dimension in raggedDimensions where dimension > 0 {
            let vector = random.vector(dimension).map { $0 * scale }
            var out = vector
            let length = Kernels.at(level).normalize(vector, dimension: dimension, into: &out)
            let want = Reference.dot(vector, vector).squareRoot()
            #expect(abs(Double(length) - want) <= 2e-6 * want)
            #expect(abs(Reference.dot(out, out).squareRoot() - 1) < 1e-6, "dimension \(dimension)")
        }
        var zero: [Float] = [0, 0]
        #expect(Kernels.at(level).normalize(zero, dimension: 2, into: &zero) == 0 && zero == [0, 0])
    }

    @Test("codes are near, alike at all levels, and measured as what they stand for", arguments: hostLevels, [VectorType.sq8, .sq4])
    func codes(level: KernelLevel, type: VectorType) throws {
        var random = SeededRandom(seed: 22)
        let kernels = Kernels.at(level)
        let l2sq = try #require(kernels.distance(.l2sq, of: type)), dot = try #require(kernels.distance(.dot, of: type))
        for dimension in raggedDimensions where dimension > 0 {
            let vector = random.vector(dimension).map { 3 * $0 + 1 }, query = random.vector(dimension)
            let row = Self.encode(kernels, type, vector), out = Self.decode(kernels, type, row, dimension)
            #expect(row == Self.encode(.serial, type, vector), "dimension \(dimension)")
            let scale = row.withUnsafeBytes { $0.load(as: Float.self) }
            #expect(zip(vector, out).allSatisfy { abs($0 - $1) <= 0.501 * scale })
            let wantL2 = Reference.distance(.euclidean, query, out).value, wantDot = Reference.dot(query, out)
            let magnitude = zip(query, out).reduce(0.0) { $0 + Double(abs($1.0) * (abs($1.1) + 4)) }
            #expect(abs(Double(l2sq.one(query, row, dimension)) - wantL2) <= 4e-6 * (wantL2 + magnitude))
            #expect(abs(Double(dot.one(query, row, dimension)) - wantDot) <= 2e-6 * magnitude)
        }
        let broken = Self.encode(kernels, type, [1, .infinity, 2])
        #expect(l2sq.one([0, 0, 0] as [Float], broken, 3).isNaN)
    }

    /// In whole words, so that the row is aligned.
    private static func encode(_ kernels: Kernels, _ type: VectorType, _ vector: [Float]) -> [UInt32] {
        var row = [UInt32](repeating: 0, count: (type.byteCount(dimension: vector.count) + 3) / 4)
        row.withUnsafeMutableBytes {
            if type == .sq8 {
                kernels.encode(vector, dimension: vector.count, toSQ8: $0.baseAddress!)
            } else {
                kernels.encode(vector, dimension: vector.count, toSQ4: $0.baseAddress!)
            }
        }
        return row
    }

    private static func decode(_ kernels: Kernels, _ type: VectorType, _ row: [UInt32], _ dimension: Int) -> [Float] {
        var out = [Float](repeating: 0, count: dimension)
        if type == .sq8 {
            kernels.decode(sq8: row, dimension: dimension, to: &out)
        } else {
            kernels.decode(sq4: row, dimension: dimension, to: &out)
        }
        return out
    }

    @Test("codes of a given step saturate, and NaN is 0", arguments: hostLevels)
    func steps(level: KernelLevel) {
        let values: [Float] = [1.24, -1.26, 200, -200, .nan, 0, .infinity]
        var codes = [Int8](repeating: 1, count: 7), back = values
        Kernels.at(level).encode(values, step: 0.5, dimension: 7, toI8: &codes)
        #expect(codes == [2, -3, 127, -127, 0, 0, 127])
        Kernels.at(level).decode(i8: codes, step: 0.5, dimension: 7, to: &back)
        #expect(back == [1, -1.5, 63.5, -63.5, 0, 0, 63.5])
    }
}
