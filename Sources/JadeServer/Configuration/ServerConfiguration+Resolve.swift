package import JadeCore

extension ServerConfiguration {
    /// Where settings come from, weakest first: defaults, the file, the environment, flags.
    package struct Sources: Sendable {
        package var file: IniFile?
        /// The whole environment; only the names of ``options`` are looked at.
        package var environment: [String: String]
        /// Flags by their name without the dashes, as ``ConfigurationOption/flagName`` has it.
        package var flags: [String: String]

        package init(file: IniFile? = nil, environment: [String: String] = [:], flags: [String: String] = [:]) {
            self.file = file
            self.environment = environment
            self.flags = flags
        }
    }

    /// The settings that hold. An unknown key or flag, or a value that does not fit, is an error that names its place.
    package init(resolving sources: Sources) throws(JadeError) {
        self.init()
        if let file = sources.file {
            for entry in file.entries { try apply(entry, of: file) }
        }
        for option in Self.options {
            if let text = sources.environment[option.environmentName] {
                try set(option, text, source: "environment variable \(option.environmentName)")
            }
        }
        for (name, text) in sources.flags.sorted(by: { $0.key < $1.key }) {
            guard let option = Self.options.first(where: { $0.flagName == name }) else {
                let hint = NearMiss.hint(for: "--\(name)", among: Self.options.map { "--\($0.flagName)" })
                throw .invalidArgument("unknown flag --\(name)\(hint)")
            }
            try set(option, text, source: "flag --\(name)")
        }
    }

    private mutating func apply(_ entry: IniFile.Entry, of file: IniFile) throws(JadeError) {
        let place = "\(file.path):\(entry.line)"
        let key = "\(entry.section).\(entry.name)"
        guard let option = Self.options.first(where: { $0.key == key }) else {
            throw .invalidArgument("\(place): unknown key \(key)\(NearMiss.hint(for: key, among: Self.options.map(\.key)))")
        }
        try set(option, entry.value, source: place)
    }

    private mutating func set(_ option: ConfigurationOption, _ text: String, source: String) throws(JadeError) {
        guard option.assign(&self, text) else {
            throw .invalidArgument("\(source): \(option.key) is \(text.debugDescription), expected \(option.expected)")
        }
    }
}
