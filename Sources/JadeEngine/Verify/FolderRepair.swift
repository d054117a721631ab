package import JadeCore
internal import JadeIO
internal import JadeJSON
internal import JadeStorage

/// What ``FolderRepair`` did, or would do.
package struct RepairReport: Sendable {
    package struct Database: Sendable {
        package var id: String
        package var name: String
        /// What was wrong before.
        package var findings: FindingList
        /// A sentence each; empty if there was nothing to repair.
        package var actions: [String] = []
        /// What could not be recovered, a sentence each.
        package var losses: [String] = []
        /// Where files that were replaced, and what is left of lost rows, were set aside.
        package var aside: String?
        package var vectors = 0
    }

    package var databases: [Database] = []
    /// Of the folder and its catalog.
    package var findings = FindingList()
    /// What was, or would be, done to the catalog; nil if it was sound.
    package var catalog: CatalogRepair?
    package var hasLosses: Bool { databases.contains { !$0.losses.isEmpty } || catalog?.losses.isEmpty == false }
}

/// Repairs a data directory that no server has open: builds anew what is derived, brings back what other files still know,
/// and never throws a row away that can be read.
package enum FolderRepair {
    /// - Parameters:
    ///   - database: name or id of the only one to repair; nil takes all.
    ///   - dryRun: says what would be done, and changes nothing.
    /// - Throws: `notFound`, `conflict`, and what writing fails with; an interrupted repair can be run again.
    package static func repair(
        _ dataDirectory: String, database: String? = nil, dryRun: Bool = false, progress: CheckProgress = { _, _, _ in }
    ) throws(JadeError) -> RepairReport {
        let folder = try ClosedFolder(dataDirectory)
        var report = RepairReport()
        let members = try folder.select(database)
        report.findings = folder.findings
        if folder.catalogIsDamaged, database == nil { report.catalog = try CatalogRepair(folder, dryRun: dryRun) }
        for member in members {
            guard try ReadOnlyFileSystem().isDirectory(member.directory) else {
                report.findings.add(member.directory, expected: "the folder of database \"\(member.name)\"", found: "none")
                continue
            }
            report.databases.append(try repair(member, folder, dryRun, progress))
        }
        return report
    }

    private static func repair(
        _ member: ClosedFolder.Member, _ folder: ClosedFolder, _ dryRun: Bool, _ progress: CheckProgress
    ) throws(JadeError) -> RepairReport.Database {
        let survey = try folder.survey(member, progress)
        let derived = DerivedFiles(survey, member, progress)
        var findings = survey.findings
        findings.add(contentsOf: derived.findings)
        var report = RepairReport.Database(id: member.id, name: member.name, findings: findings, vectors: survey.ids.count)
        if findings.isSound { return report }
        if let refusal = findings.all.first(where: \.isRefusal) {
            throw .unavailable("database \"\(member.name)\" is left as it is: \(refusal.found)")
        }
        var repair = ShardRepair(survey)
        repair.plan(scratch: "\(folder.scratch)/\(member.id)", progress: progress)
        // A graph knows values that are not there any more when a row was lost or came back from elsewhere.
        let keepsIndex = derived.indexIsSound && survey.manifest != nil && survey.findings.isSound
        if survey.manifest?.index != nil, !keepsIndex { repair.note("drop the saved index: it is built when the server starts") }
        report.actions = repair.actions
        report.vectors = repair.survey.ids.count
        let aside = try freeName(member.directory)
        report.losses = repair.losses + repair.lostRows.map { row in
            "vector \"\(row.id)\": its row at offset \(row.offset) of vectors.mmap is damaged and nothing else holds its values"
        }
        if dryRun { return report }
        let files = LocalFileSystem()
        if !repair.lostRows.isEmpty {
            try files.createDirectory(aside)
            try files.replaceFile("\(aside)/lost-rows.jsonl", with: lines(repair.lostRows))
        }
        try repair.apply(keepingIndex: keepsIndex, aside: aside, random: SystemRandomSource(), files: files)
        if try files.isDirectory(aside) { report.aside = aside }
        return report
    }

    private static func freeName(_ directory: String) throws(JadeError) -> String {
        var number = 1
        while try ReadOnlyFileSystem().fileExists("\(directory)/aside-\(number)") { number += 1 }
        return "\(directory)/aside-\(number)"
    }

    /// Lost rows, one JSON object a line: id, ordinal, offset, metadata, and the damaged block in hexadecimal.
    private static func lines(_ rows: [ShardRepair.LostRow]) -> [UInt8] {
        var lines: [UInt8] = []
        for row in rows {
            var writer = JSONWriter()
            writer.beginObject()
            writer.key("id")
            writer.string(row.id.text)
            writer.key("ordinal")
            writer.integer(Int(row.ordinal))
            writer.key("offset")
            writer.integer(row.offset)
            if let metadata = row.metadata, (try? MetadataJSON.decode(metadata)) != nil {
                writer.key("metadata")
                metadata.withUnsafeBytes { writer.json($0) }
            }
            writer.key("block")
            writer.string(hexadecimal(row.block))
            writer.endObject()
            lines += writer.bytes + [UInt8(ascii: "\n")]
        }
        return lines
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(2 * bytes.count)
        for byte in bytes { text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }
}
