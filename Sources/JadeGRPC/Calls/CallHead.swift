internal import JadeAPI
internal import JadeCore
internal import JadeProto
internal import NIOCore
internal import NIOHPACK

/// What the headers of a call say.
struct CallHead {
    let path: String
    /// Nanoseconds that the caller waits.
    let timeout: Int64?
    let credential: Credential
    /// Whether messages may be packed by gzip; then answers are too.
    let isPacked: Bool
    let origin: RequestOrigin

    /// Why a request is not a call at all: answered in HTTP's own terms, for whoever does not speak gRPC.
    struct NotGRPC: Error {
        let httpStatus: Int
        let reason: String
    }

    /// - Throws: ``NotGRPC``, or ``CallFailure`` for what is gRPC and not acceptable.
    init(_ headers: HPACKHeaders, door: GRPCDoor, peer: String?) throws {
        guard headers.first(name: ":method") == "POST" else {
            throw NotGRPC(httpStatus: 405, reason: "gRPC calls are sent with POST")
        }
        let type = headers.first(name: "content-type") ?? ""
        guard type.hasPrefix("application/grpc"), Self.isKnownFormat(type.dropFirst("application/grpc".count)) else {
            throw NotGRPC(httpStatus: 415, reason: "content type is \(type.prefix(64).debugDescription), expected application/grpc")
        }
        path = headers.first(name: ":path") ?? ""
        let id = door.ids.name(offered: headers.first(name: "x-request-id"))
        origin = RequestOrigin(address: peer ?? "", agent: headers.first(name: "user-agent") ?? "", requestID: id)
        do throws(JadeError) {
            credential = try Credential(authorization: headers.first(name: "authorization"), apiKey: headers.first(name: "x-api-key"))
        } catch {
            throw CallFailure(error)
        }
        timeout = try headers.first(name: CallTimeout.header).map { text in
            guard let nanoseconds = CallTimeout.nanoseconds(text) else {
                throw CallFailure(.invalidArgument("\(CallTimeout.header) is \(text.prefix(32).debugDescription), expected digits and a unit"))
            }
            return nanoseconds
        }
        let encoding = headers.first(name: "grpc-encoding") ?? "identity"
        isPacked = encoding == "gzip"
        guard isPacked || encoding == "identity" else {
            throw CallFailure(
                .unimplemented, .invalidArgument("messages are encoded by \(encoding.prefix(32).debugDescription), expected gzip or identity"))
        }
    }

    /// Nothing, `+proto`, or parameters.
    private static func isKnownFormat(_ rest: Substring) -> Bool { rest.isEmpty || rest.hasPrefix("+proto") || rest.hasPrefix(";") }
}
