import ArgumentParser

struct Completion: ParsableCommand {
    enum Shell: String, ExpressibleByArgument, CaseIterable {
        case bash, zsh, fish
    }

    static let configuration = CommandConfiguration(
        abstract: "Prints what makes a shell complete this program's commands and options.",
        discussion: """
              jadevectordb completion bash > /etc/bash_completion.d/jadevectordb
              jadevectordb completion zsh > "${fpath[1]}/_jadevectordb"
              jadevectordb completion fish > ~/.config/fish/completions/jadevectordb.fish
            """)

    @Argument(help: "bash, zsh or fish.") var shell: Shell

    func run() {
        let chosen: CompletionShell = switch shell { case .bash: .bash; case .zsh: .zsh; case .fish: .fish }
        Standard.out(Program.completionScript(for: chosen))
    }
}
