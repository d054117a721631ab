internal import JadeCore

/// Numbers of the wire as the engine counts: a number beyond what an `Int` holds is refused where it came from outside, and cut
/// where only a damaged server could have sent it.
enum Number {
    static func int(_ value: UInt64, _ field: String) throws(JadeError) -> Int {
        guard let value = Int(exactly: value) else { throw .invalidArgument("\(field) is \(value), expected at most \(Int.max)") }
        return value
    }

    static func int(_ value: Int64) -> Int { Int(value) }
}

extension UInt64 {
    /// A count for the wire: counts are never negative.
    init(count: Int) { self.init(clamping: count) }
}

extension Int {
    /// A count from the wire.
    init(count: UInt64) { self.init(clamping: count) }
}

/// Puts a place before the message of an error: `vectors[17]: …`.
func located<Value>(_ list: String, _ position: Int, _ body: () throws(JadeError) -> Value) throws(JadeError) -> Value {
    do { return try body() } catch { throw JadeError(error.code, "\(list)[\(position)]: \(error.message)") }
}

/// Elements one by one, up to a limit; errors name the element's place.
func list<Element, Value>(
    _ name: String, _ elements: [Element], limit: Int, _ read: (Element) throws(JadeError) -> Value
) throws(JadeError) -> [Value] {
    guard elements.count <= limit else { throw .tooLarge("\(name) has \(elements.count) elements, the limit is \(limit)") }
    var values: [Value] = []
    values.reserveCapacity(elements.count)
    for element in elements { values.append(try located(name, values.count) { () throws(JadeError) in try read(element) }) }
    return values
}

/// The case that a name stands for.
func choice<Value: CaseIterable>(
    _ field: String, _ given: String, _ name: (Value) -> String
) throws(JadeError) -> Value {
    if let match = Value.allCases.first(where: { name($0) == given }) { return match }
    let names = Value.allCases.map(name).joined(separator: ", ")
    throw .invalidArgument("\(field) is \(String(given.prefix(64)).debugDescription), expected one of \(names)")
}
