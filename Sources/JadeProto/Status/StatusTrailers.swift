#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif
internal import JadeCore
package import NIOHPACK
internal import SwiftProtobuf

/// How a call ended, as the last headers of its stream say it.
package enum StatusTrailers {
    static let code = "grpc-status"
    static let message = "grpc-message"
    static let details = "grpc-status-details-bin"

    package static let ok: HPACKHeaders = [code: "0"]

    package static func headers(_ failure: CallFailure, requestID: String) -> HPACKHeaders {
        [
            code: String(failure.code.rawValue), message: percentEncoded(failure.error.message),
            details: encoded(StatusDetails.status(failure, requestID: requestID)),
        ]
    }

    /// The failure that trailers tell; nil for a call that went well.
    ///
    /// - Parameter headers: of a whole answer without a body, or behind one.
    package static func failure(in headers: HPACKHeaders) -> CallFailure? {
        guard let text = headers.first(name: code) else {
            return CallFailure(.unknown, .internal("the answer ended without a status"))
        }
        let status = Int(text).flatMap(StatusCode.init) ?? .unknown
        guard status != .ok else { return nil }
        let reason = headers.first(name: details).flatMap(decoded).flatMap(StatusDetails.errorCode)
        let message = headers.first(name: message).map(percentDecoded) ?? ""
        return CallFailure(
            status, JadeError(reason ?? status.errorCode, message.isEmpty ? "the call ended with status \(status)" : message))
    }

    /// Base64 without padding, as headers whose names end in `-bin` have it.
    private static func encoded(_ status: Google_Rpc_Status) -> String {
        let bytes: Data = (try? status.serializedBytes()) ?? Data()
        return bytes.base64EncodedString().filter { $0 != "=" }
    }

    private static func decoded(_ text: String) -> Google_Rpc_Status? {
        let padded = text + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        return Data(base64Encoded: padded).flatMap { try? Google_Rpc_Status(serializedBytes: $0) }
    }

    /// Printable ASCII but the percent sign stays as it is.
    static func percentEncoded(_ text: String) -> String {
        var out: [UInt8] = []
        for byte in text.utf8 {
            if (0x20...0x7E).contains(byte), byte != UInt8(ascii: "%") {
                out.append(byte)
            } else {
                out += [UInt8(ascii: "%"), hexadecimal(byte >> 4), hexadecimal(byte & 15)]
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// What is not well encoded stays as it is.
    static func percentDecoded(_ text: String) -> String {
        var out: [UInt8] = []
        var rest = Substring(text).utf8
        while let byte = rest.popFirst() {
            let digits = rest.prefix(2).compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
            if byte == UInt8(ascii: "%"), digits.count == 2 {
                out.append(UInt8(digits[0] << 4 | digits[1]))
                rest.removeFirst(2)
            } else {
                out.append(byte)
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    private static func hexadecimal(_ digit: UInt8) -> UInt8 { digit < 10 ? 0x30 + digit : 0x41 + digit - 10 }
}
