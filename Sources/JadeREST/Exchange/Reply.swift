package import HTTPTypes
import HummingbirdCore
package import JadeAPI
import JadeJSON
package import NIOCore

/// An answer before it is sent.
package struct Reply: Sendable {
    package var status: HTTPResponse.Status
    package var headers: HTTPFields
    package var body: ByteBuffer

    /// What the log says of a refusal.
    package var detail: String?

    package init(
        _ status: HTTPResponse.Status, headers: HTTPFields = [:], body: ByteBuffer = ByteBuffer(), detail: String? = nil
    ) {
        self.detail = detail
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// A value as JSON, written straight into the answer.
    ///
    /// - Parameter reserving: About how many bytes it will take.
    package static func json(
        _ value: some WireEncodable, _ status: HTTPResponse.Status = .ok, headers: HTTPFields = [:], reserving: Int = 512
    ) -> Reply {
        var headers = headers
        headers[.contentType] = "application/json"
        return Reply(status, headers: headers, body: document(reserving: reserving) { value.write(to: &$0) })
    }

    static func document(reserving: Int = 512, _ write: (inout JSONWriter) -> Void) -> ByteBuffer {
        var writer = JSONWriter(reserving: reserving)
        write(&writer)
        return writer.withBytes { ByteBuffer(bytes: $0) }
    }

    /// Plain text.
    package static func text(_ text: String, type: String) -> Reply {
        Reply(.ok, headers: [.contentType: type], body: ByteBuffer(string: text))
    }

    /// Status and headers as they are sent, with the length of the body.
    var head: HTTPResponse {
        var fields = headers
        // A 304 would have to give the length of what it does not send.
        if status != .noContent, status != .notModified { fields[.contentLength] = String(body.readableBytes) }
        return HTTPResponse(status: status, headerFields: fields)
    }
}

extension Reply {
    var responseBody: ResponseBody { body.readableBytes == 0 ? ResponseBody() : ResponseBody(byteBuffer: body) }
}
