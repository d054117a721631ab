package import JadeCore

import GRDB

extension ShardMetadataStore {
    /// Writes rows into a store that is being made anew, without a sequence number: it is whole once ``apply(_:sequence:)``
    /// has given it one.
    package func restore(_ changes: [MetadataStoreChange]) throws(JadeError) {
        do {
            try pool.write { db in try MetadataWriter(db).apply(changes) }
        } catch {
            throw JadeError(error, path: path, while: "restore \(changes.count) ids")
        }
    }
}
