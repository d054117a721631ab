package import JadeCore

/// Times on the wire: RFC 3339 in UTC with milliseconds, `2026-11-22T17:03:40.120Z`.
///
/// Counted in whole milliseconds and days of the proleptic Gregorian calendar, without a floating-point number in
/// between, so that a time comes back exactly.
package enum Timestamp {
    private static let millisecondsOfDay: Int64 = 86_400_000
    /// Milliseconds since 1970 of the last time with a year of four digits.
    private static let last: Int64 = 253_402_300_799_999
    /// Years in which February has 29 days repeat after 400 years, and these have this many days.
    private static let daysOfCycle: Int64 = 146_097

    /// - Parameter milliseconds: since 1970; times outside the years 0001 to 9999 are shown as the nearest of these.
    package static func text(milliseconds: Int64) -> String {
        let milliseconds = min(max(milliseconds, -62_135_596_800_000), last)
        let (days, time) = floorDivide(milliseconds, millisecondsOfDay)
        let (year, month, day) = date(days: days)
        let clock = "\(pad(time / 3_600_000)):\(pad(time / 60_000 % 60)):\(pad(time / 1000 % 60)).\(pad(time % 1000, to: 3))"
        return "\(pad(year, to: 4))-\(pad(month))-\(pad(day))T\(clock)Z"
    }

    /// The inverse of ``text(milliseconds:)``; the fraction may be left out or have 1 to 9 digits, of which 3 count.
    package static func milliseconds(of text: String, _ field: String) throws(JadeError) -> Int64 {
        guard let value = parse(Array(text.utf8)) else {
            throw .invalidArgument("\"\(field)\" is \(shown(text)), expected a time such as 2026-01-31T23:59:59.000Z")
        }
        return value
    }

    private static func parse(_ text: [UInt8]) -> Int64? {
        let shape = Array("dddd-dd-ddTdd:dd:dd".utf8)
        guard text.count > shape.count, text.last == UInt8(ascii: "Z") else { return nil }
        for (byte, expected) in zip(text, shape) where expected != UInt8(ascii: "d") && byte != expected { return nil }
        let parts = [(0, 4), (5, 2), (8, 2), (11, 2), (14, 2), (17, 2)].compactMap { number(text[$0.0..<$0.0 + $0.1]) }
        guard parts.count == 6, let fraction = fraction(text[shape.count..<text.count - 1]) else { return nil }
        let (year, month, day) = (parts[0], parts[1], parts[2])
        guard year >= 1, (1...12).contains(month), day >= 1, parts[3] < 24, parts[4] < 60, parts[5] < 60 else { return nil }
        let days = days(year: year, month: month, day: day)
        guard date(days: days) == (year, month, day) else { return nil }
        return days * millisecondsOfDay + parts[3] * 3_600_000 + parts[4] * 60_000 + parts[5] * 1000 + fraction
    }

    /// `.5` is 500 milliseconds; nothing is 0.
    private static func fraction(_ text: ArraySlice<UInt8>) -> Int64? {
        guard let point = text.first else { return 0 }
        let digits = text.dropFirst()
        guard point == UInt8(ascii: "."), (1...9).contains(digits.count), number(digits) != nil else { return nil }
        return number((Array(digits) + Array("000".utf8))[..<3])
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int64? {
        var value: Int64 = 0
        for digit in digits {
            guard digit >= UInt8(ascii: "0"), digit <= UInt8(ascii: "9") else { return nil }
            value = value * 10 + Int64(digit - UInt8(ascii: "0"))
        }
        return value
    }

    private static func pad(_ value: Int64, to width: Int = 2) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

// MARK: Calendar. Years are counted from March here, so that the leap day is the last of its year.

extension Timestamp {
    /// Days from 1 March of year 0 to 1 January 1970.
    private static let epoch: Int64 = 719_468

    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let marchYear = month <= 2 ? year - 1 : year
        let marchMonth = (month + 9) % 12
        let (cycle, yearOfCycle) = floorDivide(marchYear, 400)
        let dayOfYear = dayOfYear(marchMonth) + day - 1
        return cycle * daysOfCycle + firstDay(ofYear: yearOfCycle) + dayOfYear - epoch
    }

    private static func date(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (cycle, dayOfCycle) = floorDivide(days + epoch, daysOfCycle)
        var year = dayOfCycle / 365
        while firstDay(ofYear: year) > dayOfCycle { year -= 1 }
        let day = dayOfCycle - firstDay(ofYear: year)
        var month: Int64 = 11
        while dayOfYear(month) > day { month -= 1 }
        let marchYear = cycle * 400 + year
        return (month < 10 ? marchYear : marchYear + 1, (month + 2) % 12 + 1, day - dayOfYear(month) + 1)
    }

    /// Days of a cycle before its year number `year`, leap days of 4, 100 and 400 years included.
    private static func firstDay(ofYear year: Int64) -> Int64 { 365 * year + year / 4 - year / 100 + year / 400 }

    /// Days of a year from March before its month number `month`: five months have 153 days, in a steady pattern.
    private static func dayOfYear(_ month: Int64) -> Int64 { (153 * month + 2) / 5 }

    private static func floorDivide(_ value: Int64, _ divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
