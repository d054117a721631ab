import JadeCore
import JadeIO
import Testing

@Suite struct MemoryBudgetTests {
    @Test func whatDoesNotFitIsRefusedWithTheNumbers() throws {
        let budget = MemoryBudget(limit: 1_000, available: { nil })
        try budget.take(600, for: .databases, "database \"docs\"")
        try budget.take(300, for: .searches, "a search")
        #expect(throws: JadeError.overloaded("a write needs 200 bytes of memory, 100 of 1000 are left: databases hold 600, searches hold 300")) {
            try budget.take(200, for: .writes, "a write")
        }
        // It would never fit beside the databases: no use in trying again.
        #expect(throws: JadeError.resourceExhausted("a write needs 500 bytes of memory, 100 of 1000 are left: databases hold 600, searches hold 300")) {
            try budget.take(500, for: .writes, "a write")
        }
        let database = #expect(throws: JadeError.self) { try budget.take(101, for: .databases, "database \"more\"") }
        #expect(database?.code == .resourceExhausted)
        budget.giveBack(300, for: .searches)
        try budget.take(400, for: .writes, "a write")
        #expect(budget.bytes(of: .writes) == 400 && budget.bytes(of: .searches) == 0)
        let seven = try budget.holding(0, for: .bodies, "nothing") { () throws(JadeError) in 7 }
        #expect(seven == 7)
        budget.giveBack(400, for: .writes)
        budget.giveBack(600, for: .databases)
        #expect(MemoryUse.allCases.allSatisfy { budget.bytes(of: $0) == 0 })
    }

    @Test func muchAtOnceAsksTheSystemToo() throws {
        let budget = MemoryBudget(limit: .max, available: { Limits.checkedMemoryBytes + 5 })
        try budget.take(Limits.checkedMemoryBytes + 5, for: .writes, "a write")
        #expect(throws: JadeError.resourceExhausted("a load needs 67108870 bytes of memory, the system has 67108869 left")) {
            try budget.take(Limits.checkedMemoryBytes + 6, for: .writes, "a load")
        }
        #expect(budget.bytes(of: .writes) == Limits.checkedMemoryBytes + 5)
    }

    @Test func theSystemSaysWhatThereIs() throws {
        let limit = SystemMemory.limit()
        let available = try #require(SystemMemory.available())
        #expect(limit > 1 << 20 && available > 0 && available <= limit)
        #expect((limit / 2..<limit).contains(MemoryBudget.automaticLimit()))
    }

    /// Thousands of reservations leave room for more: each gets less than the one before, and never less than the least.
    @Test func reservationsShareTheAddresses() throws {
        var memories: [ReservedMemory] = []
        for _ in 0..<2_000 { memories.append(try ReservedMemory(reserve: 1 << 37)) }
        #expect(memories[0].reservedBytes >= memories[1_999].reservedBytes)
        #expect(memories.allSatisfy { $0.reservedBytes >= Limits.minimumReservedMemoryBytes })
        #expect(memories.reduce(0) { $0 + $1.reservedBytes } < 100 << 40)
        for memory in memories.suffix(3) {
            try memory.commit(upTo: Limits.minimumReservedMemoryBytes)
            memory.base.storeBytes(of: 7, as: UInt8.self)
        }
        let error = #expect(throws: JadeError.self) { try memories[1_999].commit(upTo: memories[1_999].reservedBytes + 1) }
        #expect(error?.code == .resourceExhausted)
    }
}
