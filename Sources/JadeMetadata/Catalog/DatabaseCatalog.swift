package import JadeCore

/// What exists: the databases of a node or a cluster and how they are set up. Rarely changed, read at start.
///
/// Each change is one transaction, and durable when the call returns. Calls block, so they belong on a thread of their
/// own, never on the cooperative pool. No name is another database's id, so one word always means one database.
package protocol DatabaseCatalog: Sendable {
    /// Adds a database. ``ErrorCode/conflict`` when its name or id is taken.
    ///
    /// - Parameters:
    ///   - id: 32 hexadecimal digits, lower case.
    ///   - createdAtMilliseconds: since 1970.
    ///   - ownerID: of the user who owns it; one who is gone by now leaves it without.
    func insert(id: String, specification: DatabaseSpecification, createdAtMilliseconds: Int64, ownerID: String?) throws(JadeError)
    /// All databases in order of their names.
    func list() throws(JadeError) -> [CatalogEntry]
    /// The database with this name or id, nil when there is none.
    func find(_ database: String) throws(JadeError) -> CatalogEntry?
    /// Changes what may change of a database, name, `ef_search` and retention, and returns it as it is then.
    /// ``ErrorCode/notFound`` when there is none with the id, ``ErrorCode/conflict`` when the new name is taken.
    @discardableResult
    func update(id: String, _ update: DatabaseUpdate) throws(JadeError) -> CatalogEntry
    /// As ``update(id:_:)`` with the whole specification; what cannot change must be as it was.
    @discardableResult
    func update(id: String, to specification: DatabaseSpecification) throws(JadeError) -> CatalogEntry
    /// Records how far the database's index is.
    func recordIndexBuild(_ status: IndexBuildStatus, id: String) throws(JadeError)
    /// Removes a database and its index. ``ErrorCode/notFound`` when there is none with the id.
    func delete(id: String) throws(JadeError)
    /// What a check of the catalog's own structure reports; empty if it finds nothing.
    func integrity() throws(JadeError) -> [String]
    /// Ends all use.
    func close()
}

extension DatabaseCatalog {
    /// One that is nobody's.
    package func insert(id: String, specification: DatabaseSpecification, createdAtMilliseconds: Int64) throws(JadeError) {
        try insert(id: id, specification: specification, createdAtMilliseconds: createdAtMilliseconds, ownerID: nil)
    }
}

/// A database as the catalog knows it.
package struct CatalogEntry: Sendable, Hashable {
    /// 32 hexadecimal digits, lower case; never changes.
    package var id: String
    package var specification: DatabaseSpecification
    /// Milliseconds since 1970.
    package var createdAtMilliseconds: Int64
    package var indexBuild: IndexBuildStatus

    package init(
        id: String, specification: DatabaseSpecification, createdAtMilliseconds: Int64, indexBuild: IndexBuildStatus = .ready
    ) {
        self.id = id
        self.specification = specification
        self.createdAtMilliseconds = createdAtMilliseconds
        self.indexBuild = indexBuild
    }

    package func validate() throws(JadeError) {
        let isHexadecimal = id.utf8.allSatisfy {
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
        }
        guard id.utf8.count == 32, isHexadecimal else {
            throw .invalidArgument("database id \(id.debugDescription) is not 32 hexadecimal digits in lower case")
        }
        try specification.validate()
    }
}

/// Whether an index holds all that it is meant to hold.
package enum IndexBuildStatus: String, Sendable, Hashable, CaseIterable {
    case building
    case ready
}
