/// What one file says about itself.
package struct FileInspection: Sendable {
    /// A part of the file that is many of a kind, or the first of them.
    package struct Listing: Sendable {
        package var name: String
        package var columns: [String]
        /// Cells in the order of the columns.
        package var rows: [[MetadataValue]] = []
        /// How many there are in the file.
        package var total = 0

        package init(_ name: String, columns: [String]) {
            self.name = name
            self.columns = columns
        }
    }

    /// `rows`, `long ids`, `log segment`, `manifest`, `saved index`, `scales`, `metadata`, `checksum of
    /// metadata`, `catalog` or `checkpoint mark`.
    package var kind: String
    package var path: String
    /// In the order they stand in the file.
    package private(set) var fields: [(name: String, value: MetadataValue)] = []
    package var listing: Listing?
    package var findings = FindingList()

    package init(_ kind: String, _ path: String) {
        self.kind = kind
        self.path = path
    }

    package mutating func add(_ name: String, _ value: String) { fields.append((name, .string(value))) }
    package mutating func add(_ name: String, _ value: Bool) { fields.append((name, .bool(value))) }
    package mutating func add(_ name: String, _ value: some BinaryInteger) { fields.append((name, .integer(Int64(clamping: value)))) }
}
