#if canImport(FoundationEssentials)
package import FoundationEssentials
#else
package import Foundation
#endif
internal import SwiftProtobuf

/// What proto/ declares, for those who ask a running server.
package enum Reflected {
    package struct File: Sendable {
        /// A serialized FileDescriptorProto.
        package let bytes: Data
        let name: String
        let imports: [String]
        /// Full names of what is declared: messages, enums, services and methods.
        let symbols: Set<String>
        let services: [String]
        /// `/package.Service/Method`.
        let methods: [String]
    }

    package static let files: [File] = {
        // Both were made together and are tested together: what is wrong here is wrong in every build.
        guard let bytes = Data(base64Encoded: ProtoFiles.descriptorSet),
            let set = try? Google_Protobuf_FileDescriptorSet(serializedBytes: bytes)
        else { return [] }
        return set.file.compactMap(File.init)
    }()

    package static let byName = Dictionary(files.map { ($0.name, $0) }) { first, _ in first }
    package static let services = Set(files.flatMap(\.services))
    package static let methods = Set(files.flatMap(\.methods))

    package static func file(of symbol: String) -> File? { files.first { $0.symbols.contains(symbol) } }

    /// The file and all that it imports, each once.
    package static func closure(of file: File) -> [File] {
        var found = [file]
        var names: Set<String> = [file.name]
        var next = 0
        while next < found.count {
            for name in found[next].imports where names.insert(name).inserted { if let file = byName[name] { found.append(file) } }
            next += 1
        }
        return found
    }
}

extension Reflected.File {
    fileprivate init?(_ file: Google_Protobuf_FileDescriptorProto) {
        guard let bytes: Data = try? file.serializedBytes() else { return nil }
        self.bytes = bytes
        name = file.name
        imports = file.dependency
        services = file.service.map { "\(file.package).\($0.name)" }
        var methods: [String] = []
        for service in file.service { methods += service.method.map { "/\(file.package).\(service.name)/\($0.name)" } }
        self.methods = methods
        var symbols = Set(services)
        for path in methods { symbols.insert(path.dropFirst().split(separator: "/").joined(separator: ".")) }
        symbols.formUnion(file.enumType.map { "\(file.package).\($0.name)" })
        for message in file.messageType { Self.collect(message, in: file.package, into: &symbols) }
        self.symbols = symbols
    }

    private static func collect(_ message: Google_Protobuf_DescriptorProto, in scope: String, into symbols: inout Set<String>) {
        let name = "\(scope).\(message.name)"
        symbols.insert(name)
        symbols.formUnion(message.enumType.map { "\(name).\($0.name)" })
        for nested in message.nestedType { collect(nested, in: name, into: &symbols) }
    }
}
