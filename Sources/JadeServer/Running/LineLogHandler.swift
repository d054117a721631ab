package import Logging

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Writes log lines to standard error: for people, or as JSON objects for machines.
package struct LineLogHandler: LogHandler {
    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?

    private let label: String
    private let format: ServerConfiguration.Log.Format
    private let write: @Sendable (String) -> Void

    /// - Parameter write: Takes whole lines, their line feed included.
    package init(
        label: String, _ settings: ServerConfiguration.Log,
        write: @escaping @Sendable (String) -> Void = { StandardStream.error.write($0) }
    ) {
        self.label = label
        self.format = settings.format
        self.logLevel = Logger.Level(rawValue: settings.level.rawValue) ?? .info
        self.write = write
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var fields = metadata
        if let provided = metadataProvider?.get() { fields.merge(provided) { _, new in new } }
        if let given = event.metadata { fields.merge(given) { _, new in new } }
        if let error = event.error { fields["error"] = "\(error)" }
        let time = Date().ISO8601Format(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        let pairs = fields.sorted { $0.key < $1.key }.map { ($0.key, "\($0.value)") }
        switch format {
        case .text: write(Self.text(time, event, pairs))
        case .json: write(json(time, event, pairs))
        }
    }

    private static func text(_ time: String, _ event: LogEvent, _ fields: [(String, String)]) -> String {
        let level = event.level.rawValue.padding(to: 8)
        let details = fields.map { " \($0)=\($1.contains(where: \.isWhitespace) ? $1.debugDescription : $1)" }.joined()
        return "\(time) \(level) \(event.message)\(details)\n"
    }

    private func json(_ time: String, _ event: LogEvent, _ fields: [(String, String)]) -> String {
        let own = [("time", time), ("level", event.level.rawValue), ("logger", label), ("message", "\(event.message)")]
        let members = (own + fields).map { "\(Self.quoted($0)):\(Self.quoted($1))" }
        return "{\(members.joined(separator: ","))}\n"
    }

    /// A JSON string.
    private static func quoted(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case _ where scalar.value < 0x20:
                let hex = String(scalar.value, radix: 16)
                out += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }
}

/// One of the process's own streams, written without a buffer in between.
enum StandardStream: Int32 {
    case output = 1
    case error = 2

    /// Writes as much as the stream takes; what nobody reads any more is dropped.
    func write(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)[...]
            while !rest.isEmpty {
                let written = systemWrite(rawValue, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                guard written > 0 else { return }
                rest = rest.dropFirst(written)
            }
        }
    }
}

/// `write(2)` under a name that the method above does not hide.
func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    write(descriptor, bytes, count)
}

extension String {
    fileprivate func padding(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
