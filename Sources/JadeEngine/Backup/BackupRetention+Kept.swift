package import JadeCore

extension BackupRetention {
    private static let dayMilliseconds: Int64 = 86_400_000
    /// 1970 began on a Thursday: its first Monday was the 5th of January.
    private static let firstMonday: Int64 = 4

    /// Which backups stay. Pure, so that it can be tried out: the names and times of all of them, in any order.
    package func kept(_ backups: [(id: String, milliseconds: Int64)]) -> Set<String> {
        let newestFirst = backups.sorted { ($0.milliseconds, $0.id) > ($1.milliseconds, $1.id) }
        var kept = Set(newestFirst.prefix(last).map(\.id))
        keep(daily, of: newestFirst, in: &kept) { Self.floor($0, Self.dayMilliseconds) }
        keep(weekly, of: newestFirst, in: &kept) { Self.floor($0 - Self.firstMonday * Self.dayMilliseconds, 7 * Self.dayMilliseconds) }
        return kept
    }

    /// The newest of each of the last `count` periods that have one.
    private func keep(
        _ count: Int, of newestFirst: [(id: String, milliseconds: Int64)], in kept: inout Set<String>, period: (Int64) -> Int64
    ) {
        var seen: Set<Int64> = []
        for backup in newestFirst where seen.count < count && seen.insert(period(backup.milliseconds)).inserted { kept.insert(backup.id) }
    }

    private static func floor(_ value: Int64, _ divisor: Int64) -> Int64 {
        value >= 0 ? value / divisor : (value - divisor + 1) / divisor
    }
}
