import ArgumentParser
import Foundation
import JadeCore

/// Passwords come from the terminal or from standard input, never from an argument that a process list shows.
enum PasswordInput {
    /// - Parameter confirming: asks twice on a terminal.
    static func read(_ prompt: String, confirming: Bool = false) throws(JadeError) -> String {
        guard isatty(STDIN_FILENO) == 1 else {
            guard let line = readLine() else { throw .invalidArgument("no password on standard input") }
            return line
        }
        let password = try hidden(prompt)
        if confirming, try hidden("once more: ") != password { throw .invalidArgument("the two passwords differ") }
        return password
    }

    private static func hidden(_ prompt: String) throws(JadeError) -> String {
        Standard.errorInPlace(prompt)
        var shown = termios()
        tcgetattr(STDIN_FILENO, &shown)
        var quiet = shown
        quiet.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet)
        defer {
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown)
            Standard.errorInPlace("\n")
        }
        guard let line = readLine() else { throw .cancelled("no password was given") }
        return line
    }
}
