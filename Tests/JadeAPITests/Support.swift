import JadeAPI
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

func decode<Value: WireDecodable>(_ type: Value.Type, _ json: String) throws(JadeError) -> Value {
    try WireJSON.decode(type, from: Array(json.utf8))
}

func encoded(_ value: some WireEncodable) -> String { String(decoding: WireJSON.encode(value), as: UTF8.self) }

/// Reads back what it writes.
func roundTrip<Value: WireDecodable & WireEncodable>(_ value: Value) throws(JadeError) -> Value {
    try WireJSON.decode(Value.self, from: WireJSON.encode(value))
}

/// The error that `json` is refused with as a `type`.
func refusal<Value: WireDecodable>(_ type: Value.Type, _ json: String) -> JadeError? {
    do {
        _ = try decode(type, json)
        return nil
    } catch { return error }
}

func decode<Value: WireDecodable>(_ json: String) throws(JadeError) -> Value { try decode(Value.self, json) }
