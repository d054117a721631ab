internal import JadeCore
internal import JadeJSON

/// Typed access that says field, expected and found.
extension JSONElement {
    func mismatch(_ field: String, _ expected: String) -> JadeError {
        .invalidArgument("\(quoted(field)) is \(kindPhrase), expected \(expected)")
    }

    func integer(_ field: String) throws(JadeError) -> Int {
        if let value = int64 { return Int(value) }
        if let value = uint64 { throw .invalidArgument("\(quoted(field)) is \(value), expected at most \(Int64.max)") }
        throw mismatch(field, "an integer")
    }

    func unsigned(_ field: String) throws(JadeError) -> UInt64 {
        if let value = uint64 { return value }
        if let value = int64 { throw .invalidArgument("\(quoted(field)) is \(value), expected at least 0") }
        throw mismatch(field, "an integer")
    }

    func boolean(_ field: String) throws(JadeError) -> Bool {
        guard let bool else { throw mismatch(field, "true or false") }
        return bool
    }

    func string(_ field: String) throws(JadeError) -> String {
        guard let string else { throw mismatch(field, "a string") }
        return string
    }

    func number(_ field: String) throws(JadeError) -> Double {
        guard let double else { throw mismatch(field, "a number") }
        return double
    }

    func float(_ field: String) throws(JadeError) -> Float {
        let value = try number(field)
        guard Float(value).isFinite else {
            throw .invalidArgument("\(quoted(field)) is \(value), which does not fit a 32-bit float")
        }
        return Float(value)
    }

    /// One of a closed list of names.
    func choice<Value: CaseIterable>(
        _ field: String, _ name: (Value) -> String
    ) throws(JadeError) -> Value {
        let given = try string(field)
        let cases = Array(Value.allCases)
        if let match = cases.first(where: { name($0) == given }) { return match }
        let names = cases.map(name)
        throw .invalidArgument(
            "\(quoted(field)) is \(shown(given)), expected one of \(names.joined(separator: ", "))\(suggestion(for: given, among: names))")
    }

    /// A list whose elements are read one by one; errors name the element's place.
    func list<Value>(
        _ field: String, limit: Int, _ read: (JSONElement) throws(JadeError) -> Value
    ) throws(JadeError) -> [Value] {
        guard let elements else { throw mismatch(field, "an array") }
        let count = count
        guard count <= limit else {
            throw .tooLarge("\(quoted(field)) has \(count) elements, the limit is \(limit)")
        }
        var values: [Value] = []
        values.reserveCapacity(count)
        for element in elements {
            values.append(try located(field, values.count) { () throws(JadeError) in try read(element) })
        }
        return values
    }
}

extension JSONWriter {
    mutating func list<Value>(_ key: StaticString, _ values: [Value], _ write: (Value, inout JSONWriter) -> Void) {
        self.key(key)
        beginArray()
        for value in values { write(value, &self) }
        endArray()
    }

    mutating func field(_ key: StaticString, _ value: String) {
        self.key(key)
        string(value)
    }

    mutating func field(_ key: StaticString, _ value: Int) {
        self.key(key)
        integer(value)
    }

    mutating func field(_ key: StaticString, _ value: Bool) {
        self.key(key)
        bool(value)
    }

    /// Left out when nil.
    mutating func field(_ key: StaticString, ifPresent value: Int?) {
        if let value { field(key, value) }
    }

    mutating func field(_ key: StaticString, ifPresent value: String?) {
        if let value { field(key, value) }
    }

    mutating func field(_ key: StaticString, ifPresent value: Bool?) {
        if let value { field(key, value) }
    }

    mutating func field(_ key: StaticString, ifPresent value: Double?) {
        guard let value else { return }
        self.key(key)
        double(value)
    }
}
