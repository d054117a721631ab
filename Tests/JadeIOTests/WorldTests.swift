import JadeCore
import JadeIO
import Testing

@Suite struct WorldTests {
    @Test func seededRandomnessRepeats() {
        let (first, second) = (SeededRandomSource(seed: 7), SeededRandomSource(seed: 7))
        #expect(first.bytes(13) == second.bytes(13))
        #expect(first.uniqueID() == second.uniqueID())
        #expect(SeededRandomSource(seed: 8).word() != SeededRandomSource(seed: 7).word())
        #expect(SystemRandomSource().uniqueID() != SystemRandomSource().uniqueID())
    }

    @Test func uniqueIDsAreVersionFourUUIDs() {
        let text = SeededRandomSource(seed: 3).uniqueID().description
        let characters = Array(text)
        #expect(characters.count == 36)
        #expect(characters[14] == "4")
        #expect("89ab".contains(characters[19]))
        #expect([8, 13, 18, 23].allSatisfy { characters[$0] == "-" })
        #expect(UniqueID(high: 1, low: 2).description == "00000000-0000-0001-0000-000000000002")
    }

    @Test func clocksGoForward() {
        let clock = SystemClock()
        let first = clock.monotonicNanoseconds
        #expect(clock.monotonicNanoseconds >= first)
        #expect(clock.wallMilliseconds > 1_600_000_000_000)
        let manual = ManualClock(wallMilliseconds: 100)
        manual.advance(byMilliseconds: 5)
        #expect(manual.wallMilliseconds == 105)
        #expect(manual.monotonicNanoseconds == 5_000_000)
    }
}

@Suite struct ByteTests {
    @Test func numbersAreLittleEndian() throws {
        var writer = ByteWriter()
        writer.append(UInt16(0x0102))
        writer.append(UInt64(3))
        writer.append(UniqueID(high: 1, low: 2))
        writer.appendZeros(upTo: 28)
        writer.store(UInt16(0xFFFF), at: 26)
        #expect(Array(writer.bytes[..<4]) == [2, 1, 3, 0])
        #expect(writer.bytes.count == 28)
        try writer.bytes.withRawBytes { (raw) throws(JadeError) in
            var reader = ByteReader(raw, file: "f", start: 100)
            #expect(try reader.read(UInt16.self) == 0x0102)
            #expect(try reader.read(UInt64.self) == 3)
            #expect(try reader.readUniqueID() == UniqueID(high: 1, low: 2))
            #expect(reader.remaining == 2)
            #expect(reader.fileOffset == 126)
        }
    }

    @Test func theEndIsChecked() {
        let error = #expect(throws: JadeError.self) {
            try [UInt8](repeating: 0, count: 5).withRawBytes { (raw) throws(JadeError) in
                var reader = ByteReader(raw, file: "f", start: 10)
                _ = try reader.read(UInt32.self)
                _ = try reader.read(UInt32.self)
            }
        }
        #expect(error?.message == "f at offset 14: expected 4 more bytes, found 1")
        #expect(throws: JadeError.self) {
            try [UInt8](repeating: 0, count: 5).withRawBytes { (raw) throws(JadeError) in
                var reader = ByteReader(raw, file: "f")
                _ = try reader.readBytes(-1)
            }
        }
    }
}
