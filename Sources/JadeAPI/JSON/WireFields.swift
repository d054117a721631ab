internal import JadeCore
internal import JadeJSON

/// The fields of one kind of object: cases with the names on the wire.
protocol WireField: RawRepresentable<String>, CaseIterable, Sendable where AllCases == [Self] {}

/// What happens to fields that nobody knows.
enum UnknownFields {
    /// In requests: a misspelt option must not be ignored.
    case refused
    /// In answers: the server may be newer.
    case ignored
}

extension JSONElement {
    /// Calls `body` for every field of an object that is there and not `null`.
    ///
    /// - Parameter noun: what messages call the object.
    func readFields<Field: WireField>(
        _ type: Field.Type, of noun: String, unknown: UnknownFields = .refused,
        _ body: (Field, JSONElement) throws(JadeError) -> Void
    ) throws(JadeError) {
        guard let members else { throw .invalidArgument("\(noun) is \(kindPhrase), expected an object") }
        let fields = Field.allCases
        var seen: UInt64 = 0
        for (key, value) in members {
            guard let position = fields.firstIndex(where: { key == $0.rawValue }) else {
                if unknown == .ignored { continue }
                throw Self.unknownField(key.string, noun, fields.map(\.rawValue))
            }
            guard seen & (1 << position) == 0 else { throw .invalidArgument("\(quoted(key.string)) occurs twice in \(noun)") }
            seen |= 1 << position
            if !value.isNull { try body(fields[position], value) }
        }
    }

    /// The texts of an object that has nothing else, in the order of the fields; each of them must be there.
    func texts<Field: WireField>(_ type: Field.Type, of noun: String) throws(JadeError) -> [String] {
        var texts: [String: String] = [:]
        try readFields(type, of: noun) { (field, value) throws(JadeError) in texts[field.rawValue] = try value.string(field.rawValue) }
        return try Field.allCases.map { (field) throws(JadeError) in try required(texts[field.rawValue], field, of: noun) }
    }

    private static func unknownField(_ key: String, _ noun: String, _ known: [String]) -> JadeError {
        .invalidArgument(
            "unknown field \(shown(key)) in \(noun), expected one of \(known.joined(separator: ", "))\(suggestion(for: key, among: known))")
    }
}

/// The value of a field that must be there.
func required<Value>(_ value: Value?, _ field: some WireField, of noun: String) throws(JadeError) -> Value {
    guard let value else { throw .invalidArgument("\(quoted(field.rawValue)) is missing in \(noun)") }
    return value
}

/// Puts a place before the message of an error: `vectors[17]: …`.
func located<Value>(_ list: String, _ position: Int, _ body: () throws(JadeError) -> Value) throws(JadeError) -> Value {
    do {
        return try body()
    } catch {
        throw JadeError(error.code, "\(list)[\(position)]: \(error.message)")
    }
}

/// A name from a request as messages show it, cut where it is too long to be worth it.
func shown(_ name: String) -> String {
    name.count <= 64 ? quoted(name) : "\(quoted(String(name.prefix(61))))..."
}

/// `; did you mean "top_k"?` when a known name is near; empty otherwise.
func suggestion(for name: String, among known: [String]) -> String {
    guard name.utf8.count <= 64 else { return "" }
    let nearest = known.map { (name: $0, distance: editDistance(Array(name.utf8), Array($0.utf8))) }
        .min { $0.distance < $1.distance }
    guard let nearest, nearest.distance <= 2, nearest.distance < nearest.name.utf8.count - 1 else { return "" }
    return "; did you mean \(quoted(nearest.name))?"
}

/// Insertions, deletions and replacements between two names (Levenshtein), by one row of the table at a time.
private func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var row = Array(0...right.count)
    for (i, leftByte) in left.enumerated() {
        var diagonal = row[0]
        row[0] = i + 1
        for (j, rightByte) in right.enumerated() {
            let replaced = diagonal + (leftByte == rightByte ? 0 : 1)
            diagonal = row[j + 1]
            row[j + 1] = min(replaced, row[j] + 1, diagonal + 1)
        }
    }
    return row[right.count]
}
