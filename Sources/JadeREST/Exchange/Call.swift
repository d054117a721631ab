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
    let body: ByteBuffer

    init(
        door: RESTDoor, admitted: (any AdmittedCaller)?, origin: RequestOrigin, query: Query, parameters: [Substring], body: ByteBuffer
    ) {
        self.door = door
        self.admitted = admitted
        self.origin = origin
        self.query = query
        self.parameters = parameters
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
