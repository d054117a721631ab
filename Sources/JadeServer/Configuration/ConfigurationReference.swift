/// Renders the list of options: the sample file and the page of the manual. A test compares the committed ones.
package enum ConfigurationReference {
    /// `config/jadevectordb.conf`: every option with its default.
    package static func sampleFile() -> String {
        var lines = [
            "# Settings of jadevectordb. Every option stands here with its default.",
            "# An environment variable (JADEVECTORDB_<SECTION>_<KEY>) outranks this file, and a flag outranks both.",
            "# Generated from the options that the server declares: see docs/configuration.md.",
        ]
        for section in sections {
            lines += ["", "[\(section.name)]"]
            for option in section.options {
                lines += wrapped(option.summary, width: 110).map { "# \($0)" }
                lines.append("\(option.name)=\(option.defaultText)")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// `docs/configuration.md`.
    package static func manualPage() -> String {
        var lines = [
            "# Configuration",
            "",
            "A setting is taken from the first of these that has it: the flag, the environment variable, the file, the",
            "default. The file is the one that `--config` or `\(ServerConfiguration.fileVariable)` names, or else the first of",
            ServerConfiguration.usualFiles.map { "`\($0)`" }.joined(separator: " and ") + " that exists.",
            "",
            "The file has `[section]` headings and `key=value` lines; `#` and `;` begin a comment. A key that does not exist and",
            "a value that does not fit are errors that name file and line: the server does not start.",
            "",
            "This page and `config/jadevectordb.conf` are generated from the options that the server declares.",
        ]
        for section in sections {
            lines += ["", "## \(section.name)"]
            for option in section.options { lines += entry(option) }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func entry(_ option: ConfigurationOption) -> [String] {
        let fallback = option.defaultText.isEmpty ? "nothing" : "`\(option.defaultText)`"
        return ["", "### \(option.name)", ""] + wrapped(option.summary, width: 118) + [
            "",
            "- takes \(option.expected); default \(fallback)",
            "- `--\(option.flagName)`, `\(option.environmentName)`",
        ]
    }

    /// The options by section, both in the order of their declaration.
    private static var sections: [(name: String, options: [ConfigurationOption])] {
        var sections: [(name: String, options: [ConfigurationOption])] = []
        for option in ServerConfiguration.options {
            if let index = sections.firstIndex(where: { $0.name == option.section }) {
                sections[index].options.append(option)
            } else {
                sections.append((option.section, [option]))
            }
        }
        return sections
    }

    private static func wrapped(_ text: String, width: Int) -> [String] {
        var lines: [String] = []
        for word in text.split(separator: " ") {
            if let last = lines.last, last.count + 1 + word.count <= width {
                lines[lines.count - 1] = "\(last) \(word)"
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }
}
