package import HTTPTypes
package import JadeAPI
package import JadeCore
package import JadeJSON
package import NIOCore

/// A request as its handler sees it.
package struct Call: Sendable {
    let door: RESTDoor
    /// Who was let in; nil on a route that needs nobody.
    private let admitted: (any AdmittedCaller)?
    package let origin: RequestOrigin
    package let query: Query
    /// The parameters of the path in their order, still percent-encoded.
    let parameters: [Substring]
    package let headers: HTTPFields
    let body: ByteBuffer

    init(
        door: RESTDoor, admitted: (any AdmittedCaller)?, origin: RequestOrigin, query: Query, parameters: [Substring], headers: HTTPFields,
        body: ByteBuffer
    ) {
        self.door = door
        self.admitted = admitted
        self.origin = origin
        self.query = query
        self.parameters = parameters
        self.headers = headers
        self.body = body
    }

    package var caller: any AdmittedCaller {
        get throws(JadeError) {
            guard let admitted else { throw .internal("a route that needs nobody asked for its caller") }
            return admitted
        }
    }

    /// The databases as the caller may use them.
    package var service: any DatabaseService {
        get throws(JadeError) { try caller.databases }
    }

    /// The database that the path names.
    package var database: String {
        get throws(JadeError) { try PercentDecoding.decode(parameters[0], "database") }
    }

    /// The vector that the path names.
    package var vectorID: VectorID {
        get throws(JadeError) { try VectorID(PercentDecoding.decode(parameters[1], "vector id")) }
    }

    /// Whether the body is a frame of vectors rather than JSON.
    var hasFrame: Bool { headers[.contentType].map(MediaType.essence) == FrameType.vectors }

    /// Whether the client asks for a frame of this type.
    func accepts(_ type: String) -> Bool { headers[.accept].map { MediaType.accepts($0, type) } ?? false }

    /// What the body's frame says, read in place.
    func frame<Value>(
        _ read: (UnsafeRawBufferPointer, JSONParserPool) throws(JadeError) -> Value
    ) throws(JadeError) -> Value {
        let outcome = body.withUnsafeReadableBytes { bytes in
            Result { () throws(JadeError) in try read(bytes, door.parsers) }
        }
        return try outcome.get()
    }

    /// What the body's JSON document says. The document is parsed once and read in place.
    package func decode<Value: WireDecodable>(_ type: Value.Type = Value.self) throws(JadeError) -> Value {
        let outcome = body.withUnsafeReadableBytes { bytes in
            Result { () throws(JadeError) in
                try WireJSON.decode(type, from: bytes, slack: body.writableBytes, pool: door.parsers)
            }
        }
        return try outcome.get()
    }
}
