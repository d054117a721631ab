import Foundation

/// Numbers as people read them.
enum Numbers {
    /// `61,666`
    static func grouped(_ value: Int) -> String {
        var digits = String(value.magnitude)
        var place = digits.count - 3
        while place > 0 {
            digits.insert(",", at: digits.index(digits.startIndex, offsetBy: place))
            place -= 3
        }
        return (value < 0 ? "-" : "") + digits
    }

    static func grouped(_ value: Double) -> String { value.isFinite ? grouped(Int(value.rounded())) : "–" }

    /// `0.9512`
    static func decimal(_ value: Double, places: Int) -> String { String(format: "%.\(places)f", value) }

    /// `12.3 MiB`
    static func bytes(_ value: Int) -> String {
        var amount = Double(value)
        for unit in ["B", "KiB", "MiB", "GiB"] {
            if amount < 1_024 { return unit == "B" ? "\(value) B" : "\(decimal(amount, places: 1)) \(unit)" }
            amount /= 1_024
        }
        return "\(decimal(amount, places: 1)) TiB"
    }

    /// `1 h 02 min`, `3 min 07 s`, `12 s`
    static func duration(seconds: Double) -> String {
        guard seconds.isFinite, seconds < 1e9 else { return "–" }
        let whole = Int(seconds.rounded())
        if whole >= 3_600 { return "\(whole / 3_600) h \(String(format: "%02d", whole / 60 % 60)) min" }
        if whole >= 60 { return "\(whole / 60) min \(String(format: "%02d", whole % 60)) s" }
        return "\(whole) s"
    }

    /// `2026-11-22 16:52:47 UTC`
    static func moment(milliseconds: Int64) -> String {
        let date = Date(timeIntervalSince1970: Double(milliseconds) / 1_000)
        return date.ISO8601Format().replacing("T", with: " ").replacing("Z", with: " UTC")
    }
}
