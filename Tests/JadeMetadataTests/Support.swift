import Foundation
import JadeCore
import JadeJSON
import Testing

/// Random numbers that a seed repeats (SplitMix64, Steele, Lea and Flood 2014). `JADE_SEED` replays one seed alone.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

    mutating func chance(_ numerator: Int, in denominator: Int) -> Bool { below(denominator) < numerator }

    mutating func pick<T>(_ choices: [T]) -> T { choices[below(choices.count)] }

    static func seeds(_ count: Int) -> [UInt64] {
        if let given = ProcessInfo.processInfo.environment["JADE_SEED"].flatMap({ UInt64($0) }) { return [given] }
        return (1...UInt64(count)).map { $0 }
    }
}

/// A folder that goes away with the test.
final class TemporaryFolder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("jade-metadata-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { path + "/" + name }

    func read(_ name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: file(name)))) }

    func write(_ bytes: [UInt8], _ name: String) throws { try Data(bytes).write(to: URL(fileURLWithPath: file(name))) }
}

/// The code of the error the body throws, nil when it throws none.
func code(_ body: () throws -> Void) -> ErrorCode? {
    do {
        try body()
        return nil
    } catch let error as JadeError {
        return error.code
    } catch {
        Issue.record("expected a JadeError, found \(error)")
        return nil
    }
}

func bytes(_ text: String) -> [UInt8] { [UInt8](text.utf8) }
