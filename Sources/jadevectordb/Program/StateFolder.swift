import Foundation

/// Where the program keeps what it remembers between two commands: `$XDG_STATE_HOME/jadevectordb`.
enum StateFolder {
    static var url: URL {
        if let state = ProcessInfo.processInfo.environment["XDG_STATE_HOME"], state.hasPrefix("/") {
            return URL(fileURLWithPath: state).appendingPathComponent("jadevectordb")
        }
        return FileManager.default.homeDirectoryForCurrentUser.appendingPathComponent(".local/state/jadevectordb")
    }
}
