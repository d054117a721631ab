import JadeCore
import JadeServer
import Testing

@Suite("Places for backups in the configuration")
struct BackupPlaceTests {
    @Test("what is written is what is read")
    func places() throws {
        let text = " local = /var/backups/jade , offsite=s3+https://s3.example.org:9000/bucket/a/b?region=eu-1,plain=s3+http://127.0.0.1/b"
        let places = try #require(BackupPlace.list(text))
        #expect(places.map(\.name) == ["local", "offsite", "plain"])
        #expect(places[0].kind == .directory("/var/backups/jade"))
        #expect(places[1].kind == .bucket(endpoint: "https://s3.example.org:9000", bucket: "bucket", prefix: "a/b", region: "eu-1"))
        #expect(places[2].kind == .bucket(endpoint: "http://127.0.0.1", bucket: "b", prefix: "", region: "us-east-1"))
        #expect(BackupPlace.list(places.map { "\($0.name)=\($0.text)" }.joined(separator: ",")) == places)
        #expect(BackupPlace.list("") == [])
    }

    @Test("what cannot be meant is refused", arguments: [
        "local", "local=", "=x", "a=/x,a=/y", "tasks=/x", "restore=/x", "-=/x", "a b=/x", "a=s3+ftp://h/b", "a=s3+https://h", "a=https://h/b",
        "a=s3+https://h/b?zone=1",
    ])
    func refused(_ text: String) { #expect(BackupPlace.list(text) == nil) }

    @Test("keys come from the environment, the target's own first")
    func keys() throws {
        let own = ["JADEVECTORDB_BACKUP_OFF_SITE_ACCESS_KEY": "a", "JADEVECTORDB_BACKUP_OFF_SITE_SECRET_KEY": "b"]
        let common = ["AWS_ACCESS_KEY_ID": "c", "AWS_SECRET_ACCESS_KEY": "d"]
        #expect(try BucketKeys(of: "off-site", in: own.merging(common) { $1 }).secret == "b")
        #expect(try BucketKeys(of: "other", in: own.merging(common) { $1 }).access == "c")
        #expect(throws: JadeError.self) { try BucketKeys(of: "off-site", in: ["AWS_ACCESS_KEY_ID": "c"]) }
    }
}
