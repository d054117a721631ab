package import Foundation

extension Process {
    /// `run()`, after which the files opened for the child are the child's alone. Foundation keeps them open for as long as the
    /// object lives, which is longer than one expects; with more than 1,365 open files its `run()` reads beyond a listing
    /// of /proc/self/fd and may crash.
    package func start() throws {
        // What was not set is this process's own.
        let own = [FileHandle.nullDevice, .standardInput, .standardOutput, .standardError]
        defer {
            for case let file as FileHandle in [standardInput, standardOutput, standardError] where !own.contains(where: { $0 === file }) {
                try? file.close()
            }
        }
        try run()
    }
}
