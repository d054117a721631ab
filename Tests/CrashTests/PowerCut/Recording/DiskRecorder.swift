import JadeIO
import Synchronization

/// Listens to everything that changes the files below one folder, and keeps it in order.
///
/// Stores into mapped memory are seen by comparing: before every other event each mapped file is searched for pages that
/// differ from what they were, so that any moment's pages can be found on a disk later.
final class DiskRecorder: Sendable {
    /// The number of the folder itself.
    static let rootNumber = 0

    private struct State {
        var events: [DiskEvent] = []
        var nodes: [String: DiskNode] = [:]
        var nextNumber = DiskRecorder.rootNumber + 1
        var mapped: [MappedShadow] = []
    }

    let root: String
    private let state = Mutex(State())

    /// What is in the folder already counts as durable.
    init(root: String) throws {
        self.root = root
        try state.withLock { state in
            state.nodes[root] = .folder(Self.rootNumber)
            try Self.adopt(root, Self.rootNumber, &state)
        }
    }

    private static func adopt(_ path: String, _ folder: Int, _ state: inout State) throws {
        let files = LocalFileSystem()
        for name in try files.list(path) {
            let member = "\(path)/\(name)"
            let number = state.nextNumber
            state.nextNumber += 1
            guard try files.isDirectory(member) else {
                add(.file(number), name, member, folder, &state)
                let bytes = try files.readFile(member, limit: 1 << 30)
                state.events.append(.write(file: number, DiskWrite(offset: 0, bytes: bytes)))
                state.events.append(.sync(file: number, nil, before: state.events.count))
                continue
            }
            add(.folder(number), name, member, folder, &state)
            try adopt(member, number, &state)
        }
        state.events.append(.syncFolder(folder))
    }

    private static func add(_ node: DiskNode, _ name: String, _ path: String, _ folder: Int, _ state: inout State) {
        state.nodes[path] = node
        state.events.append(.link(folder: folder, name: name, node))
    }

    /// All so far.
    var events: [DiskEvent] { state.withLock { $0.events } }

    func mark(_ mark: StoryMark) { append { _ in .mark(mark) } }

    func wrote(_ file: Int, _ offset: Int, _ bytes: UnsafeRawBufferPointer) {
        append { _ in .write(file: file, DiskWrite(offset: offset, bytes: Array(bytes))) }
    }

    func resized(_ file: Int, _ size: Int) { append { _ in .resize(file: file, size: size) } }

    /// Runs a sync. What is written while it runs may or may not be on the disk afterwards: only what was there before counts.
    func syncing<Failure: Error>(
        _ file: Int, _ range: Range<Int>? = nil, _ sync: () throws(Failure) -> Void
    ) throws(Failure) {
        let before = state.withLock { state in
            Self.capture(&state)
            return state.events.count
        }
        try sync()
        append { _ in .sync(file: file, range, before: before) }
    }

    /// The number of a file, which exists from now on if it did not.
    func opened(_ path: String) -> Int? {
        state.withLock { state in
            if case .file(let number) = state.nodes[path] { return number }
            guard case .folder(let folder) = state.nodes[parentDirectory(of: path)] else { return nil }
            Self.capture(&state)
            let number = state.nextNumber
            state.nextNumber += 1
            Self.add(.file(number), Self.name(path), path, folder, &state)
            return number
        }
    }

    func madeFolder(_ path: String) {
        state.withLock { state in
            guard state.nodes[path] == nil, case .folder(let folder) = state.nodes[parentDirectory(of: path)] else { return }
            Self.add(.folder(state.nextNumber), Self.name(path), path, folder, &state)
            state.nextNumber += 1
        }
    }

    func removed(_ path: String) {
        append { state in
            guard state.nodes.removeValue(forKey: path) != nil, case .folder(let folder) = state.nodes[parentDirectory(of: path)] else {
                return nil
            }
            return .unlink(folder: folder, name: Self.name(path))
        }
    }

    func renamed(_ path: String, to newPath: String) {
        append { state in
            let folder = parentDirectory(of: path)
            precondition(folder == parentDirectory(of: newPath), "a rename from one folder to another is not modelled")
            guard let node = state.nodes.removeValue(forKey: path), case .folder(let number) = state.nodes[folder] else { return nil }
            state.nodes[newPath] = node
            return .rename(folder: number, from: Self.name(path), to: Self.name(newPath))
        }
    }

    func syncedFolder(_ path: String) {
        append { state in
            guard case .folder(let number) = state.nodes[path] else { return nil }
            return .syncFolder(number)
        }
    }

    func attach(_ shadow: MappedShadow) { state.withLock { $0.mapped.append(shadow) } }

    func detach(_ shadow: MappedShadow) {
        state.withLock { state in
            Self.capture(&state)
            state.mapped.removeAll { $0 === shadow }
        }
    }

    private func append(_ event: (inout State) -> DiskEvent?) {
        state.withLock { state in
            Self.capture(&state)
            if let event = event(&state) { state.events.append(event) }
        }
    }

    private static func capture(_ state: inout State) {
        for shadow in state.mapped {
            shadow.forEachChange { state.events.append(.write(file: shadow.number, $0)) }
        }
    }

    private static func name(_ path: String) -> String { String(path.split(separator: "/").last ?? "") }
}
