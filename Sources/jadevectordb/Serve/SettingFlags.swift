import ArgumentParser
import JadeServer

/// The flags of `serve`: one for each setting that the server declares, so that no list is kept twice.
enum SettingFlags {
    /// Name and value of each, `--name value` or `--name=value`.
    static func parsed(_ arguments: [String]) throws -> [String: String] {
        var flags: [String: String] = [:]
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            guard argument.hasPrefix("--"), argument.count > 2 else {
                throw ValidationError("\(argument.debugDescription) is no setting: settings look like --port 8080")
            }
            let parts = argument.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard let option = ServerConfiguration.options.first(where: { $0.flagName == parts[0] }) else {
                let known = ServerConfiguration.options.map { "--\($0.flagName)" }
                throw ValidationError("there is no setting --\(parts[0])\(NearMiss.hint(for: "--\(parts[0])", among: known))")
            }
            guard let value = parts.count == 2 ? parts[1] : rest.popFirst() else {
                throw ValidationError("--\(parts[0]) needs a value: \(option.expected)")
            }
            guard flags.updateValue(value, forKey: parts[0]) == nil else { throw ValidationError("--\(parts[0]) is given twice") }
        }
        return flags
    }

    static var help: String {
        let entries = ServerConfiguration.options.map { option in
            let value = option.defaultText.isEmpty ? "" : " (default \(option.defaultText))"
            return "  --\(option.flagName)\(value)\n      \(option.expected)"
        }
        return "SETTINGS:\n" + entries.joined(separator: "\n") + "\n\nThe manual's page docs/configuration.md says what each of them does."
    }
}
