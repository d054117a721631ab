import HTTPTypes
import JadeAPI
import JadeCore
import JadeJSON

/// The interface as an OpenAPI 3.1 document, made from the routes and what ``Operation`` says of each.
package enum OpenAPIDocument {
    /// The document as it is served: JSON, UTF-8.
    package static let bytes = render(Routes.all)

    /// Routes that nobody has documented: they appear in the document with their path alone.
    package static var undocumented: [String] { Routes.all.map(\.name).filter { Operation.all[$0] == nil }.sorted() }

    /// Documentation of routes that do not exist.
    package static var orphans: [String] {
        let names = Set(Routes.all.map(\.name))
        return Operation.all.keys.filter { !names.contains($0) }.sorted()
    }

    static func render(_ routes: [Route]) -> [UInt8] {
        var writer = JSONWriter(reserving: 128 * 1024)
        writer.beginObject()
        writer.member("openapi", "3.1.0")
        writeInfo(&writer)
        writer.key("servers")
        writer.fragment(#"[{"url":"/","description":"this server"}]"#)
        writer.key("tags")
        writer.beginArray()
        for tag in Operation.tags {
            writer.beginObject()
            writer.member("name", tag.name)
            writer.member("description", tag.summary)
            writer.endObject()
        }
        writer.endArray()
        writePaths(routes, &writer)
        writeComponents(&writer)
        writer.endObject()
        return writer.bytes
    }

    private static func writeInfo(_ writer: inout JSONWriter) {
        writer.key("info")
        writer.beginObject()
        writer.member("title", "JadeVectorDB")
        writer.member("version", "1")
        writer.member(
            "description",
            """
            A vector database over HTTP. Requests are read strictly: an unknown field is an error that names the known ones. Answers may \
            gain fields. Every error is a problem document (RFC 9457) whose `code` says what to do. Every answer carries \
            `X-Request-Id`: the client's own, or one made here.
            """)
        writer.key("license")
        writer.fragment(#"{"name":"Apache 2.0","identifier":"Apache-2.0"}"#)
        writer.endObject()
    }

    private static func writePaths(_ routes: [Route], _ writer: inout JSONWriter) {
        var templates: [String] = []
        for route in routes where !templates.contains(route.template) { templates.append(route.template) }
        writer.key("paths")
        writer.beginObject()
        for template in templates {
            writer.key(template)
            writer.beginObject()
            for route in routes where route.template == template {
                writer.key(route.method.rawValue.lowercased())
                OperationWriter(route: route, operation: Operation.all[route.name]).write(to: &writer)
            }
            writer.endObject()
        }
        writer.endObject()
    }

    private static func writeComponents(_ writer: inout JSONWriter) {
        writer.key("components")
        writer.beginObject()
        writer.key("schemas")
        writer.beginObject()
        for schema in Schemas.all {
            writer.key(schema.name)
            writer.fragment(schema.text)
        }
        writer.endObject()
        writer.key("headers")
        writer.fragment(Schemas.headers)
        writer.key("securitySchemes")
        writer.fragment(
            """
            {"key":{"type":"http","scheme":"bearer","description":"An API key, or the access token of a login. A server that was started with --dev asks for none."}}
            """)
        writer.endObject()
    }
}

extension Route {
    /// `GET /v1/databases`.
    package var name: String { "\(method.rawValue) \(template)" }
}

extension JSONWriter {
    mutating func member(_ name: StaticString, _ value: String) {
        key(name)
        string(value)
    }

    /// JSON that is written already.
    mutating func fragment(_ text: String) {
        var text = text
        text.withUTF8 { json(UnsafeRawBufferPointer($0)) }
    }
}
