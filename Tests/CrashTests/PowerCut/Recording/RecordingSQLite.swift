import CJadeRecordingVFS
import JadeIO
import Synchronization

/// Lets recorders hear of what SQLite does to files below their folders: from the first use on every connection of the
/// process goes through a VFS that tells.
enum RecordingSQLite {
    private struct State {
        var recorders: [String: DiskRecorder] = [:]
        /// Open files by token - 1.
        var tokens: [(recorder: DiskRecorder, number: Int)] = []
    }

    private static let state = Mutex(State())

    private static let installed: Bool = {
        var calls = jade_recording_calls()
        calls.opened = { path in path.map { RecordingSQLite.opened(String(cString: $0)) } ?? 0 }
        calls.written = { token, bytes, count, offset in
            RecordingSQLite.file(token) { $0.wrote($1, Int(offset), UnsafeRawBufferPointer(start: bytes, count: Int(count))) }
        }
        calls.truncated = { token, size in RecordingSQLite.file(token) { $0.resized($1, Int(size)) } }
        calls.synced = { token in RecordingSQLite.file(token) { $0.syncing($1) {} } }
        calls.removed = { path in RecordingSQLite.folder(path) { $0.removed($1) } }
        calls.folder_synced = { path in RecordingSQLite.folder(path) { $0.syncedFolder(parentDirectory(of: $1)) } }
        return jade_recording_vfs_install(&calls) == 0
    }()

    static func attach(_ recorder: DiskRecorder) {
        precondition(installed, "SQLite took no VFS")
        state.withLock { $0.recorders[recorder.root] = recorder }
    }

    /// Files that are open are not heard of any more either.
    static func detach(_ recorder: DiskRecorder) {
        state.withLock { $0.recorders[recorder.root] = nil }
    }

    private static func recorder(of path: String) -> DiskRecorder? {
        state.withLock { state in state.recorders.first { path.hasPrefix($0.key + "/") }?.value }
    }

    private static func opened(_ path: String) -> Int64 {
        guard let recorder = recorder(of: path), let number = recorder.opened(path) else { return 0 }
        return state.withLock { state in
            state.tokens.append((recorder, number))
            return Int64(state.tokens.count)
        }
    }

    private static func file(_ token: Int64, _ body: (DiskRecorder, Int) -> Void) {
        let (recorder, number) = state.withLock { $0.tokens[Int(token) - 1] }
        body(recorder, number)
    }

    private static func folder(_ path: UnsafePointer<CChar>?, _ body: (DiskRecorder, String) -> Void) {
        guard let path = path.map({ String(cString: $0) }), let recorder = recorder(of: path) else { return }
        body(recorder, path)
    }
}
