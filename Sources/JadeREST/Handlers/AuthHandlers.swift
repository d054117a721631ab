import HTTPTypes
import JadeAPI
import JadeCore

/// `/v1/auth`: logging in, and what one asks about oneself.
enum AuthHandlers {
    static func login(_ call: Call) async throws(JadeError) -> Reply {
        let request = try call.decode(LoginRequest.self)
        return .secret(try await call.door.access.login(name: request.name, password: request.password, from: call.origin))
    }

    static func refresh(_ call: Call) async throws(JadeError) -> Reply {
        .secret(try await call.door.access.refresh(call.decode(RefreshRequest.self).token, from: call.origin))
    }

    static func logout(_ call: Call) async throws(JadeError) -> Reply {
        try await call.security.logout()
        return Reply(.noContent)
    }

    static func me(_ call: Call) async throws(JadeError) -> Reply { .json(try await call.security.caller()) }

    static func changePassword(_ call: Call) async throws(JadeError) -> Reply {
        let request = try call.decode(PasswordChange.self)
        try await call.security.changePassword(from: request.old, to: request.new)
        return Reply(.noContent)
    }
}

extension Call {
    var security: any SecurityService {
        get throws(JadeError) {
            guard let security = try caller.security else { throw .notFound("this server runs without accounts") }
            return security
        }
    }

    /// A parameter of the path, decoded.
    func name(_ position: Int, _ what: String) throws(JadeError) -> String { try PercentDecoding.decode(parameters[position], what) }
}

extension Reply {
    /// What nobody in between may keep.
    static func secret(_ value: some WireEncodable, _ status: HTTPResponse.Status = .ok) -> Reply {
        .json(value, status, headers: [.cacheControl: "no-store"])
    }
}
