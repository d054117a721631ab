import Crypto
import Foundation
import JadeAPI
import JadeCore
import JadeGRPC
import JadeProto
import NIOCore
import NIOHPACK
import Testing

@Suite("What both ends of a gRPC connection speak")
struct InterfaceTests {
    /// Found from where this source stands.
    static let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    @Test("the generated code is of the proto files as they are: scripts/generate-proto.sh makes it anew")
    func generatedCodeIsCurrent() throws {
        let folder = Self.root.appendingPathComponent("proto")
        let walk = try #require(FileManager.default.enumerator(atPath: folder.path))
        let names = walk.compactMap { $0 as? String }.filter { $0.hasSuffix(".proto") }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        #expect(names.count >= 10)
        var digest = SHA256()
        for name in names {
            digest.update(data: Data("\(name)\n".utf8))
            digest.update(data: try Data(contentsOf: folder.appendingPathComponent(name)))
        }
        #expect(digest.finalize().map { String(format: "%02x", $0) }.joined() == ProtoFiles.digest)
    }

    @Test("every field of every message is documented")
    func documented() throws {
        let folder = Self.root.appendingPathComponent("proto")
        let walk = try #require(FileManager.default.enumerator(atPath: folder.path))
        for case let name as String in walk where name.hasSuffix(".proto") {
            var previous = ""
            for line in try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8).split(separator: "\n") {
                let text = line.drop { $0 == " " }
                let declares = text.contains(#/^(?:message|service|enum|rpc) |^[\w.<>, ]+ = \d+;/#)
                if declares { #expect(previous.hasPrefix("//"), "\(name): \(text)") }
                previous = String(text)
            }
        }
    }

    @Test("every method of the proto files has a handler, and no other has one")
    func methods() {
        let former = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"
        #expect(Set(GRPCDoor.methodPaths) == Reflected.methods.union([former]))
        #expect(Reflected.methods.count >= 34)
    }

    @Test("an error comes through the trailers as it was", arguments: ErrorCode.allCases)
    func status(code: ErrorCode) throws {
        for message in ["plain", "100 % of \"ä\" and \u{1F600}\n\t", "vectors[3]: wrong", ""] {
            let error = JadeError(code, message)
            let headers = StatusTrailers.headers(CallFailure(error), requestID: "id-1")
            for header in headers { #expect(header.value.utf8.allSatisfy { (0x20...0x7E).contains($0) }) }
            let back = try #require(StatusTrailers.failure(in: headers))
            #expect(back.error.code == code)
            if !message.isEmpty { #expect(back.error == error) }
            var bare = headers
            bare.remove(name: "grpc-status-details-bin")
            #expect(try #require(StatusTrailers.failure(in: bare)).code == StatusCode(code))
            #expect(StatusDetails.failure(StatusDetails.status(CallFailure(error))).error == error)
        }
    }

    @Test("trailers that are not ours are understood as far as they go")
    func foreignTrailers() {
        #expect(StatusTrailers.failure(in: StatusTrailers.ok) == nil)
        #expect(StatusTrailers.failure(in: [:])?.code == .unknown)
        #expect(StatusTrailers.failure(in: ["grpc-status": "99"])?.code == .unknown)
        #expect(StatusTrailers.failure(in: ["grpc-status": "14", "grpc-message": "100%"])?.error == .unavailable("100%"))
        let broken: HPACKHeaders = ["grpc-status": "5", "grpc-message": "x%2", "grpc-status-details-bin": "!!"]
        #expect(StatusTrailers.failure(in: broken)?.error == .notFound("x%2"))
    }

    @Test("times that callers give", arguments: [
        ("1n", 1), ("20u", 20_000), ("300m", 300_000_000), ("4S", 4_000_000_000), ("5M", 300_000_000_000), ("99999999H", Int64.max),
        ("00000001S", 1_000_000_000),
    ])
    func timeouts(text: String, nanoseconds: Int64) {
        #expect(CallTimeout.nanoseconds(text) == nanoseconds)
    }

    @Test("a time is written as one that is not shorter", arguments: [0, 1, 999, 60_000, 99_999_999, 100_000_000, 1_234_567_890_123])
    func writtenTimeouts(milliseconds: Int) throws {
        let written = try #require(CallTimeout.nanoseconds(CallTimeout.text(milliseconds: milliseconds)))
        #expect(written >= Int64(milliseconds) * 1_000_000 || written == 99_999_999 * 1_000_000_000)
    }

    @Test("messages come out of the stream however it is cut", arguments: CongruenceTests.seeds)
    func reader(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        for _ in 0..<50 {
            let messages = (0..<Int.random(in: 1...6, using: &random)).map { _ in
                [UInt8](repeating: UInt8.random(in: 0...255, using: &random), count: Int.random(in: 0...300, using: &random))
            }
            var stream = messages.flatMap { message -> [UInt8] in
                [0, 0, 0, UInt8(message.count >> 8), UInt8(message.count & 255)] + message
            }[...]
            var reader = MessageReader(maximumBytes: 300)
            var found: [[UInt8]] = []
            while !stream.isEmpty {
                let part = stream.prefix(Int.random(in: 1...200, using: &random))
                stream = stream.dropFirst(part.count)
                reader.append(ByteBuffer(bytes: part))
                // Sometimes they are left to lie.
                guard stream.isEmpty || Bool.random(using: &random) else { continue }
                while let message = try reader.next() { found.append(Array(message.readableBytesView)) }
            }
            #expect(found == messages)
            #expect(reader.pendingBytes == 0)
        }
    }

    @Test("vectors pass in both forms, bit for bit")
    func values() throws {
        let values: [Float] = [0, -0, 1.5, .leastNonzeroMagnitude, .greatestFiniteMagnitude, .nan, -.infinity]
        for form in [ProtoValuesForm.unspecified, .packed, .floats] {
            let bytes = try Framing.encode(ProtoValues(values, form: form))
            let back: ProtoValues = try Framing.decode(from: bytes.getSlice(at: 5, length: bytes.readableBytes - 5) ?? bytes)
            #expect(try back.components().map(\.bitPattern) == values.map(\.bitPattern))
            #expect(back.floats.isEmpty == (form != .floats))
        }
        #expect(throws: JadeError.tooLarge("values has 65537 components, the limit is 65536")) {
            try ProtoValues([Float](repeating: 0, count: 65_537)).components()
        }
    }
}
