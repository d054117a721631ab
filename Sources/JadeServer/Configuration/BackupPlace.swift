package import JadeCore

/// A place for backups: a directory, or a bucket of an S3 service.
package struct BackupPlace: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        case directory(String)
        /// Objects go below `prefix`, which may be empty.
        case bucket(endpoint: String, bucket: String, prefix: String, region: String)
    }

    package var name: String
    package var kind: Kind

    /// Words that stand where a target's name would, in the paths of the REST interface.
    private static let reserved: Set<String> = ["restore", "schedules", "targets", "tasks"]

    /// `/var/backups`, or `s3+https://host[:port]/bucket[/prefix][?region=name]`; nil for anything else.
    package init?(name: String, text: String) {
        guard (try? DatabaseSpecification.validate(name: name)) != nil, !Self.reserved.contains(name), !text.utf8.contains(0) else { return nil }
        self.name = name
        guard text.hasPrefix("s3+") else {
            guard !text.isEmpty, !text.contains("://") else { return nil }
            kind = .directory(text)
            return
        }
        let parts = text.dropFirst(3).split(separator: "?", maxSplits: 1)
        guard let address = parts.first, let scheme = ["http://", "https://"].first(where: { address.hasPrefix($0) }) else { return nil }
        let path = address.dropFirst(scheme.count).split(separator: "/")
        guard path.count >= 2 else { return nil }
        var region = "us-east-1"
        if parts.count == 2 {
            guard parts[1].hasPrefix("region="), parts[1].utf8.count > 7 else { return nil }
            region = String(parts[1].dropFirst(7))
        }
        kind = .bucket(
            endpoint: scheme + path[0], bucket: String(path[1]), prefix: path.dropFirst(2).joined(separator: "/"), region: region)
    }

    package var text: String {
        switch kind {
        case .directory(let path): path
        case .bucket(let endpoint, let bucket, let prefix, let region):
            "s3+\(endpoint)/\(bucket)\(prefix.isEmpty ? "" : "/\(prefix)")?region=\(region)"
        }
    }

    /// `name=place,name=place`; nil when any of them is none, or a name comes twice.
    package static func list(_ text: String) -> [BackupPlace]? {
        var places: [BackupPlace] = []
        for entry in text.split(separator: ",") {
            let parts = entry.split(separator: "=", maxSplits: 1).map { $0.trimming(while: \.isWhitespace) }
            guard parts.count == 2, let place = BackupPlace(name: parts[0], text: parts[1]),
                !places.contains(where: { $0.name == place.name })
            else { return nil }
            places.append(place)
        }
        return places
    }
}

extension Substring {
    fileprivate func trimming(while isOut: (Character) -> Bool) -> String {
        let head = drop(while: isOut)
        guard let last = head.lastIndex(where: { !isOut($0) }) else { return "" }
        return String(head[...last])
    }
}

/// The two halves of what opens a bucket, from the environment: never from a file that is read aloud.
package struct BucketKeys: Sendable {
    package var access: String
    package var secret: String

    /// `JADEVECTORDB_BACKUP_<NAME>_ACCESS_KEY` and `…_SECRET_KEY`, otherwise `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`.
    package init(of target: String, in environment: [String: String]) throws(JadeError) {
        let name = "JADEVECTORDB_BACKUP_\(String(target.uppercased().map { $0.isLetter || $0.isNumber ? $0 : "_" }))"
        let pairs = [("\(name)_ACCESS_KEY", "\(name)_SECRET_KEY"), ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")]
        for (access, secret) in pairs {
            guard let access = environment[access], let secret = environment[secret], !access.isEmpty, !secret.isEmpty else { continue }
            (self.access, self.secret) = (access, secret)
            return
        }
        throw .invalidArgument("backup target \(target) needs \(name)_ACCESS_KEY and \(name)_SECRET_KEY in the environment")
    }
}
