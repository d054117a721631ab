import Foundation

/// The two streams a program speaks on: results on the one, everything else on the other.
enum Standard {
    static let isTerminal = isatty(STDOUT_FILENO) == 1
    static let errorIsTerminal = isatty(STDERR_FILENO) == 1

    static func out(_ text: String) { write(text + "\n", to: STDOUT_FILENO) }
    static func out(_ bytes: [UInt8]) { write(String(decoding: bytes, as: UTF8.self) + "\n", to: STDOUT_FILENO) }
    static func error(_ text: String) { write(text + "\n", to: STDERR_FILENO) }
    /// Without a line end: what a progress bar draws.
    static func errorInPlace(_ text: String) { write(text, to: STDERR_FILENO) }

    /// Columns of the terminal; nil when the output goes elsewhere.
    static var width: Int? {
        guard isTerminal else { return nil }
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    /// Asks on the terminal; no without one, so that a script never hangs.
    static func confirm(_ question: String) -> Bool {
        guard isatty(STDIN_FILENO) == 1 else { return false }
        errorInPlace("\(question) [y/N] ")
        return ["y", "yes"].contains((readLine() ?? "").lowercased())
    }

    /// A closed pipe is the reader's choice and no failure.
    private static func write(_ text: String, to descriptor: Int32) { _ = ByteSink.writeAll(Array(text.utf8), to: descriptor) }
}
