internal import JadeCore
internal import JadeJSON

/// Reading of answers, field by field: unknown ones are left alone, for the server may be newer.
extension JSONElement {
    /// Nil where it is not there, or `null`.
    func member(_ name: String) -> JSONElement? {
        guard let members else { return nil }
        for (key, value) in members where key == name { return value.isNull ? nil : value }
        return nil
    }

    private func present(_ name: String) throws(JadeError) -> JSONElement {
        guard let value = member(name) else { throw .invalidArgument("\(quoted(name)) is missing") }
        return value
    }

    func text(_ name: String) throws(JadeError) -> String { try present(name).string(name) }
    func flag(_ name: String) throws(JadeError) -> Bool { try present(name).boolean(name) }
    func whole(_ name: String) throws(JadeError) -> Int { try present(name).integer(name) }
    func time(_ name: String) throws(JadeError) -> Int64 { try Timestamp.milliseconds(of: text(name), name) }

    func optionalText(_ name: String) throws(JadeError) -> String? {
        guard let value = member(name) else { return nil }
        return try value.string(name)
    }

    func optionalTime(_ name: String) throws(JadeError) -> Int64? {
        guard let text = try optionalText(name) else { return nil }
        return try Timestamp.milliseconds(of: text, name)
    }

    /// The strings of a list; empty where it is not there.
    func names(_ name: String) throws(JadeError) -> [String] {
        guard let value = member(name) else { return [] }
        return try value.strings(name)
    }

    func strings(_ name: String) throws(JadeError) -> [String] {
        try list(name, limit: Limits.maximumListed) { (element) throws(JadeError) in try element.string(name) }
    }

    /// Names that this build does not know are left out.
    func permissions(_ name: String) throws(JadeError) -> PermissionSet {
        // The list itself, or the field of that name.
        let list = elements == nil ? member(name) : self
        guard let list else { return [] }
        return PermissionSet(try list.strings(name).compactMap(Permission.init(name:)))
    }

    /// Names that nobody knows are an error.
    func strictPermissions(_ name: String) throws(JadeError) -> PermissionSet { try PermissionSet(names: strings(name)) }

    /// `{"field","value"}`
    func tenant(_ name: String) throws(JadeError) -> TenantBinding? {
        guard let value = member(name) else { return nil }
        return TenantBinding(field: try value.text("field"), value: try value.text("value"))
    }
}

extension JSONWriter {
    mutating func names(_ names: [String]) {
        beginArray()
        for name in names { string(name) }
        endArray()
    }

    mutating func field(_ key: StaticString, _ names: [String]) {
        self.key(key)
        self.names(names)
    }

    mutating func field(_ key: StaticString, _ permissions: PermissionSet) { field(key, permissions.names) }

    mutating func field(_ key: StaticString, time milliseconds: Int64) { field(key, Timestamp.text(milliseconds: milliseconds)) }

    /// Left out when nil.
    mutating func field(_ key: StaticString, timeIfPresent milliseconds: Int64?) {
        if let milliseconds { field(key, time: milliseconds) }
    }

    /// Left out when nil.
    mutating func field(_ key: StaticString, _ tenant: TenantBinding?) {
        guard let tenant else { return }
        self.key(key)
        beginObject()
        field("field", tenant.field)
        field("value", tenant.value)
        endObject()
    }
}
