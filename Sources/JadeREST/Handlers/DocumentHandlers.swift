import HTTPTypes
import JadeCore
import NIOCore

/// The interface's own description: as a document for programs, as a page for people.
enum DocumentHandlers {
    private static let document = ByteBuffer(bytes: OpenAPIDocument.bytes)

    static func openAPI(_ call: Call) async throws(JadeError) -> Reply {
        Reply(.ok, headers: [.contentType: "application/json"], body: document)
    }

    /// Nothing is loaded from elsewhere, and the browser is told to keep it so.
    static func page(_ call: Call) async throws(JadeError) -> Reply {
        var reply = Reply.text(DocumentPage.html, type: "text/html; charset=utf-8")
        reply.headers[.contentSecurityPolicy] =
            "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        return reply
    }
}
