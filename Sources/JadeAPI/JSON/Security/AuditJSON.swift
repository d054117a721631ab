package import JadeCore
package import JadeJSON

/// An entry of `GET /v1/audit`; `detail` is a JSON object as text, exactly as it was hashed.
extension AuditEntry: WireListMember {
    package static var listName: String { "entries" }

    package init(json: JSONElement) throws(JadeError) {
        let outcome = try json.text("outcome")
        guard let outcome = AuditEvent.Outcome(rawValue: outcome) else { throw .invalidArgument("unknown outcome \(shown(outcome))") }
        self.init(
            sequence: Int64(try json.whole("sequence")), at: try json.time("at"),
            event: AuditEvent(
                actorID: try json.text("actor_id"), actor: try json.text("actor"), action: try json.text("action"),
                resource: try json.text("resource"), outcome: outcome, requestID: try json.text("request_id"),
                address: try json.text("address"), detail: try json.text("detail")),
            hash: try json.hash("hash"))
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("sequence", Int(sequence))
        writer.field("at", time: at)
        writer.field("actor_id", event.actorID)
        writer.field("actor", event.actor)
        writer.field("action", event.action)
        writer.field("resource", event.resource)
        writer.field("outcome", event.outcome.rawValue)
        writer.field("request_id", event.requestID)
        writer.field("address", event.address)
        writer.field("detail", event.detail)
        writer.field("hash", Hexadecimal.text(hash))
        writer.endObject()
    }
}

/// The answer to `POST /v1/audit/verify`: `{"sequence","hash"}`.
extension AuditHead: WireDecodable, WireEncodable {
    package init(json: JSONElement) throws(JadeError) {
        self.init(sequence: Int64(try json.whole("sequence")), hash: try json.hash("hash"))
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("sequence", Int(sequence))
        writer.field("hash", Hexadecimal.text(hash))
        writer.endObject()
    }
}

/// Bytes as digits, two each.
package enum Hexadecimal {
    package static func text(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// Nil for anything but whole bytes.
    package static func bytes(_ text: String) -> [UInt8]? {
        let digits = text.utf8.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
        guard digits.count == text.utf8.count, digits.count.isMultiple(of: 2) else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}

extension JSONElement {
    fileprivate func hash(_ name: String) throws(JadeError) -> [UInt8] {
        let text = try text(name)
        guard let bytes = Hexadecimal.bytes(text), bytes.count == 32 else {
            throw .invalidArgument("\(quoted(name)) is \(shown(text)), expected 64 hexadecimal digits")
        }
        return bytes
    }
}
