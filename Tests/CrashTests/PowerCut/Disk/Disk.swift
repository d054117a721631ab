import JadeCore
import JadeIO

/// A disk on which recorded events take effect, and the images that a power cut may leave of it.
struct Disk {
    private var files: [Int: DiskFile] = [:]
    private var folders: [Int: DiskFolder] = [:]
    /// Events applied so far.
    private(set) var applied = 0

    mutating func apply(_ event: DiskEvent) {
        let number = applied
        applied += 1
        switch event {
        case .write(let file, let write): files[file, default: DiskFile()].write(write, at: number)
        case .resize(let file, let size): files[file, default: DiskFile()].resize(to: size, at: number)
        case .sync(let file, let range, let before): files[file, default: DiskFile()].sync(range, before: before)
        case .link(let folder, let name, let node): folders[folder, default: DiskFolder()].change(.link(name, node))
        case .unlink(let folder, let name): folders[folder, default: DiskFolder()].change(.unlink(name))
        case .rename(let folder, let from, let to): folders[folder, default: DiskFolder()].change(.rename(from, to: to))
        case .syncFolder(let folder): folders[folder, default: DiskFolder()].sync()
        case .mark: break
        }
    }

    /// Writes one of the possible images into a new folder.
    func image(_ style: CutStyle, _ random: inout some RandomNumberGenerator, at path: String) throws {
        try LocalFileSystem().createDirectory(path)
        try write(DiskRecorder.rootNumber, style, &random, at: path)
    }

    private func write(
        _ folder: Int, _ style: CutStyle, _ random: inout some RandomNumberGenerator, at path: String
    ) throws {
        guard let folder = folders[folder] else { return }
        let names = folder.names(style.fate(&random), &random)
        // In a fixed order, so that a seed gives the same image again.
        for name in names.keys.sorted() {
            switch names[name] {
            case .file(let number):
                let content = (files[number] ?? DiskFile()).content(style.fate(&random), &random)
                try Self.write(content, to: "\(path)/\(name)")
            case .folder(let number):
                try LocalFileSystem().createDirectory("\(path)/\(name)")
                try write(number, style, &random, at: "\(path)/\(name)")
            case nil: break
            }
        }
    }

    /// With holes where there are zeros.
    private static func write(_ content: [UInt8], to path: String) throws {
        let file = try LocalFileSystem().openAppendFile(path, create: true)
        defer { file.close() }
        try content.withUnsafeBytes { bytes in
            for start in stride(from: 0, to: bytes.count, by: holeBytes) {
                let piece = UnsafeRawBufferPointer(rebasing: bytes[start..<min(start + holeBytes, bytes.count)])
                if piece.allSatisfy({ $0 == 0 }) { try file.truncate(to: start + piece.count) } else { try file.write(piece) }
            }
        }
    }

    private static let holeBytes = 32 << 10
}

/// How an image treats what was not synced.
enum CutStyle: Sendable, Hashable, CaseIterable {
    /// The machine stopped, and all had reached the disk by then.
    case everything
    /// Only what was synced.
    case nothing
    /// Each file and folder has a fate of its own.
    case mixed
    case scatteredSectors
    case scatteredPages

    static func random(_ random: inout some RandomNumberGenerator) -> CutStyle {
        let odds: [CutStyle] = [.everything, .nothing, .mixed, .mixed, .mixed, .scatteredSectors, .scatteredSectors, .scatteredPages]
        return odds[Int.random(in: 0..<odds.count, using: &random)]
    }

    fileprivate func fate(_ random: inout some RandomNumberGenerator) -> FileFate {
        switch self {
        case .everything: .everything
        case .nothing: .nothing
        case .mixed: .random(&random)
        case .scatteredSectors: .scattered(sectorBytes: 512)
        case .scatteredPages: .scattered(sectorBytes: 4_096)
        }
    }
}
