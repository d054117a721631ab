package import JadeCore
internal import JadeStorage

/// What is needed of S3's XML: the texts of elements without attributes, in their order. No entity but XML's own five and
/// numbers is known, nothing is fetched, and nothing nests: what is not understood is an error.
package struct S3Listing: Sendable {
    package var keys: [(key: String, bytes: Int)] = []
    /// Whether there are more behind these.
    package var isTruncated = false

    /// The members `Contents` of a ListObjectsV2 answer. `internal` for anything else.
    package init(_ document: [UInt8], place: String) throws(JadeError) {
        guard let text = String(validating: document, as: UTF8.self), text.contains("<ListBucketResult") else {
            throw .internal("\(place) listed its objects in \(document.count) bytes that are no ListBucketResult")
        }
        var rest = text[...]
        isTruncated = Self.element("IsTruncated", in: &rest) == "true"
        rest = text[...]
        while let contents = Self.element("Contents", in: &rest) {
            var inner = contents
            guard let key = Self.element("Key", in: &inner) else { throw .internal("\(place) listed an object without a key") }
            inner = contents
            guard let size = Self.element("Size", in: &inner), let bytes = Int(size), bytes >= 0 else {
                throw .internal("\(place) listed object \(String(key.prefix(64)).debugDescription) without a size")
            }
            keys.append((try Self.unescaped(key, place), bytes))
        }
    }

    /// The text of the next element of that name, behind which `text` begins then.
    static func element(_ name: String, in text: inout Substring) -> Substring? {
        guard let open = text.firstRange(of: "<\(name)>"),
            let close = text[open.upperBound...].firstRange(of: "</\(name)>")
        else { return nil }
        defer { text = text[close.upperBound...] }
        return text[open.upperBound..<close.lowerBound]
    }

    private static func unescaped(_ text: Substring, _ place: String) throws(JadeError) -> String {
        guard text.contains("&") else { return String(text) }
        let known = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'"]
        var out = ""
        var rest = text
        while let ampersand = rest.firstIndex(of: "&") {
            out += rest[..<ampersand]
            guard let end = rest[ampersand...].firstIndex(of: ";") else { throw .internal("\(place) listed a key with a bare ampersand") }
            let name = rest[rest.index(after: ampersand)..<end]
            guard let character = known[String(name)] else { throw .internal("\(place) listed a key with the entity \(String(name.prefix(16)))") }
            out += character
            rest = rest[rest.index(after: end)...]
        }
        return out + rest
    }
}
