import JadeCore
import JadeIO
import JadeStorage
import Testing

@Suite struct OperationCodecTests {
    static let sample: [ShardOperation] = [
        .upsert(
            ordinal: 3, replaced: nil, id: VectorID(uncheckedText: "häß", isInteger: false), values: [1.5, -2, .pi],
            metadata: Array(#"{"a":1}"#.utf8)),
        .upsert(ordinal: 4, replaced: 0, id: 18_446_744_073_709_551_615, values: [0], metadata: []),
        .delete(ordinal: 7, id: VectorID(uncheckedText: String(repeating: "d", count: 512), isInteger: false)),
        .setMetadata(ordinal: 9, id: 5, metadata: Array("{}".utf8)),
    ]

    /// What only the second version of a batch holds.
    static let expiring: [ShardOperation] = [
        sample[0], .setExpiry(ordinal: 3, id: VectorID(uncheckedText: "häß", isInteger: false), milliseconds: 1_700_000_000_123),
        sample[1], .setExpiry(ordinal: 4, id: 18_446_744_073_709_551_615, milliseconds: Limits.maximumExpiryMilliseconds),
    ]

    private func isInteger(_ operation: ShardOperation) -> Bool {
        switch operation {
        case .upsert(_, _, let id, _, _), .delete(_, let id), .setMetadata(_, let id, _), .setExpiry(_, let id, _): id.isInteger
        }
    }

    @Test func batchesComeBack() throws {
        for batch in [[], Self.sample, Array(repeating: Self.sample[0], count: 1000), Self.expiring] {
            let decoded = try OperationBatch.decode(OperationBatch.encode(batch), file: "f")
            #expect(decoded == batch)
            #expect(decoded.map(isInteger) == batch.map(isInteger))
        }
    }

    @Test func onlyBatchesInWhichSomethingExpiresHaveTheSecondVersion() throws {
        #expect(OperationBatch.encode(Self.sample).first == 1)
        var payload = OperationBatch.encode(Self.expiring)
        #expect(payload.first == 2)
        payload[0] = 1
        let error = #expect(throws: JadeError.self) { try OperationBatch.decode(payload, file: "f") }
        #expect(error?.message == "f at offset 53: expected an operation of 1 to 3, found 4")
        payload[0] = 3
        let newer = #expect(throws: JadeError.self) { try OperationBatch.decode(payload, file: "f") }
        #expect(newer?.message == "f at offset 0: expected batch version 1 or 2, found 3")
    }

    @Test func aBatchHoldsAsManyExpiringVectorsAsOthers() throws {
        let batch = (0..<Limits.maximumBatchOperations).flatMap { number -> [ShardOperation] in
            let (ordinal, id) = (UInt32(number), VectorID(UInt64(number)))
            return [
                .upsert(ordinal: ordinal, replaced: nil, id: id, values: [1], metadata: []),
                .setExpiry(ordinal: ordinal, id: id, milliseconds: 1),
            ]
        }
        #expect(try OperationBatch.decode(OperationBatch.encode(batch), file: "f") == batch)
    }

    @Test func valuesAreReadInPlace() throws {
        let payload = OperationBatch.encode(Self.sample)
        try payload.withRawBytes { (raw) throws(JadeError) in
            var seen = 0
            try OperationBatch.decode(ByteReader(raw, file: "f")) { operation in
                seen += 1
                guard operation.kind == .upsert else { return }
                #expect(operation.values.baseAddress! >= raw.baseAddress!)
                #expect(operation.values.baseAddress! < raw.baseAddress! + raw.count)
                #expect(operation.values.loadUnaligned(as: Float.self) == (operation.ordinal == 3 ? 1.5 : 0))
            }
            #expect(seen == 4)
        }
    }

    @Test func everyTruncationAndSurplusIsCorrupted() throws {
        for batch in [Self.sample, Self.expiring] {
            let payload = OperationBatch.encode(batch)
            for count in 0..<payload.count {
                let error = #expect(throws: JadeError.self) { try OperationBatch.decode(Array(payload[..<count]), file: "f") }
                #expect(error?.code == .corrupted)
            }
            #expect(throws: JadeError.self) { try OperationBatch.decode(payload + [0], file: "f") }
        }
    }

    /// Payloads carry no checksum of their own, the record around them does: here only crashes and lies about lengths
    /// count, and that whatever decodes can be encoded again.
    @Test func damagedPayloadsAreErrorsOrOperations() throws {
        let payloads = [OperationBatch.encode(Self.sample), OperationBatch.encode(Self.expiring)]
        let random = SeededRandomSource(seed: 11)
        for round in 0..<60_000 {
            let payload = payloads[round % 2]
            var bytes = payload
            for _ in 0...(round % 3) { bytes[Int(random.word() % UInt64(bytes.count))] ^= UInt8(truncatingIfNeeded: random.word() | 1) }
            do throws(JadeError) {
                let operations = try OperationBatch.decode(bytes, file: "f")
                #expect(try OperationBatch.decode(OperationBatch.encode(operations), file: "f").count == operations.count)
            } catch {
                #expect(error.code == .corrupted)
            }
        }
    }

    @Test func lyingLengthsTakeNoMemory() {
        var writer = ByteWriter()
        writer.append(contentsOf: [1, 0, 0, 0])
        writer.append(UInt32.max)
        #expect(throws: JadeError.self) { try OperationBatch.decode(writer.bytes, file: "f") }
        writer.store(UInt32(1), at: 4)
        writer.append(contentsOf: [1, 0, 1, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0, 1, 0, 0x61])
        writer.append(UInt32(65_536))
        let error = #expect(throws: JadeError.self) { try OperationBatch.decode(writer.bytes, file: "f") }
        #expect(error?.message == "f at offset 26: expected 262144 more bytes, found 0")
    }
}
