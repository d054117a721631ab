import JadeCore
import JadeJSON

/// Findings for people and for programs.
extension FindingList {
    var lines: [String] {
        let omitted = droppedCount > 0 ? ["… and \(Numbers.grouped(droppedCount)) more"] : []
        return all.map(\.description) + omitted
    }

    /// `sound`, `sound, 1 warning`, `3 findings, 1 warning`
    var summary: String {
        let warnings = warningCount == 0 ? "" : ", \(Numbers.grouped(warningCount)) warning\(warningCount == 1 ? "" : "s")"
        return (isSound ? "sound" : "\(Numbers.grouped(damageCount)) finding\(damageCount == 1 ? "" : "s")") + warnings
    }
}

extension JSONWriter {
    /// The members `findings` and, if some are not listed, `findings_omitted`.
    mutating func findings(_ list: FindingList) {
        key("findings")
        beginArray()
        for finding in list.all {
            beginObject()
            key("severity")
            string(finding.severity.rawValue)
            key("file")
            string(finding.file)
            if let offset = finding.offset {
                key("offset")
                integer(offset)
            }
            key("expected")
            string(finding.expected)
            key("found")
            string(finding.found)
            endObject()
        }
        endArray()
        if list.droppedCount > 0 {
            key("findings_omitted")
            integer(list.droppedCount)
        }
    }

    /// A member with a list of sentences.
    mutating func sentences(_ name: String, _ list: [String]) {
        key(name)
        beginArray()
        for sentence in list { string(sentence) }
        endArray()
    }
}
