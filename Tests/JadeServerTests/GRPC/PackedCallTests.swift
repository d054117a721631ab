import JadeCompression
import JadeCore
import JadeGRPC
import JadeProto
import NIOCore
import Testing

@Suite("Messages packed by gzip")
struct PackedCallTests {
    private static let gzip = [("grpc-encoding", "gzip")]

    /// A message with its prefix, packed; it must be worth packing.
    private static func packed(_ bytes: ByteBuffer) throws -> [UInt8] {
        var content = ByteBuffer()
        try #require(content.writePacked(bytes, .gzip) > 0)
        var message = ByteBuffer()
        message.writeInteger(UInt8(1))
        message.writeInteger(UInt32(content.readableBytes))
        message.writeBuffer(&content)
        return Array(message.readableBytesView)
    }

    private static func content(_ count: Int) throws -> ByteBuffer {
        let records = (0..<UInt64(count)).map { VectorRecord(id: VectorID($0), values: [Float($0), 1], metadata: ["n": 1]) }
        var message = try Framing.encode(ProtoUpsertRequest(records, into: "docs"))
        message.moveReaderIndex(forwardBy: Framing.prefixBytes)
        return message
    }

    @Test("are unpacked, and the answers to them are packed where that helps")
    func roundTrip() async throws {
        try await BadCallTests.withDocs { _, raw, service in
            let upsert = try await raw.call(BadCallTests.upsert, Self.packed(Self.content(200)), headers: Self.gzip)
            #expect(upsert.status == .ok && service.vectorCount(of: "docs") == 200, "\(upsert.message)")
            let scroll = try ProtoScrollRequest(ScrollRequest(limit: 200, parts: [.values, .metadata]), in: "docs")
            let plain = try await raw.call("/jadevectordb.v1.VectorService/Scroll", RawCalls.framed(scroll))
            for path in ["Scroll", "Export"] {
                let small = try await raw.call("/jadevectordb.v1.VectorService/\(path)", RawCalls.framed(scroll), headers: Self.gzip)
                let answer = try #require(small.messages.first)
                #expect(small.status == .ok && answer.readableBytes < (plain.messages.first?.readableBytes ?? 0) / 2, "\(path)")
                var whole = ByteBuffer()
                let outcome = try Unpacker(.gzip).unpack(answer, into: &whole) { (_) throws(JadeError) in }
                let page: ProtoScrollResponse = try Framing.decode(from: whole)
                #expect(outcome == .taken && page.vectors.count == 200)
            }
        }
    }

    @Test("one that becomes too large, is damaged, or comes without its header is refused; nothing is held", .timeLimit(.minutes(10)))
    func refusals() async throws {
        try await BadCallTests.withDocs { live, raw, service in
            let bomb = try await raw.call(BadCallTests.upsert, Self.packed(ByteBuffer(repeating: 0, count: 1_000_000)), headers: Self.gzip)
            #expect(bomb.status == .resourceExhausted && bomb.message.contains("unpacked, the limit is 10000"), "\(bomb.message)")
            let good = try Self.packed(Self.content(200))
            #expect(try await raw.call(BadCallTests.upsert, good).status == .internal)
            var damaged = good
            damaged[damaged.count / 2] ^= 0xFF
            #expect(try await raw.call(BadCallTests.upsert, damaged, headers: Self.gzip).message == "a packed message is not whole gzip")
            var short = good.dropLast(4)
            let size = short.count - Framing.prefixBytes
            (short[3], short[4]) = (UInt8(size >> 8), UInt8(size & 255))
            #expect(try await raw.call(BadCallTests.upsert, Array(short), headers: Self.gzip).status == .internal)
            #expect(service.vectorCount(of: "docs") == 0)
            #expect(await eventually { live.door.bufferedBytes == 0 })
        }
    }
}
