import Foundation

/// Small vectors from a generator with a seed, and the formats they are written in.
struct SampleRows {
    let rows: [[Float]]

    init(count: Int, dimension: Int, seed: UInt64 = 1) {
        var generator = SplitMix(state: seed)
        rows = (0..<count).map { _ in (0..<dimension).map { _ in Float(generator.unit() * 2 - 1) } }
    }

    var fvecs: [UInt8] { rows.flatMap { Self.bytes(Int32($0.count)) + $0.flatMap(Self.bytes) } }

    var npy: [UInt8] {
        let dictionary = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(rows.count), \(rows[0].count)), }"
        let padded = dictionary + String(repeating: " ", count: 117 - dictionary.utf8.count) + "\n"
        return [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + Array(padded.utf8) + rows.joined().flatMap(Self.bytes)
    }

    /// `{"number":3,"even":false,"name":"row-3"}`
    var metadata: String {
        rows.indices.map { #"{"number":\#($0),"even":\#($0.isMultiple(of: 2)),"name":"row-\#($0)"}"# }.joined(separator: "\n") + "\n"
    }

    static func bytes<Value: BitwiseCopyable>(_ value: Value) -> [UInt8] { withUnsafeBytes(of: value) { Array($0) } }
}

/// SplitMix64, https://prng.di.unimi.it/splitmix64.c: enough for test data.
struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }
    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}
