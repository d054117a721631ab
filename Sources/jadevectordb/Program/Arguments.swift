public import ArgumentParser
public import JadeCore

extension Metric: ExpressibleByArgument {}
extension ElementType: ExpressibleByArgument {
    public init?(argument: String) { self.init(name: argument) }
    public static var allValueStrings: [String] { allCases.map(\.name) }
}
extension AuditEvent.Outcome: ExpressibleByArgument {}
extension IndexSettings.Kind: ExpressibleByArgument {}
extension IndexSettings.Quantization: ExpressibleByArgument {}
extension IndexSettings.Reduction: ExpressibleByArgument {}

/// An id as one writes it in a shell: digits name an integer.
struct IDArgument: ExpressibleByArgument, Sendable {
    let id: VectorID

    init?(argument: String) {
        // "007" stays a text: as a number it would come back as 7.
        if let number = UInt64(argument), String(number) == argument {
            id = VectorID(number)
        } else if let text = try? VectorID(argument) {
            id = text
        } else {
            return nil
        }
    }
}
