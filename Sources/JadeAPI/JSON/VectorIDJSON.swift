package import JadeCore
package import JadeJSON

extension JSONElement {
    /// An id: a string or an unsigned integer.
    package func vectorID(_ field: String) throws(JadeError) -> VectorID {
        if let string { return try VectorID(string) }
        if let number = uint64 { return VectorID(number) }
        if let number = int64 {
            throw .invalidArgument("\(quoted(field)) is \(number), expected a string or an unsigned integer")
        }
        throw mismatch(field, "a string or an unsigned integer")
    }

    /// A list of ids.
    func vectorIDs(_ field: String) throws(JadeError) -> [VectorID] {
        try list(field, limit: Limits.maximumBatchOperations) { (element) throws(JadeError) in try element.vectorID("id") }
    }
}

extension JSONWriter {
    mutating func vectorID(_ id: VectorID) {
        if id.isInteger, let number = UInt64(id.text) { integer(number) } else { string(id.text) }
    }
}
