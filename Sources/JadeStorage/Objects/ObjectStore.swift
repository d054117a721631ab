package import JadeCore

/// What became of a put that must not replace anything.
package enum PutOutcome: Sendable, Hashable {
    case stored
    /// An object of that name was there before, with whatever content.
    case existed
}

/// An object as a listing shows it.
package struct ObjectEntry: Sendable, Hashable {
    package var key: ObjectKey
    package var bytes: Int

    package init(key: ObjectKey, bytes: Int) {
        self.key = key
        self.bytes = bytes
    }
}

/// Objects by name: a bucket, or a directory.
///
/// - An object is there whole or not at all, and durable once a put has returned. After a put, every `get` and `list` sees it.
/// - ``putIfAbsent(_:_:)`` has one winner among any number of callers on any number of machines. It is the only operation that
///   decides a race; who builds on order numbers the names.
/// - Errors say what to do: `notFound`; `unavailable` after the store was asked again for as long as it makes sense, and then
///   whether a put took effect is not known; `resourceExhausted` when it is full; `invalidArgument` when it refuses the
///   credentials or the request for good; `cancelled`.
///
/// Calls may block the executor they run on: give them one of their own.
package protocol ObjectStore: Sendable {
    /// Where it is, for messages: `/var/backups`, `s3://bucket/prefix`.
    var place: String { get }
    /// Stores an object, in place of one that may be there.
    func put(_ key: ObjectKey, _ bytes: [UInt8]) async throws(JadeError)
    /// Stores an object unless one of that name is there.
    func putIfAbsent(_ key: ObjectKey, _ bytes: [UInt8]) async throws(JadeError) -> PutOutcome
    /// An object's bytes, or those of a range as far as the object goes. `tooLarge` beyond ``Limits/maximumObjectBytes``.
    func get(_ key: ObjectKey, range: Range<Int>?) async throws(JadeError) -> [UInt8]
    /// An object's length, nil where there is none.
    func size(of key: ObjectKey) async throws(JadeError) -> Int?
    /// Objects whose names begin with `prefix`, in the order of their bytes, behind the name `after`.
    func list(_ prefix: String, after: String, limit: Int) async throws(JadeError) -> [ObjectEntry]
    /// Removes objects; one that is not there is no error.
    func delete(_ keys: [ObjectKey]) async throws(JadeError)
}

extension ObjectStore {
    package func get(_ key: ObjectKey) async throws(JadeError) -> [UInt8] { try await get(key, range: nil) }

    /// All objects whose names begin with `prefix`, page by page.
    package func listAll(_ prefix: String) async throws(JadeError) -> [ObjectEntry] {
        var entries: [ObjectEntry] = []
        while true {
            let page = try await list(prefix, after: entries.last?.key.text ?? "", limit: Limits.objectListPage)
            entries += page
            if page.count < Limits.objectListPage { return entries }
        }
    }
}
