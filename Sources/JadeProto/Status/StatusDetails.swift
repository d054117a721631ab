internal import JadeCore
internal import SwiftProtobuf

/// The typed details of a failure, as clients in any language read them: `google.rpc.ErrorInfo` and its relatives.
package enum StatusDetails {
    package static let domain = "jadevectordb"
    private static let typePrefix = "type.googleapis.com"

    package static func status(_ failure: CallFailure, requestID: String = "") -> Google_Rpc_Status {
        var status = Google_Rpc_Status()
        status.code = Int32(failure.code.rawValue)
        status.message = failure.error.message
        add(info(failure.error.code), to: &status)
        if failure.error.code == .invalidArgument || failure.error.code == .tooLarge { add(badRequest(failure.error), to: &status) }
        if failure.error.code == .overloaded { add(retry(seconds: 1), to: &status) }
        if !requestID.isEmpty { add(request(requestID), to: &status) }
        return status
    }

    /// The failure that a status within an answer tells.
    package static func failure(_ status: Google_Rpc_Status) -> CallFailure {
        let code = StatusCode(rawValue: Int(status.code)) ?? .unknown
        return CallFailure(code, JadeError(errorCode(status) ?? code.errorCode, status.message))
    }

    /// Our own code, where the status is from one of our servers.
    static func errorCode(_ status: Google_Rpc_Status) -> ErrorCode? {
        for detail in status.details where detail.isA(Google_Rpc_ErrorInfo.self) {
            guard let info = try? Google_Rpc_ErrorInfo(unpackingAny: detail), info.domain == domain else { continue }
            return ErrorCode(rawValue: info.reason.lowercased())
        }
        return nil
    }

    private static func add(_ detail: some Message, to status: inout Google_Rpc_Status) {
        guard let packed = try? Google_Protobuf_Any(message: detail, typePrefix: typePrefix) else { return }
        status.details.append(packed)
    }

    private static func info(_ code: ErrorCode) -> Google_Rpc_ErrorInfo {
        var info = Google_Rpc_ErrorInfo()
        info.reason = code.rawValue.uppercased()
        info.domain = domain
        return info
    }

    /// The place stands before the message's first colon: `vectors[3]: …`.
    private static func badRequest(_ error: JadeError) -> Google_Rpc_BadRequest {
        var violation = Google_Rpc_BadRequest.FieldViolation()
        violation.description_p = error.message
        if let place = error.message.prefixMatch(of: /[a-z_]+\[\d+\]/) { violation.field = String(place.0) }
        var request = Google_Rpc_BadRequest()
        request.fieldViolations = [violation]
        return request
    }

    private static func retry(seconds: Int64) -> Google_Rpc_RetryInfo {
        var retry = Google_Rpc_RetryInfo()
        retry.retryDelay.seconds = seconds
        return retry
    }

    private static func request(_ id: String) -> Google_Rpc_RequestInfo {
        var request = Google_Rpc_RequestInfo()
        request.requestID = id
        return request
    }
}
