/// What becomes of a file's, or a folder's, changes that nobody has synced.
enum FileFate: Sendable, Hashable {
    /// None has reached the disk.
    case nothing
    case everything
    /// The first of them, up to a moment that is drawn; the last of these may be torn.
    case beginning
    /// Each sector of this many bytes has a moment of its own; each change of a folder happened or did not.
    case scattered(sectorBytes: Int)

    static func random(_ random: inout some RandomNumberGenerator) -> FileFate {
        switch Int.random(in: 0..<8, using: &random) {
        case 0: .nothing
        case 1: .everything
        case 2, 3: .beginning
        case 4, 5: .scattered(sectorBytes: 512)
        default: .scattered(sectorBytes: 4_096)
        }
    }
}

/// Up to which of a file's pending changes each of its sectors has got.
struct SectorTimes {
    private let fate: FileFate
    private let count: Int
    /// For ``FileFate/beginning``: everything before it is there, and the sectors of the change itself are there or not.
    private let end: Int
    private var drawn: [Int: Int] = [:]
    /// Share of the sectors, in percent, that are as old, and as new, as they can be.
    private let (oldest, newest): (Int, Int)
    let sizeTime: Int
    private let sectorBytes: Int

    init(_ fate: FileFate, count: Int, _ random: inout some RandomNumberGenerator) {
        self.fate = fate
        self.count = count
        end = Int.random(in: 0...count, using: &random)
        let odds = [(10, 80), (80, 10), (45, 45), (20, 20), (0, 95), (97, 0)]
        (oldest, newest) = odds[Int.random(in: 0..<odds.count, using: &random)]
        switch fate {
        case .nothing: sizeTime = 0
        case .everything: sizeTime = count
        case .beginning: sizeTime = min(count, end + Int.random(in: 0...1, using: &random))
        case .scattered:
            let choices = [0, count, count, Int.random(in: 0...count, using: &random)]
            sizeTime = choices[Int.random(in: 0..<choices.count, using: &random)]
        }
        if case .scattered(let bytes) = fate { sectorBytes = bytes } else { sectorBytes = 512 }
    }

    func sectors(of range: Range<Int>) -> some Sequence<Range<Int>> {
        let bytes = fate == .everything ? max(range.upperBound, 1) : sectorBytes
        return stride(from: range.lowerBound / bytes * bytes, to: range.upperBound, by: bytes).lazy.map { $0..<($0 + bytes) }
    }

    /// Changes below this number are in the sector.
    mutating func time(of sector: Range<Int>, _ random: inout some RandomNumberGenerator) -> Int {
        if fate == .everything { return count }
        if let time = drawn[sector.lowerBound] { return time }
        let time = draw(&random)
        drawn[sector.lowerBound] = time
        return time
    }

    private func draw(_ random: inout some RandomNumberGenerator) -> Int {
        guard case .scattered = fate else { return min(count, end + Int.random(in: 0...1, using: &random)) }
        let dice = Int.random(in: 0..<100, using: &random)
        if dice < oldest { return 0 }
        if dice >= 100 - newest { return count }
        return Int.random(in: 0...count, using: &random)
    }
}
