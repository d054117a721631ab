import JadeCore

extension TenantBinding {
    /// Matches what the tenant ``sees(_:)``, and of that what matches the given filter.
    func filter(and other: Filter? = nil) throws(JadeError) -> Filter {
        let own = Filter.equals(try FieldPath(field), .string(value))
        return other.map { .and([own, $0]) } ?? own
    }

    /// What the tenant may read: its own vectors, and those that somebody who is bound to no tenant shares with it by a list
    /// of tenants' values. The same as ``filter(and:)`` says.
    func sees(_ vector: StoredVector) -> Bool {
        switch vector.metadata?[field] {
        case .string(let found)?: found == value
        case .array(let found)?: found.contains(.string(value))
        default: false
        }
    }

    /// What the tenant may change: exactly this value.
    func owns(_ vector: StoredVector) -> Bool { vector.metadata?[field] == .string(value) }

    /// The same vectors with the tenant's mark; one that carries another's is refused.
    func owned(_ vectors: [VectorRecord]) throws(JadeError) -> [VectorRecord] {
        var owned = vectors
        for position in owned.indices {
            try check(owned[position].metadata[field])
            owned[position].metadata[field] = .string(value)
        }
        return owned
    }

    func owned(_ write: VectorWrite) throws(JadeError) -> VectorWrite {
        switch write {
        case .upsert(let vector): .upsert(try owned([vector])[0])
        case .delete: write
        case .updateMetadata(let change, let id): .updateMetadata(try owned(change), of: id)
        }
    }

    func owned(_ change: MetadataChange) throws(JadeError) -> MetadataChange {
        switch change {
        case .merge(var metadata):
            if metadata.keys.contains(field) { try check(metadata[field]) }
            metadata[field] = .string(value)
            return .merge(metadata)
        case .replace(var metadata):
            try check(metadata[field])
            metadata[field] = .string(value)
            return .replace(metadata)
        }
    }

    private func check(_ found: MetadataValue?) throws(JadeError) {
        guard found == nil || found == .string(value) else {
            throw .permissionDenied("metadata field \(field.debugDescription) must be \(value.debugDescription) for this key, or absent")
        }
    }
}
