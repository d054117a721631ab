/// The time that a caller gives a call, as the header `grpc-timeout` says it: up to 8 digits and a unit.
package enum CallTimeout {
    package static let header = "grpc-timeout"

    private static let units: [(name: Character, nanoseconds: Int64)] = [
        ("n", 1), ("u", 1_000), ("m", 1_000_000), ("S", 1_000_000_000), ("M", 60_000_000_000), ("H", 3_600_000_000_000),
    ]

    /// Nanoseconds; nil for a text that is none.
    package static func nanoseconds(_ text: String) -> Int64? {
        guard let last = text.last, let unit = units.first(where: { $0.name == last }) else { return nil }
        let digits = text.dropLast()
        guard (1...8).contains(digits.utf8.count), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = Int64(digits)
        else { return nil }
        let (product, overflow) = number.multipliedReportingOverflow(by: unit.nanoseconds)
        return overflow ? .max : product
    }

    /// The shortest time that is not shorter.
    package static func text(milliseconds: Int) -> String {
        if milliseconds < 100_000_000 { return "\(max(milliseconds, 0))m" }
        return "\(min((milliseconds + 999) / 1_000, 99_999_999))S"
    }
}
