import ArgumentParser

/// A length of time on the command line: `90s`, `15m`, `12h`, `30d`, or seconds without a unit.
struct TimeSpan: ExpressibleByArgument {
    let seconds: Int

    init?(argument: String) {
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
        let unit = argument.last.flatMap { units[$0] }
        guard let number = Int(unit == nil ? argument : String(argument.dropLast())), number >= 0 else { return nil }
        let (seconds, overflow) = number.multipliedReportingOverflow(by: unit ?? 1)
        if overflow { return nil }
        self.seconds = seconds
    }
}
