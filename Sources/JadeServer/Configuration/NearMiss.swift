/// Finds what someone meant who mistyped a name.
package enum NearMiss {
    /// The candidate that fewest edits turn the text into, if they are few for its length.
    package static func closest(to text: String, among candidates: [String]) -> String? {
        let scored = candidates.map { (candidate: $0, edits: edits(from: text, to: $0)) }
        guard let best = scored.min(by: { $0.edits < $1.edits }), best.edits <= max(2, text.count / 3) else { return nil }
        return best.candidate
    }

    /// `, did you mean server.port`; empty when nothing is near.
    package static func hint(for text: String, among candidates: [String]) -> String {
        closest(to: text, among: candidates).map { ", did you mean \($0)" } ?? ""
    }

    /// Insertions, deletions and replacements between two texts (Levenshtein's distance), in time of the product of
    /// their lengths.
    static func edits(from left: String, to right: String) -> Int {
        let right = Array(right)
        var row = Array(0...right.count)
        for (i, character) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for j in right.indices {
                let replaced = diagonal + (character == right[j] ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = Swift.min(replaced, row[j] + 1, row[j + 1] + 1)
            }
        }
        return row[right.count]
    }
}
