import ArgumentParser
import JadeJSON

struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "version", abstract: "Prints the version of this program.")

    @OptionGroup var output: OutputOptions

    func run() {
        switch output.output {
        case .table: Standard.out("jadevectordb \(ProgramVersion.current)")
        case .json:
            var writer = JSONWriter()
            writer.beginObject()
            writer.key("version")
            writer.string(ProgramVersion.current)
            writer.endObject()
            Standard.out(writer.bytes)
        }
    }
}

enum ProgramVersion {
    static let current = "0.1.0"
}
