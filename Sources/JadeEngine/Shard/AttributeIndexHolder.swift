internal import JadeCore
internal import JadeJSON
internal import JadeMetadata
internal import JadeStorage
internal import Synchronization

/// A shard's attribute index, which is derived and made when the first filter needs it.
final class AttributeIndexHolder: Sendable {
    private let held: Mutex<AttributeIndex?>

    /// - Parameter empty: whether the shard has no rows, so that the index can start at once and grow with them.
    init(empty: Bool) {
        held = Mutex(empty ? AttributeIndex() : nil)
    }

    var current: AttributeIndex? { held.withLock { $0 } }

    /// Builds the index from the stored metadata. Only the shard's writer calls this, so nothing changes meanwhile.
    func make(from metadata: ShardMetadataStore) throws(JadeError) -> AttributeIndex {
        if let current { return current }
        let index = AttributeIndex()
        var failure: JadeError?
        try metadata.forEachMetadata { ordinal, bytes in
            guard failure == nil else { return }
            do throws(JadeError) {
                index.insert(ordinal: ordinal, metadata: try MetadataJSON.decode(bytes))
            } catch { failure = error }
        }
        if let failure { throw failure }
        held.withLock { $0 = index }
        return index
    }
}
