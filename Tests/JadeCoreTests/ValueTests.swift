import JadeCore
import Testing

@Suite struct VectorIDTests {
    @Test func numbersAndTextsAreOneName() throws {
        let number: VectorID = 42
        let text = try VectorID("42")
        #expect(number == text && number.hashValue == text.hashValue && Set([number, text]).count == 1)
        #expect(number.isInteger && !text.isInteger)
        #expect(VectorID(.max).text == "18446744073709551615" && VectorID(0).text == "0")
        #expect(try VectorID("042") != number)
    }

    @Test func comparedByBytes() throws {
        // The same character composed and decomposed: Swift's strings are equal, the ids are not.
        let composed = "\u{E9}"
        let decomposed = "e\u{301}"
        #expect(composed == decomposed)
        #expect(try VectorID(composed) != VectorID(decomposed))
        #expect(try Set([VectorID(composed), VectorID(decomposed)]).count == 2)
    }

    @Test func limits() throws {
        #expect(throws: JadeError.invalidArgument("vector id is empty, expected 1 to 512 bytes")) { try VectorID("") }
        #expect(try VectorID(String(repeating: "é", count: 256)).text.utf8.count == 512)
        #expect(throws: JadeError.invalidArgument("vector id has 514 bytes, the limit is 512")) {
            try VectorID(String(repeating: "é", count: 257))
        }
        for control in ["a\u{0}b", "\n", "\u{1F}", "\u{7F}"] {
            #expect(throws: JadeError.invalidArgument("vector id \(control.debugDescription) contains a control character")) {
                try VectorID(control)
            }
        }
        #expect(try VectorID("with space/and?all…").description == "with space/and?all…")
    }
}

@Suite struct SpecificationTests {
    private func refusal(_ body: () throws(JadeError) -> Void) -> JadeError? {
        do {
            try body()
            return nil
        } catch { return error }
    }

    @Test func namesThatAreFine() throws {
        for name in ["a", "0", "Docs-2024_v1.0", String(repeating: "x", count: 128)] {
            try DatabaseSpecification(name: name, dimension: 1).validate()
        }
    }

    @Test(arguments: ["-a", ".a", "_a", "a b", "a/b", "é", "a\u{0}", "a\n"])
    func namesThatAreNot(_ name: String) {
        #expect(refusal { () throws(JadeError) in try DatabaseSpecification.validate(name: name) } == .invalidArgument(
            "database name \(name.debugDescription) may hold letters, digits, '.', '_' and '-', and starts with a letter or digit"))
    }

    @Test(arguments: [0, 129])
    func nameLengths(_ length: Int) {
        let name = String(repeating: "x", count: length)
        #expect(refusal { () throws(JadeError) in try DatabaseSpecification.validate(name: name) }
            == .invalidArgument("length of the database name is \(length), expected 1 to 128"))
    }

    @Test(arguments: [
        (DatabaseSpecification(name: "x", dimension: 0), "dimension is 0, expected 1 to 65536"),
        (DatabaseSpecification(name: "x", dimension: 65_537), "dimension is 65537, expected 1 to 65536"),
        (DatabaseSpecification(name: "x", dimension: -3), "dimension is -3, expected 1 to 65536"),
        (DatabaseSpecification(name: "x", dimension: 3, index: IndexSettings(m: 1)), "index m is 1, expected 2 to 128"),
        (DatabaseSpecification(name: "x", dimension: 3, index: IndexSettings(m: 129)), "index m is 129, expected 2 to 128"),
        (
            DatabaseSpecification(name: "x", dimension: 3, index: IndexSettings(efConstruction: 7)),
            "index ef_construction is 7, expected 8 to 4096"
        ),
        (
            DatabaseSpecification(name: "x", dimension: 3, index: IndexSettings(efSearch: 65_537)),
            "index ef_search is 65537, expected 1 to 65536"
        ),
        (
            DatabaseSpecification(name: "x", dimension: 3, shardCount: 2),
            "shard_count is 2, a server without a cluster has 1 shard a database"
        ),
    ])
    func refusals(_ specification: DatabaseSpecification, _ message: String) {
        #expect(refusal { () throws(JadeError) in try specification.validate() } == .invalidArgument(message))
    }

    @Test func requests() {
        func of(_ search: SearchRequest) -> String? { refusal { () throws(JadeError) in try search.validate() }?.message }
        #expect(of(SearchRequest(query: .id(1), topK: 10_000, efSearch: 65_536, threshold: -1)) == nil)
        #expect(of(SearchRequest(query: .id(1), topK: 0)) == "top_k is 0, expected 1 to 10000")
        #expect(of(SearchRequest(query: .id(1), topK: 10_001)) == "top_k is 10001, expected 1 to 10000")
        #expect(of(SearchRequest(query: .id(1), efSearch: 0)) == "ef_search is 0, expected 1 to 65536")
        #expect(of(SearchRequest(query: .id(1), threshold: .nan)) == "threshold is nan, expected a finite number")
        #expect(refusal { () throws(JadeError) in try ScrollRequest(limit: 0).validate() }
            == .invalidArgument("limit is 0, expected 1 to 10000"))
        #expect(refusal { () throws(JadeError) in try ScrollRequest(limit: 10_000).validate() } == nil)
    }
}

