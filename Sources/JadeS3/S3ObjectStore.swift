package import JadeCore
package import JadeIO
package import JadeStorage
internal import Synchronization

/// Objects in a bucket of an S3 service.
///
/// Built on what S3 services have in common: put, get, list, delete, and `If-None-Match: *` on a put, which not all of them
/// honour: the first ``putIfAbsent(_:_:)`` tries it out and refuses a service on which a second put of a name succeeds.
package final class S3ObjectStore: ObjectStore {
    let bucket: S3Bucket
    let patience: S3Patience
    let clock: any Clock
    let random: any RandomSource
    private let isProbed = Mutex(false)
    /// Deletions under way at a time.
    private static let deletions = 8

    package init(
        _ bucket: S3Bucket, patience: S3Patience = S3Patience(), clock: any Clock = SystemClock(),
        random: any RandomSource = SystemRandomSource()
    ) {
        self.bucket = bucket
        self.patience = patience
        self.clock = clock
        self.random = random
    }

    package var place: String { "s3://\(bucket.bucket)\(bucket.prefix.isEmpty ? "" : "/\(bucket.prefix)")" }

    private func name(_ key: String) -> String { bucket.prefix.isEmpty ? key : "\(bucket.prefix)/\(key)" }

    /// Creates the bucket; one that is there already is no error.
    package func createBucket() async throws(JadeError) {
        let answer = try await send(S3Request(method: "PUT")).answer
        guard (200..<300).contains(answer.status) || answer.errorCode.hasPrefix("BucketAlready") else { throw error(answer, "create the bucket") }
    }

    package func put(_ key: ObjectKey, _ bytes: [UInt8]) async throws(JadeError) {
        let answer = try await send(S3Request(method: "PUT", key: name(key.text), body: bytes)).answer
        guard (200..<300).contains(answer.status) else { throw error(answer, "store \(key)") }
    }

    package func putIfAbsent(_ key: ObjectKey, _ bytes: [UInt8]) async throws(JadeError) -> PutOutcome {
        if !isProbed.withLock({ $0 }) {
            try await probe()
            isProbed.withLock { $0 = true }
        }
        return try await putOnce(key, bytes)
    }

    private func putOnce(_ key: ObjectKey, _ bytes: [UInt8]) async throws(JadeError) -> PutOutcome {
        let outcome = try await send(
            S3Request(method: "PUT", key: name(key.text), headers: [("if-none-match", "*")], body: bytes))
        switch outcome.answer.status {
        case 200..<300: return .stored
        case 412:
            guard outcome.mayHaveHappened else { return .existed }
            // It may be what an earlier try has stored.
            return try await get(key, range: nil) == bytes ? .stored : .existed
        default: throw error(outcome.answer, "store \(key)")
        }
    }

    private func probe() async throws(JadeError) {
        let key = ObjectKey("probe", random.uniqueID().hexadecimal)
        let first = try await putOnce(key, [1])
        let second = try await putOnce(key, [2])
        try await delete([key])
        guard first == .stored, second == .existed else {
            throw .invalidArgument("\(place) replaces objects although it was told not to (If-None-Match: *): two writers could not be told apart")
        }
    }

    package func get(_ key: ObjectKey, range: Range<Int>?) async throws(JadeError) -> [UInt8] {
        if let range, range.isEmpty { return [] }
        let headers = range.map { [("range", "bytes=\($0.lowerBound)-\($0.upperBound - 1)")] } ?? []
        let answer = try await send(S3Request(method: "GET", key: name(key.text), headers: headers)).answer
        switch answer.status {
        case 416: return []
        case 206: return answer.body
        case 200..<300:
            // A service may ignore the range.
            guard let range else { return answer.body }
            return Array(answer.body[range.clamped(to: 0..<answer.body.count)])
        default: throw error(answer, "read \(key)")
        }
    }

    package func size(of key: ObjectKey) async throws(JadeError) -> Int? {
        let answer = try await send(S3Request(method: "HEAD", key: name(key.text))).answer
        if answer.status == 404 { return nil }
        guard (200..<300).contains(answer.status), let length = answer.length else { throw error(answer, "look at \(key)") }
        return length
    }

    package func list(_ prefix: String, after: String, limit: Int) async throws(JadeError) -> [ObjectEntry] {
        var entries: [ObjectEntry] = []
        var isTruncated = true
        // A service may give fewer than it was asked for.
        while isTruncated, entries.count < limit {
            let behind = entries.last?.key.text ?? after
            var query = [("list-type", "2"), ("max-keys", String(min(limit - entries.count, Limits.objectListPage))), ("prefix", name(prefix))]
            if !behind.isEmpty { query.append(("start-after", name(behind))) }
            let answer = try await send(S3Request(method: "GET", query: query)).answer
            guard (200..<300).contains(answer.status) else { throw error(answer, "list \(prefix)") }
            let listing = try S3Listing(answer.body, place: place)
            for (text, bytes) in listing.keys {
                let own = bucket.prefix.isEmpty ? text[...] : text.dropFirst(bucket.prefix.count + 1)
                entries.append(ObjectEntry(key: try ObjectKey(String(own)), bytes: bytes))
            }
            isTruncated = listing.isTruncated && !listing.keys.isEmpty
        }
        return entries
    }

    package func delete(_ keys: [ObjectKey]) async throws(JadeError) {
        let failure = await withTaskGroup(of: JadeError?.self) { group in
            var failure: JadeError?
            for (index, key) in keys.enumerated() {
                if index >= Self.deletions, let error = await group.next() ?? nil { failure = error }
                group.addTask { await self.deleteOne(key) }
            }
            for await error in group { failure = error ?? failure }
            return failure
        }
        if let failure { throw failure }
    }

    private func deleteOne(_ key: ObjectKey) async -> JadeError? {
        do throws(JadeError) {
            let answer = try await send(S3Request(method: "DELETE", key: name(key.text))).answer
            return (200..<300).contains(answer.status) || answer.status == 404 ? nil : error(answer, "delete \(key)")
        } catch { return error }
    }
}
