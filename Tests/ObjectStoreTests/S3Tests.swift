import JadeCore
import JadeIO
import JadeS3
import JadeStorage
import JadeTestSupport
import Testing

@Suite("S3 requests") struct S3RequestTests {
    /// The example of AWS's own page "Authenticating Requests: Using the Authorization Header", GET Object.
    @Test func signature() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        let signature = Signature(
            method: "GET", path: "/test.txt", query: [],
            headers: [
                ("x-amz-date", "20130524T000000Z"), ("host", "examplebucket.s3.amazonaws.com"), ("range", "bytes=0-9"),
                ("x-amz-content-sha256", empty),
            ],
            payloadDigest: empty, time: CalendarTime(milliseconds: 1_369_353_600_000), region: "us-east-1")
        #expect(
            signature.authorization(accessKey: "AKIAIOSFODNN7EXAMPLE", secretKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
                == "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
                + "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, "
                + "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41")
    }

    /// The same page's "Get Bucket (List Objects)": the query is part of what is signed.
    @Test func signatureOfAQuery() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        let signature = Signature(
            method: "GET", path: "/", query: [("prefix", "J"), ("max-keys", "2")],
            headers: [("host", "examplebucket.s3.amazonaws.com"), ("x-amz-content-sha256", empty), ("x-amz-date", "20130524T000000Z")],
            payloadDigest: empty, time: CalendarTime(milliseconds: 1_369_353_600_000), region: "us-east-1")
        #expect(signature.canonicalQuery == "max-keys=2&prefix=J")
        #expect(
            signature.authorization(accessKey: "AKIAIOSFODNN7EXAMPLE", secretKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
                .hasSuffix("Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"))
    }

    @Test func listings() throws {
        let document = """
            <?xml version="1.0"?><ListBucketResult xmlns="x"><IsTruncated>true</IsTruncated>
            <Contents><Key>a&amp;b/c</Key><LastModified>now</LastModified><Size>12</Size></Contents>
            <Contents><Size>0</Size><Key>d</Key></Contents><CommonPrefixes><Prefix>x</Prefix></CommonPrefixes></ListBucketResult>
            """
        let listing = try S3Listing(Array(document.utf8), place: "here")
        #expect(listing.keys.map(\.key) == ["a&b/c", "d"])
        #expect(listing.keys.map(\.bytes) == [12, 0])
        #expect(listing.isTruncated)
        for wrong in [
            "", "<html>", "<ListBucketResult><Contents></Contents></ListBucketResult>",
            "<ListBucketResult><Contents><Key>a</Key><Size>-1</Size></Contents>", "<ListBucketResult><Contents><Key>&evil;</Key><Size>1</Size></Contents>",
        ] {
            #expect(throws: JadeError.self, "\(wrong)") { try S3Listing(Array(wrong.utf8), place: "here") }
        }
    }
}

@Suite("S3 services that falter") struct S3PatienceTests {
    private static func store(_ server: ScriptedServer, tries: Int = 4) -> S3ObjectStore {
        var patience = S3Patience()
        patience.tries = tries
        patience.backoffMilliseconds = 1
        return S3ObjectStore(
            S3Bucket(endpoint: server.url, bucket: "bucket", prefix: "some/where", accessKey: "k", secretKey: "s"), patience: patience)
    }

    private static let ok = ScriptedServer.reply("200 OK", "")
    private static let busy = ScriptedServer.reply("503 Slow Down", "<Error><Code>SlowDown</Code></Error>")
    private static let raced = ScriptedServer.reply("409 Conflict", "<Error><Code>ConditionalRequestConflict</Code></Error>")
    private static let exists = ScriptedServer.reply("412 Precondition Failed", "<Error><Code>PreconditionFailed</Code></Error>")
    /// What the first put-if-absent asks: that a second put of a name fails.
    private static let probe = [ok, exists, ScriptedServer.reply("204 No Content", "")]

    @Test func asksAgain() async throws {
        let server = ScriptedServer([Self.busy, "", Self.ok])
        try await Self.store(server).put(ObjectKey("a/b"), [1])
        #expect(server.seen == Array(repeating: "PUT /bucket/some/where/a/b HTTP/1.1", count: 3))
    }

    @Test func givesUpInTheEnd() async throws {
        let server = ScriptedServer(Array(repeating: Self.busy, count: 9))
        await expect(.unavailable, containing: "SlowDown") { try await Self.store(server, tries: 3).put(ObjectKey("a"), [1]) }
        #expect(server.seen.count == 3)
    }

    @Test func doesNotRepeatWhatIsRefused() async throws {
        let server = ScriptedServer([ScriptedServer.reply("403 Forbidden", "<Error><Code>SignatureDoesNotMatch</Code></Error>"), Self.ok])
        await expect(.invalidArgument, containing: "SignatureDoesNotMatch") { try await Self.store(server).put(ObjectKey("a"), [1]) }
        #expect(server.seen.count == 1)
    }

    @Test("who loses a race at once has lost it")
    func lost() async throws {
        let server = ScriptedServer(Self.probe + [Self.exists, Self.raced, Self.exists])
        let store = Self.store(server)
        #expect(try await store.putIfAbsent(ObjectKey("a"), [1]) == .existed)
        // A 409 means that nothing of ours was stored.
        #expect(try await store.putIfAbsent(ObjectKey("a"), [1]) == .existed)
        #expect(server.seen.count == 6)
    }

    @Test("after a broken connection a 412 may be one's own put: the content tells")
    func ownOrNot() async throws {
        for (content, outcome) in [("mine", PutOutcome.stored), ("theirs", .existed)] {
            for failure in ["", Self.busy] {
                let server = ScriptedServer(Self.probe + [failure, Self.exists, ScriptedServer.reply("200 OK", content)])
                #expect(try await Self.store(server).putIfAbsent(ObjectKey("a"), Array("mine".utf8)) == outcome)
                #expect(server.seen.last == "GET /bucket/some/where/a HTTP/1.1")
            }
        }
    }

    @Test("a service without put-if-absent is refused")
    func noCondition() async throws {
        let server = ScriptedServer([Self.ok, Self.ok, ScriptedServer.reply("204 No Content", "")])
        await expect(.invalidArgument, containing: "If-None-Match") { _ = try await Self.store(server).putIfAbsent(ObjectKey("a"), [1]) }
    }

    @Test("nobody listens")
    func nobody() async throws {
        var patience = S3Patience()
        patience.tries = 2
        patience.backoffMilliseconds = 1
        let store = S3ObjectStore(
            S3Bucket(endpoint: "http://127.0.0.1:1", bucket: "b", accessKey: "k", secretKey: "s"), patience: patience)
        await expect(.unavailable, containing: "2 tries") { _ = try await store.size(of: ObjectKey("a")) }
    }

    private func expect(_ code: ErrorCode, containing text: String, _ body: () async throws -> Void) async {
        do {
            try await body()
            Issue.record("expected \(code)")
        } catch {
            #expect((error as? JadeError).map { $0.code == code && $0.message.contains(text) } ?? false, "\(error)")
        }
    }
}