@Suite struct SmallValueTests {
    @Test func scoresAndDistancesAreInverse() {
        for metric in Metric.allCases {
            for score in [0, 0.25, 1, 3] as [Float] {
                #expect(abs(metric.score(fromDistance: metric.distance(fromScore: score)) - score) < 1e-6)
            }
            #expect(Metric(rawValue: metric.rawValue) == metric)
        }
        #expect(Metric.cosine.score(fromDistance: 0.25) == 0.75)
        #expect(Metric.euclidean.score(fromDistance: 9) == 3 && Metric.euclidean.score(fromDistance: -1e-9) == 0)
        #expect(Metric.dot.score(fromDistance: -2) == 2)
        #expect(Metric.allCases.filter(\.largerIsCloser) == [.cosine, .dot])
    }

    @Test func elementTypes() {
        for type in ElementType.allCases { #expect(ElementType(name: type.name) == type) }
        #expect(ElementType.float32.rawValue == 0 && ElementType.float32.byteCount(dimension: 3) == 12)
        #expect(ElementType(name: "float") == nil)
        #expect(ElementType.allCases.map(\.rawValue) == [0, 1, 2, 3, 4, 5])
        #expect(ElementType.allCases.map { $0.byteCount(dimension: 9) } == [36, 18, 18, 9, 9, 2])
        #expect(Metric.allCases.allSatisfy { metric in ElementType.allCases.contains { $0.metrics.contains(metric) } })
    }

    @Test func literalsMakeMetadata() {
        let metadata: Metadata = ["a": nil, "b": true, "c": 1, "d": 1.5, "e": "x", "f": [1, "y"], "g": ["h": 2]]
        #expect(metadata == [
            "a": .null, "b": .bool(true), "c": .integer(1), "d": .double(1.5), "e": .string("x"),
            "f": .array([.integer(1), .string("y")]), "g": .object(["h": .integer(2)]),
        ])
        #expect(MetadataValue.integer(1) != .double(1))
    }

    @Test func errorsShowCodeAndMessage() {
        #expect(JadeError.notFound("database \"x\" does not exist").description == "not_found: database \"x\" does not exist")
        #expect(JadeError.corrupted(file: "vectors.mmap", offset: 8, expected: "\"JADE\"", found: "\"JUNK\"").description
            == "corrupted: vectors.mmap at offset 8: expected \"JADE\", found \"JUNK\"")
        #expect(Set(ErrorCode.allCases.map(\.rawValue)).count == ErrorCode.allCases.count)
    }
}
