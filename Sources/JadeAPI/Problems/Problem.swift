package import JadeCore
package import JadeJSON

/// An error on the wire: RFC 9457's problem document, media type `application/problem+json`, with our error code beside it.
///
/// `{"type":"about:blank","title":"Not Found","status":404,"detail":"database \"docs\" does not exist","code":"not_found"}`
package struct Problem: Sendable, Hashable {
    package static let mediaType = "application/problem+json"

    /// `about:blank`: title and status say what kind of problem it is, `code` says it for programs.
    package var type: String
    package var title: String
    package var status: Int
    package var detail: String
    /// The raw value of an ``ErrorCode``; nil where the answer is not from us.
    package var code: String?

    package init(_ error: JadeError) {
        type = "about:blank"
        title = error.code.httpTitle
        status = error.code.httpStatus
        detail = error.message
        code = error.code.rawValue
    }

    /// The error that the problem was made of, as far as it can be told.
    package var error: JadeError {
        let code = code.flatMap(ErrorCode.init(rawValue:)) ?? ErrorCode(httpStatus: status)
        return JadeError(code, detail.isEmpty ? title : detail)
    }
}

extension Problem: WireDecodable, WireEncodable {
    private enum Field: String, WireField {
        case type, title, status, detail, code
    }

    package init(json: JSONElement) throws(JadeError) {
        type = "about:blank"
        title = ""
        status = 500
        detail = ""
        try json.readFields(Field.self, of: "problem", unknown: .ignored) { (field, value) throws(JadeError) in
            switch field {
            case .type: type = try value.string(field.rawValue)
            case .title: title = try value.string(field.rawValue)
            case .status: status = try value.integer(field.rawValue)
            case .detail: detail = try value.string(field.rawValue)
            case .code: code = try value.string(field.rawValue)
            }
        }
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("type", type)
        writer.field("title", title)
        writer.field("status", status)
        writer.field("detail", detail)
        writer.field("code", ifPresent: code)
        writer.endObject()
    }
}
