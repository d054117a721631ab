/// The parts of a time in UTC, by the proleptic Gregorian calendar.
package struct CalendarTime: Sendable {
    var year = 1970
    var month = 1
    var day = 1
    var millisecondOfDay = 0

    private static let millisecondsOfDay = 86_400_000

    /// Times before 1970 are taken for its beginning.
    package init(milliseconds: Int64) {
        var days = Int(max(milliseconds, 0)) / Self.millisecondsOfDay
        millisecondOfDay = Int(max(milliseconds, 0)) % Self.millisecondsOfDay
        while days >= Self.days(of: year) {
            days -= Self.days(of: year)
            year += 1
        }
        while days >= Self.days(of: month, in: year) {
            days -= Self.days(of: month, in: year)
            month += 1
        }
        day = days + 1
    }

    private static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }
    private static func days(of year: Int) -> Int { isLeap(year) ? 366 : 365 }
    private static func days(of month: Int, in year: Int) -> Int {
        month == 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
    }

    /// `20261122`
    package var date: String { [(year, 4), (month, 2), (day, 2)].map(Self.padded).joined() }

    /// `20261122T201530Z`, as AWS wants it.
    package var second: String { String(compact.dropLast(3)) + "Z" }

    /// `20261122T201530123`
    package var compact: String {
        let seconds = millisecondOfDay / 1_000
        let clock = [(seconds / 3_600, 2), (seconds / 60 % 60, 2), (seconds % 60, 2), (millisecondOfDay % 1_000, 3)]
        return date + "T" + clock.map(Self.padded).joined()
    }

    private static func padded(_ number: Int, to width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
