/// One setting: its names, what it takes, and how it gets into a ``ServerConfiguration``.
package struct ConfigurationOption: Sendable {
    /// The heading in the file: `storage`.
    package let section: String
    /// The key below it: `data_directory`.
    package let name: String
    /// What a value has to be, for messages and the reference: `an integer from 0 to 65535`.
    package let expected: String
    /// What it does and why one would change it. Whole sentences.
    package let summary: String
    /// The setting in a configuration, as it would be written.
    package let text: @Sendable (ServerConfiguration) -> String
    /// Sets it; false when the text is not what ``expected`` says.
    package let assign: @Sendable (inout ServerConfiguration, String) -> Bool

    /// `storage.data_directory`.
    package var key: String { "\(section).\(name)" }

    /// `JADEVECTORDB_STORAGE_DATA_DIRECTORY`.
    package var environmentName: String { "JADEVECTORDB_\(section)_\(name)".uppercased() }

    /// `data-directory`: without the section where the name alone says enough.
    package var flagName: String {
        let plain = name.replacing("_", with: "-")
        return section == "storage" || section == "server" ? plain : "\(section)-\(plain)"
    }

    /// As it is without any setting.
    package var defaultText: String { text(ServerConfiguration()) }
}

extension ConfigurationOption {
    typealias Path<Value> = any WritableKeyPath<ServerConfiguration, Value> & Sendable

    static func integer(
        _ section: String, _ name: String, _ path: Path<Int>, in range: ClosedRange<Int>, _ summary: String
    ) -> ConfigurationOption {
        let expected =
            range.upperBound == .max
            ? "an integer of at least \(range.lowerBound)" : "an integer from \(range.lowerBound) to \(range.upperBound)"
        return ConfigurationOption(section: section, name: name, expected: expected, summary: summary) {
            String($0[keyPath: path])
        } assign: { configuration, text in
            guard let value = Int(text), range.contains(value) else { return false }
            configuration[keyPath: path] = value
            return true
        }
    }

    static func toggle(_ section: String, _ name: String, _ path: Path<Bool>, _ summary: String) -> ConfigurationOption {
        ConfigurationOption(section: section, name: name, expected: "true or false", summary: summary) {
            String($0[keyPath: path])
        } assign: { configuration, text in
            guard let value = Bool(text.lowercased()) else { return false }
            configuration[keyPath: path] = value
            return true
        }
    }

    static func path(
        _ section: String, _ name: String, _ path: Path<String>, mayBeEmpty: Bool, _ summary: String
    ) -> ConfigurationOption {
        .text(section, name, path, expected: mayBeEmpty ? "a path, or nothing" : "a path", mayBeEmpty: mayBeEmpty, summary)
    }

    static func text(
        _ section: String, _ name: String, _ path: Path<String>, expected: String, mayBeEmpty: Bool = true, _ summary: String,
        isValid: @escaping @Sendable (String) -> Bool = { _ in true }
    ) -> ConfigurationOption {
        ConfigurationOption(section: section, name: name, expected: expected, summary: summary) {
            $0[keyPath: path]
        } assign: { configuration, text in
            guard mayBeEmpty || !text.isEmpty, !text.utf8.contains(0), isValid(text) else { return false }
            configuration[keyPath: path] = text
            return true
        }
    }

    static func host(_ section: String, _ name: String, _ path: Path<String>, _ summary: String) -> ConfigurationOption {
        ConfigurationOption(section: section, name: name, expected: "a host name or address", summary: summary) {
            $0[keyPath: path]
        } assign: { configuration, text in
            guard !text.isEmpty, !text.contains(where: \.isWhitespace), !text.utf8.contains(0) else { return false }
            configuration[keyPath: path] = text
            return true
        }
    }

    static func choice<Choice: RawRepresentable<String> & CaseIterable & Sendable>(
        _ section: String, _ name: String, _ path: Path<Choice>, _ summary: String
    ) -> ConfigurationOption {
        let names = Choice.allCases.map(\.rawValue)
        let expected = "one of \(names.joined(separator: ", "))"
        return ConfigurationOption(section: section, name: name, expected: expected, summary: summary) {
            $0[keyPath: path].rawValue
        } assign: { configuration, text in
            guard let choice = Choice(rawValue: text.lowercased()) else { return false }
            configuration[keyPath: path] = choice
            return true
        }
    }
}
