import JadeCore
import JadeIO
import JadeTestSupport

/// One thing that happens to a file while nobody looks.
enum Damage: CustomStringConvertible {
    case flip(offset: Int, bit: Int)
    case truncate(to: Int)
    case zero(Range<Int>)
    case remove

    static func random(of size: Int, _ random: inout SeededRandom) -> Damage {
        let offset = Int.random(in: 0..<max(size, 1), using: &random)
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<70 where size > 0: return .flip(offset: offset, bit: Int.random(in: 0..<8, using: &random))
        case 70..<85: return .truncate(to: offset)
        case 85..<95 where size > 0: return .zero(offset..<min(size, offset + 512))
        default: return .remove
        }
    }

    func apply(to path: String) throws {
        let files = LocalFileSystem()
        if case .remove = self { return try files.remove(path) }
        var bytes = try files.readFile(path, limit: 1 << 30)
        switch self {
        case .flip(let offset, let bit): bytes[offset] ^= 1 << UInt8(bit)
        case .truncate(let size): bytes.removeLast(bytes.count - min(size, bytes.count))
        case .zero(let range): for offset in range { bytes[offset] = 0 }
        case .remove: break
        }
        try files.replaceFile(path, with: bytes)
    }

    var description: String {
        switch self {
        case .flip(let offset, let bit): "bit \(bit) of byte \(offset) flipped"
        case .truncate(let size): "cut to \(size) bytes"
        case .zero(let range): "bytes \(range) set to zero"
        case .remove: "removed"
        }
    }
}

/// Files below a folder, relative to it.
func tree(_ folder: String, _ prefix: String = "") throws -> [String] {
    let files = LocalFileSystem()
    return try files.list(folder).flatMap { name -> [String] in
        let path = "\(folder)/\(name)"
        return try files.isDirectory(path) ? try tree(path, "\(prefix)\(name)/") : [prefix + name]
    }
}

func copyTree(_ from: String, to: String) throws {
    let files = LocalFileSystem()
    try files.createDirectory(to)
    for name in try tree(from) {
        try files.createDirectory(parentDirectory(of: "\(to)/\(name)"))
        try files.replaceFile("\(to)/\(name)", with: try files.readFile("\(from)/\(name)", limit: 1 << 30))
    }
}
