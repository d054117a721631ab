/// Something a check of stored files found.
public struct Finding: Sendable, Hashable, CustomStringConvertible {
    public enum Severity: String, Sendable, CaseIterable {
        /// A file does not hold what it should.
        case damage
        /// Worth knowing; every answer is right all the same.
        case warning
    }

    public var severity: Severity
    public var file: String
    /// Bytes from the beginning of the file; nil where a file has no single place for it.
    public var offset: Int?
    public var expected: String
    public var found: String
    /// Whether the file could not be looked at, rather than holding something wrong: a newer format, or a disk that does
    /// not answer. Nobody may change such a file.
    public var isRefusal = false

    public init(_ severity: Severity = .damage, file: String, offset: Int? = nil, expected: String, found: String) {
        self.severity = severity
        self.file = file
        self.offset = offset
        self.expected = expected
        self.found = found
    }

    /// What reading a file failed with. The parts of ``JadeError/corrupted(file:offset:expected:found:)`` come apart again;
    /// any other error is told as it is.
    package init(_ error: JadeError, file: String, severity: Severity = .damage) {
        if let match = error.message.firstMatch(of: /^(.*) at offset (\d+): expected (.*?), found (.*)$/.dotMatchesNewlines()) {
            self.init(
                severity, file: String(match.1), offset: Int(match.2), expected: String(match.3), found: String(match.4))
        } else {
            self.init(severity, file: file, expected: "a readable file", found: error.message)
        }
        isRefusal = error.code != .corrupted && error.code != .notFound
    }

    public var description: String {
        let place = offset.map { " at offset \($0)" } ?? ""
        return "\(severity.rawValue): \(file)\(place): expected \(expected), found \(found)"
    }
}

/// Findings in the order they came, the first ``Limits/maximumFindings`` of them in full.
package struct FindingList: Sendable {
    package private(set) var all: [Finding] = []
    /// With those that are not kept.
    package private(set) var damageCount = 0
    package private(set) var warningCount = 0

    package init() {}

    package var isSound: Bool { damageCount == 0 }
    /// Findings that were counted only.
    package var droppedCount: Int { damageCount + warningCount - all.count }

    package mutating func add(_ finding: Finding) {
        switch finding.severity {
        case .damage: damageCount += 1
        case .warning: warningCount += 1
        }
        if all.count < Limits.maximumFindings { all.append(finding) }
    }

    package mutating func add(
        _ file: String, _ offset: Int? = nil, severity: Finding.Severity = .damage, expected: String, found: String
    ) {
        add(Finding(severity, file: file, offset: offset, expected: expected, found: found))
    }

    package mutating func add(contentsOf list: FindingList) {
        for finding in list.all { add(finding) }
        damageCount += list.damageCount - list.all.count { $0.severity == .damage }
        warningCount += list.warningCount - list.all.count { $0.severity == .warning }
    }

    /// The value, or nil with a finding when reading it failed.
    package mutating func trying<Value>(
        _ file: String, severity: Finding.Severity = .damage, _ body: () throws(JadeError) -> Value
    ) -> Value? {
        do throws(JadeError) { return try body() } catch {
            add(Finding(error, file: file, severity: severity))
            return nil
        }
    }
}

/// Told now and then by long checks: what is being done, and how much of how much.
package typealias CheckProgress = (_ what: String, _ done: Int, _ total: Int) -> Void

extension Limits {
    /// Findings that one check keeps in full.
    public static let maximumFindings = 1_000
}
