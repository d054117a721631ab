package import JadeCore
package import JadeJSON

/// What stands in lists of its own.
package protocol WireListMember: WireDecodable, WireEncodable, Sendable, Hashable {
    /// The name of the list.
    static var listName: String { get }
}

/// Members of one kind under its name: `{"backups":[…]}`.
package struct WireList<Member: WireListMember>: WireDecodable, WireEncodable, Sendable, Hashable {
    package var members: [Member]

    package init(_ members: [Member]) { self.members = members }

    package init(json: JSONElement) throws(JadeError) {
        guard let fields = json.members else { throw .invalidArgument("the list is \(json.kindPhrase), expected an object") }
        members = []
        let name = Member.listName
        for (key, value) in fields where key.string == name {
            members = try value.list(name, limit: Limits.maximumListed) { (element) throws(JadeError) in try Member(json: element) }
        }
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key(Member.listName)
        writer.beginArray()
        for member in members { member.write(to: &writer) }
        writer.endArray()
        writer.endObject()
    }
}

extension Limits {
    /// Members of one list that a client takes.
    package static let maximumListed = 1_000_000
}
