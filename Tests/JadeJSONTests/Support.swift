import JadeCore
import JadeJSON
import Testing

/// splitmix64: the same numbers from the same seed, on every machine.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Parses `json` and hands its root to `body`.
func parse<Result>(_ json: String, _ body: (JSONElement) throws(JadeError) -> Result) throws(JadeError) -> Result {
    try JSONParser().withDocument(Array(json.utf8), body)
}

/// The error that `json` is refused with.
func refusal(_ bytes: [UInt8]) -> JadeError? {
    do {
        try JSONParser().withDocument(bytes) { (_) throws(JadeError) in }
        return nil
    } catch { return error }
}

func refusal(_ json: String) -> JadeError? { refusal(Array(json.utf8)) }

func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
