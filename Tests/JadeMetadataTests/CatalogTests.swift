import JadeCore
import JadeMetadata
import Testing

@Suite("The catalog")
struct CatalogTests {
    private func id(_ number: Int) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 32 - digits.count) + digits
    }

    @Test("databases come back as they went in, before and after reopening")
    func roundTrip() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("system.db")
        var catalog = try SQLitePersistenceLayer(path: path)
        #expect(try catalog.list().isEmpty)
        let wanted = [
            CatalogEntry(
                id: id(2), specification: DatabaseSpecification(name: "a.b-c_D", dimension: 384, metric: .euclidean),
                createdAtMilliseconds: 1_700_000_000_123),
            CatalogEntry(
                id: id(1),
                specification: DatabaseSpecification(
                    name: "docs", dimension: 65_536, metric: .dot,
                    index: IndexSettings(kind: .flat, m: 128, efConstruction: 4_096, efSearch: 65_536),
                    retentionSeconds: 86_400),
                createdAtMilliseconds: -5),
            CatalogEntry(
                id: id(3),
                specification: DatabaseSpecification(
                    name: "lists", dimension: 8,
                    index: IndexSettings(nlist: 77, nprobe: 5, quantization: .pq, pqSubspaces: 4, rescore: false, oversampling: 3)),
                createdAtMilliseconds: 7),
            CatalogEntry(
                id: id(4),
                specification: DatabaseSpecification(
                    name: "plain", dimension: 8, index: IndexSettings(nlist: 0, rescore: false, oversampling: 9)),
                createdAtMilliseconds: 7),
            CatalogEntry(
                id: id(5),
                specification: DatabaseSpecification(
                    name: "reduced", dimension: 8,
                    index: IndexSettings(quantization: .rabitq4, reduction: .pca, reducedDimension: 4, rescore: false)),
                createdAtMilliseconds: 7),
            CatalogEntry(
                id: id(6), specification: DatabaseSpecification(name: "short", dimension: 8, index: IndexSettings(reduction: .truncate)),
                createdAtMilliseconds: 7),
        ]
        for entry in wanted.reversed() {
            try catalog.insert(
                id: entry.id, specification: entry.specification, createdAtMilliseconds: entry.createdAtMilliseconds)
        }
        for round in 0..<3 {
            #expect(try catalog.list() == wanted)
            for entry in wanted {
                #expect(try catalog.find(entry.id) == entry)
                #expect(try catalog.find(entry.specification.name) == entry)
            }
            #expect(try catalog.find("Docs") == nil)
            if round == 1 { try catalog.checkpoint() }
            catalog.close()
            catalog = try SQLitePersistenceLayer(path: path)
        }
        catalog.close()
    }

    @Test("a name or id that is taken is a conflict that names it")
    func conflicts() throws {
        let folder = try TemporaryFolder()
        let catalog = try SQLitePersistenceLayer(path: folder.file("system.db"))
        let docs = DatabaseSpecification(name: "docs", dimension: 4)
        try catalog.insert(id: id(1), specification: docs, createdAtMilliseconds: 0)
        #expect(throws: JadeError.conflict(#"database "docs" exists already"#)) {
            try catalog.insert(id: id(2), specification: docs, createdAtMilliseconds: 0)
        }
        var other = docs
        other.name = "other"
        #expect(throws: JadeError.conflict("a database with id \(id(1)) exists already")) {
            try catalog.insert(id: id(1), specification: other, createdAtMilliseconds: 0)
        }
        // a name that is another database's id would make "docs or its id" mean two things
        other.name = id(1)
        #expect(code { try catalog.insert(id: id(2), specification: other, createdAtMilliseconds: 0) } == .conflict)
        other.name = id(9)
        try catalog.insert(id: id(2), specification: other, createdAtMilliseconds: 0)
        #expect(code { try catalog.insert(id: id(9), specification: docs, createdAtMilliseconds: 0) } == .conflict)
        #expect(throws: JadeError.conflict(#"database "docs" exists already"#)) {
            try catalog.update(id: id(2), DatabaseUpdate(name: "docs"))
        }
        #expect(try catalog.list().map(\.specification.name) == [id(9), "docs"])
        catalog.close()
    }

    @Test("name and ef_search change, nothing else does")
    func update() throws {
        let folder = try TemporaryFolder()
        let catalog = try SQLitePersistenceLayer(path: folder.file("system.db"))
        var specification = DatabaseSpecification(name: "docs", dimension: 4)
        try catalog.insert(id: id(1), specification: specification, createdAtMilliseconds: 8)
        specification.name = "papers"
        specification.index.efSearch = 99
        #expect(try catalog.update(id: id(1), DatabaseUpdate(name: "papers", efSearch: 99)).specification == specification)
        #expect(try catalog.find("papers")?.specification == specification)
        #expect(try catalog.find("docs") == nil)
        #expect(try catalog.update(id: id(1), DatabaseUpdate(name: "papers")).specification == specification)
        specification.index.efSearch = 100
        #expect(try catalog.update(id: id(1), to: specification).specification == specification)
        (specification.index.rescore, specification.index.oversampling) = (false, 4)
        #expect(try catalog.update(id: id(1), to: specification).specification == specification)
        #expect(try catalog.find("papers")?.specification == specification)
        specification.field.dimension = 5
        #expect(code { try catalog.update(id: id(1), to: specification) } == .invalidArgument)
        #expect(code { try catalog.update(id: id(1), DatabaseUpdate(name: "no spaces")) } == .invalidArgument)
        #expect(code { try catalog.update(id: id(1), DatabaseUpdate(efSearch: 0)) } == .invalidArgument)
        #expect(code { try catalog.update(id: id(2), DatabaseUpdate()) } == .notFound)
        #expect(code { try catalog.update(id: "papers", DatabaseUpdate()) } == .notFound)
        try catalog.recordIndexBuild(.building, id: id(1))
        let found = try #require(try catalog.find("papers"))
        #expect(found.indexBuild == .building)
        #expect(found.specification.index.efSearch == 100 && found.specification.field.dimension == 4)
        #expect(found.createdAtMilliseconds == 8)
        catalog.close()
    }

    @Test("a deleted database is gone, and its name is free")
    func delete() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("system.db")
        var catalog = try SQLitePersistenceLayer(path: path)
        let docs = DatabaseSpecification(name: "docs", dimension: 4)
        try catalog.insert(id: id(1), specification: docs, createdAtMilliseconds: 0)
        #expect(code { try catalog.delete(id: id(2)) } == .notFound)
        try catalog.delete(id: id(1))
        #expect(code { try catalog.delete(id: id(1)) } == .notFound)
        catalog.close()
        catalog = try SQLitePersistenceLayer(path: path)
        #expect(try catalog.list().isEmpty)
        // the same id again: its row in the table of indexes must have gone too
        try catalog.insert(id: id(1), specification: docs, createdAtMilliseconds: 0)
        #expect(try catalog.list().count == 1)
        catalog.close()
    }

    @Test("limits and malformed entries are refused")
    func limits() throws {
        let folder = try TemporaryFolder()
        let catalog = try SQLitePersistenceLayer(path: folder.file("system.db"), maximumDatabases: 2)
        let docs = DatabaseSpecification(name: "docs", dimension: 4)
        for id in ["", "abc", String(repeating: "G", count: 32), String(repeating: "A", count: 32)] {
            #expect(code { try catalog.insert(id: id, specification: docs, createdAtMilliseconds: 0) } == .invalidArgument, "\(id)")
        }
        let flat = DatabaseSpecification(name: "docs", dimension: 0)
        #expect(code { try catalog.insert(id: id(1), specification: flat, createdAtMilliseconds: 0) } == .invalidArgument)
        try catalog.insert(id: id(1), specification: docs, createdAtMilliseconds: 0)
        try catalog.insert(id: id(2), specification: .init(name: "two", dimension: 4), createdAtMilliseconds: 0)
        #expect(throws: JadeError.tooLarge("there are 2 databases, the limit is 2")) {
            try catalog.insert(id: id(3), specification: .init(name: "three", dimension: 4), createdAtMilliseconds: 0)
        }
        #expect(try catalog.list().count == 2)
        catalog.close()
    }

    @Test("of many that want one name, one gets it")
    func race() async throws {
        let folder = try TemporaryFolder()
        let catalog = try SQLitePersistenceLayer(path: folder.file("system.db"))
        let winners = await withTaskGroup(of: Bool.self) { group in
            for number in 1...16 {
                let id = id(number)
                group.addTask {
                    let specification = DatabaseSpecification(name: "docs", dimension: 4)
                    return code { try catalog.insert(id: id, specification: specification, createdAtMilliseconds: 0) } == nil
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(winners == 1)
        #expect(try catalog.list().count == 1)
        catalog.close()
    }

    @Test("damaged rows are reported, not guessed")
    func hostileRows() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("system.db")
        let catalog = try SQLitePersistenceLayer(path: path)
        try catalog.insert(id: id(1), specification: .init(name: "docs", dimension: 4, metric: .cosine), createdAtMilliseconds: 0)
        try catalog.checkpoint()
        catalog.close()
        let content = try folder.read("system.db")
        let damage: [(String, String)] = [("cosine", "kosine"), ("hnsw", "hnsx"), ("ready", "READY"), ("docs", "d cs"), ("f32", "g32")]
        for (word, wrong) in damage {
            var damaged = content
            var places = 0
            for start in 0...(damaged.count - word.utf8.count) where damaged[start...].starts(with: word.utf8) {
                damaged.replaceSubrange(start..<(start + word.utf8.count), with: wrong.utf8)
                places += 1
            }
            #expect(places > 0, "\(word)")
            try folder.write(damaged, "system.db")
            let reopened = try SQLitePersistenceLayer(path: path)
            #expect(code { _ = try reopened.list() } == .corrupted, "\(wrong)")
            reopened.close()
        }
    }
}
