package import JadeCore

extension JSONElement {
    /// The number as written, when it is an integer of 64 signed bits; `10.0` is not one.
    package var int64: Int64? {
        tag == Tag.integer ? Int64(bitPattern: tape[index + 1]) : nil
    }

    /// The number as written, when it is an integer of 64 unsigned bits.
    package var uint64: UInt64? {
        switch tag {
        case Tag.unsigned: tape[index + 1]
        case Tag.integer: UInt64(exactly: Int64(bitPattern: tape[index + 1]))
        default: nil
        }
    }

    /// Any number, rounded to the nearest double.
    package var double: Double? {
        switch tag {
        case Tag.double: Double(bitPattern: tape[index + 1])
        case Tag.integer: Double(Int64(bitPattern: tape[index + 1]))
        case Tag.unsigned: Double(tape[index + 1])
        default: nil
        }
    }

    /// An array of numbers as 32-bit floats, each rounded to the nearest.
    ///
    /// - Parameters:
    ///   - name: what messages call the array.
    ///   - limit: the most elements it may have.
    /// - Throws: `invalidArgument` when this is not an array, has more than `limit` elements, or holds something that is
    ///   not a number or does not fit a finite float; the message names index and value.
    ///
    /// Complexity: one pass, one allocation.
    package func floats(_ name: String, limit: Int) throws(JadeError) -> [Float] {
        guard tag == Tag.array else {
            throw .invalidArgument("\(quoted(name)) is \(kindPhrase), expected an array of numbers")
        }
        let count = count
        guard count <= limit else {
            throw .invalidArgument("\(quoted(name)) has \(count) numbers, the limit is \(limit)")
        }
        var converted = 0
        let floats = [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
            converted = convertFloats(count, into: buffer)
            initialized = converted
        }
        guard converted == count else { throw misfit(at: converted, in: name) }
        return floats
    }

    /// Converts elements until one does not fit; returns how many did.
    private func convertFloats(_ count: Int, into buffer: UnsafeMutableBufferPointer<Float>) -> Int {
        var place = index + 1
        for position in 0..<count {
            let value: Float
            switch UInt8(truncatingIfNeeded: tape[place] >> 56) {
            case Tag.double: value = Float(Double(bitPattern: tape[place &+ 1]))
            case Tag.integer: value = Float(Int64(bitPattern: tape[place &+ 1]))
            case Tag.unsigned: value = Float(tape[place &+ 1])
            default: return position
            }
            guard value.isFinite else { return position }
            buffer.initializeElement(at: position, to: value)
            place &+= 2
        }
        return count
    }

    private func misfit(at position: Int, in name: String) -> JadeError {
        // Everything before the misfit is a number and takes two words.
        let element = JSONElement(tape: tape, strings: strings, index: index + 1 + 2 * position)
        guard let value = element.double else {
            return .invalidArgument("\(quoted(name))[\(position)] is \(element.kindPhrase), expected a number")
        }
        return .invalidArgument("\(quoted(name))[\(position)] is \(value), which does not fit a 32-bit float")
    }
}

/// A name from a document as messages show it.
package func quoted(_ name: String) -> String { name.debugDescription }
