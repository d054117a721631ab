/// A write of one vector.
public enum VectorWrite: Sendable, Hashable {
    case upsert(VectorRecord)
    case delete(VectorID)
    case updateMetadata(MetadataChange, of: VectorID)

    public var id: VectorID {
        switch self {
        case .upsert(let vector): vector.id
        case .delete(let id), .updateMetadata(_, let id): id
        }
    }
}

/// What must be true of a vector for a write of it to be done. The look and the write are one step: of two writers who expect
/// the same version one is refused.
public enum VersionCondition: Sendable, Hashable {
    /// The vector is there, whatever it is.
    case exists
    /// There is no such vector.
    case absent
    /// The vector has one of these versions: see ``StoredVector/version``.
    case matches([String])

    public static func version(_ version: String) -> VersionCondition { .matches([version]) }

    public func validate() throws(JadeError) {
        guard case .matches(let versions) = self else { return }
        guard (1...Limits.maximumExpectedVersions).contains(versions.count) else {
            throw .invalidArgument("the condition names \(versions.count) versions, expected 1 to \(Limits.maximumExpectedVersions)")
        }
        for version in versions where version.isEmpty || !version.utf8.allSatisfy({ (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "\"") }) {
            throw .invalidArgument("version \(version.prefix(64).debugDescription) is none that a vector can have")
        }
    }

    /// - Parameter version: the present one; nil where there is no such vector.
    public func holds(for version: String?) -> Bool {
        switch self {
        case .exists: version != nil
        case .absent: version == nil
        case .matches(let versions): version.map(versions.contains) ?? false
        }
    }

    /// ``ErrorCode/preconditionFailed`` with the present version, unless the condition holds.
    ///
    /// - Parameter version: the present one; nil where there is no such vector.
    public func require(_ id: VectorID, has version: String?) throws(JadeError) {
        guard !holds(for: version) else { return }
        let name = "vector \(id.text.debugDescription)"
        guard let version else { throw .preconditionFailed("\(name) does not exist, the write expects it to: leave the condition out if that is no matter") }
        switch self {
        case .exists, .absent: throw .preconditionFailed("\(name) exists already, with version \(version): read it and change what it is")
        case .matches(let versions):
            let expected = versions.prefix(3).map { String($0.prefix(64)) }.joined(separator: ", ") + (versions.count > 3 ? ", …" : "")
            throw .preconditionFailed("\(name) has version \(version), the write expects \(expected): read it again and change what it is now")
        }
    }
}

extension Limits {
    /// Versions of which a vector must have one, in one condition.
    public static let maximumExpectedVersions = 100
}
