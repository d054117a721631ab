package import JadeAPI
package import JadeCore
package import JadeJSON
package import NIOCore

/// A request as its handler sees it.
package struct Call: Sendable {
    let door: RESTDoor
    package let query: Query
    /// The parameters of the path in their order, still percent-encoded.
    let parameters: [Substring]
    let body: ByteBuffer

    package var service: any DatabaseService { door.service }

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
