internal import CJadeKernels

/// What the processor says of itself, as far as kernels care.
package struct Processor: Sendable, Hashable {
    /// `GenuineIntel`, `AuthenticAMD`; empty where the processor does not say.
    package let vendor: String
    package let brand: String
    package let family: Int
    package let model: Int
    /// Features that kernels ask for or may, and that the operating system lets programs use.
    package let features: [String]

    package static let current = Processor(jade_cpu_detect())

    init(_ processor: jade_cpu) {
        vendor = processor.vendorName
        brand = text(of: processor.brand)
        family = Int(processor.family)
        model = Int(processor.model)
        features = (0..<64).filter { processor.features >> UInt64($0) & 1 == 1 }
            .compactMap { jade_cpu_feature_name(UInt32($0)).map { String(cString: $0) } }
    }
}

extension jade_cpu {
    var vendorName: String { text(of: vendor) }
}

/// The text in a C array of characters, up to its first zero, without the spaces around it.
private func text<Characters>(of characters: Characters) -> String {
    withUnsafeBytes(of: characters) { bytes in
        let text = String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        return text.split(separator: " ").joined(separator: " ")
    }
}
