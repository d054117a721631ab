package import JadeCore
internal import JadeIO
package import JadeIndex
internal import JadeStorage

/// What ``FolderVerification`` found.
package struct VerificationReport: Sendable {
    package struct Database: Sendable {
        package var id: String
        package var name: String
        /// Vectors that live, with the log applied.
        package var vectors: Int
        /// Slots that were looked at.
        package var slots: Int
        /// Whether nothing waits in the log.
        package var wasClosed: Bool
        /// Log records that wait to be applied.
        package var pendingRecords: Int
        /// Dead rows that are not marked yet.
        package var unmarked: Int
        /// The saved index, if there is one that can be read.
        package var index: SavedIndexSummary?
        package var findings: FindingList

        /// `was not closed; 12 log records wait to be applied`
        package var state: String {
            if wasClosed { return "closed" }
            return "was not closed; \(pendingRecords) log record\(pendingRecords == 1 ? " waits" : "s wait") to be applied"
        }
    }

    package var databases: [Database] = []
    /// Of the folder and its catalog.
    package var findings = FindingList()

    package var isSound: Bool { findings.isSound && databases.allSatisfy(\.findings.isSound) }
    /// Everything that was found, in one list.
    package var allFindings: FindingList {
        var all = findings
        for database in databases { all.add(contentsOf: database.findings) }
        return all
    }
}

/// Checks a data directory that no server has open, and changes nothing in it.
package enum FolderVerification {
    /// - Parameter database: name or id of the only one to check; nil checks all.
    /// - Throws: `notFound` if there is no such folder or database, `conflict` if a server has it open. What is wrong
    ///   inside of files is in the report.
    ///
    /// Complexity: reads every byte once; about 100 bytes of memory for each vector of the largest database.
    package static func verify(
        _ dataDirectory: String, database: String? = nil, progress: CheckProgress = { _, _, _ in }
    ) throws(JadeError) -> VerificationReport {
        let folder = try ClosedFolder(dataDirectory)
        var report = VerificationReport()
        let members = try folder.select(database)
        report.findings = folder.findings
        for member in members {
            guard try ReadOnlyFileSystem().isDirectory(member.directory) else {
                report.findings.add(member.directory, expected: "the folder of database \"\(member.name)\"", found: "none")
                continue
            }
            let survey = try folder.survey(member, progress)
            let derived = DerivedFiles(survey, member, progress)
            var findings = survey.findings
            findings.add(contentsOf: derived.findings)
            report.databases.append(
                VerificationReport.Database(
                    id: member.id, name: member.name, vectors: survey.ids.count, slots: survey.rowEnd, wasClosed: survey.wasClosed,
                    pendingRecords: survey.pendingBatches, unmarked: survey.unmarked, index: derived.index, findings: findings))
        }
        return report
    }
}

/// The files of a shard that can be made again from the others: the saved index and the scales.
struct DerivedFiles {
    private(set) var findings = FindingList()
    private(set) var index: SavedIndexSummary?
    /// Whether the manifest's index may stay.
    private(set) var indexIsSound = true

    init(_ survey: ShardSurvey, _ member: ClosedFolder.Member, _ progress: CheckProgress) {
        checkIndex(survey, member, progress)
        let facts = "\(survey.directory)/facts"
        guard ((try? ReadOnlyFileSystem().fileExists(facts)) ?? false) else { return }
        // A kill at closing leaves half a file, which the next start ignores.
        _ = findings.trying(facts, severity: survey.wasClosed ? .damage : .warning) { () throws(JadeError) in
            try ScalesFile.check(facts)
        }
    }

    private mutating func checkIndex(_ survey: ShardSurvey, _ member: ClosedFolder.Member, _ progress: CheckProgress) {
        let folder = "\(survey.directory)/index"
        let named = survey.manifest?.index
        for name in (try? ReadOnlyFileSystem().list(folder)) ?? [] where name != named?.name {
            findings.add("\(folder)/\(name)", severity: .warning, expected: "the index that the manifest names", found: "another one")
        }
        guard let named else { return }
        let check = SavedIndexCheck("\(folder)/\(named.name)", livingSince: survey.manifest == nil ? nil : survey.livingSince) {
            progress("\(member.name): \($0)", $1, $2)
        }
        findings.add(contentsOf: check.findings)
        index = check.summary
        let header = "\(folder)/\(named.name)/header"
        if check.findings.isSound { compare(check.summary, survey, member, named.nodeCount, header) }
        indexIsSound = findings.isSound
    }

    private mutating func compare(
        _ index: SavedIndexSummary, _ survey: ShardSurvey, _ member: ClosedFolder.Member, _ nodeCount: UInt64, _ header: String
    ) {
        func require(_ offset: Int, _ what: String, _ found: Int, _ expected: Int) -> Finding? {
            found == expected ? nil : Finding(file: header, offset: offset, expected: "\(what) \(expected)", found: "\(found)")
        }
        // Where the header of each kind has it.
        let offsets: (metric: Int, dimension: Int, extent: Int, nodes: Int) = index.kind == .ivf ? (12, 16, 64, 72) : (16, 20, 40, 48)
        var wrong = [require(offsets.dimension, "dimension", index.dimension, survey.shape.dimension)]
        if let specification = member.specification {
            let kind = specification.index.kind
            if kind != index.kind {
                wrong.append(Finding(file: header, offset: 0, expected: "an index of type \(kind.rawValue)", found: index.kind.rawValue))
            } else if kind == .hnsw {
                wrong.append(require(8, "m", index.m, specification.index.m))
            }
            wrong.append(require(offsets.metric, "metric", index.metric, specification.field.metric.savedGraphCode))
        }
        wrong.append(require(offsets.nodes, "the manifest's nodes", index.nodes, Int(clamping: nodeCount)))
        if index.extent > survey.rowEnd {
            wrong.append(Finding(file: header, offset: offsets.extent, expected: "at most \(survey.rowEnd) rows", found: "\(index.extent)"))
        }
        for case let finding? in wrong { findings.add(finding) }
    }
}
