import JadeAPI
import JadeCore
import JadeJSON
import Testing

@Suite struct DatabaseJSONTests {
    private let specification = DatabaseSpecification(
        name: "docs", dimension: 384, metric: .dot,
        index: IndexSettings(kind: .hnsw, m: 24, efConstruction: 100, efSearch: 50), shardCount: 1)

    @Test func createRequestWithEverything() throws {
        let json = #"""
            {"name":"docs","dimension":384,"metric":"dot","element_type":"f32",
             "index":{"type":"hnsw","m":24,"ef_construction":100,"ef_search":50},"shard_count":1}
            """#
        #expect(try decode(json) == specification)
        #expect(try roundTrip(specification) == specification)
        var expiring = specification
        expiring.retentionSeconds = 86_400
        #expect(encoded(expiring).hasSuffix(#""shard_count":1,"retention_seconds":86400}"#))
        #expect(try roundTrip(expiring) == expiring)
    }

    @Test func codesOfTheIndex() throws {
        let json = #"{"dimension":3,"name":"x","index":{"quantization":"sq8","rescore":false,"oversampling":1.5}}"#
        let specification = try decode(DatabaseSpecification.self, json)
        #expect(specification.index == IndexSettings(quantization: .sq8, rescore: false, oversampling: 1.5))
        #expect(try roundTrip(specification) == specification)
        #expect(throws: JadeError.invalidArgument("index oversampling is 0.5, expected 1 to 100.0")) {
            try IndexSettings(oversampling: 0.5).validate()
        }
        #expect(throws: JadeError.invalidArgument("index quantization is sq4, which an index of type flat does not have")) {
            try IndexSettings(kind: .flat, quantization: .sq4).validate()
        }
    }

    @Test func reductions() throws {
        let json = #"{"dimension":8,"name":"x","index":{"reduction":"pca","reduced_dimension":4,"quantization":"rabitq4"}}"#
        let specification = try decode(DatabaseSpecification.self, json)
        let index = IndexSettings(quantization: .rabitq4, reduction: .pca, reducedDimension: 4, oversampling: 3)
        #expect(specification.index == index)
        try specification.validate()
        #expect(try roundTrip(specification) == specification)
        #expect(encoded(specification).contains(#""quantization":"rabitq4","reduction":"pca","reduced_dimension":4,"rescore":true,"oversampling":3"#))
        let truncated = DatabaseSpecification(name: "x", dimension: 3, index: IndexSettings(reduction: .truncate))
        #expect(try roundTrip(truncated) == truncated)
        #expect(throws: JadeError.invalidArgument("index reduced_dimension is 4, expected at most 3, the dimension")) {
            try DatabaseSpecification(name: "x", dimension: 3, index: index).validate()
        }
    }

    @Test func invertedLists() throws {
        let json = #"{"dimension":3,"name":"x","index":{"type":"ivf","nlist":64,"nprobe":8,"quantization":"pq","pq_subspaces":2,"rescore":true}}"#
        let specification = try decode(DatabaseSpecification.self, json)
        // What is usual for the codes, where nothing else is said.
        #expect(specification.index == IndexSettings(nlist: 64, nprobe: 8, quantization: .pq, pqSubspaces: 2, oversampling: 8))
        #expect(try roundTrip(specification) == specification)
        for quantization in IndexSettings.Quantization.allCases {
            let other = DatabaseSpecification(name: "x", dimension: 3, index: IndexSettings(nlist: 0, quantization: quantization))
            #expect(try roundTrip(other) == other)
            try other.validate()
        }
        let update = DatabaseUpdate(nprobe: 4, rescore: false, oversampling: 1.5)
        #expect(encoded(update) == #"{"index":{"nprobe":4,"rescore":false,"oversampling":1.5}}"#)
        #expect(try roundTrip(update) == update)
        var changed = specification
        update.apply(to: &changed)
        #expect(changed.index == IndexSettings(nlist: 64, nprobe: 4, quantization: .pq, pqSubspaces: 2, rescore: false, oversampling: 1.5))
        #expect(throws: JadeError.invalidArgument("index type is ivf, which needs f32 vectors compared by cosine, euclidean or dot, not f32 by manhattan")) {
            try DatabaseSpecification(name: "x", dimension: 3, metric: .manhattan, index: IndexSettings(kind: .ivf)).validate()
        }
        #expect(throws: JadeError.invalidArgument("index nlist is 65537, expected 0 to 65536")) { try IndexSettings(nlist: 65_537).validate() }
        #expect(throws: JadeError.invalidArgument("index nprobe is 0, expected 1 to 65536")) { try IndexSettings(nlist: 1, nprobe: 0).validate() }
    }

    @Test func training() throws {
        var status = IndexStatus(
            settings: IndexSettings(nlist: 9, nprobe: 2), indexed: 10, memoryBytes: 5,
            training: TrainingStatus(
                state: .retraining, nlist: 9, emptyLists: 1, largestList: 4, imbalance: 1.5, trainedError: 0.25, addedError: 0.5,
                advice: .retrainDrifted, trainings: 2, failedTrainings: 1,
                progress: TrainingStatus.Progress(stage: "clustering", done: 3, total: 12)))
        #expect(encoded(status) == #"""
            {"type":"ivf","nlist":9,"nprobe":2,"indexed":10,"pending":0,"tombstones":0,"memory_bytes":5,"training":{"state":"retraining",\#
            "nlist":9,"empty_lists":1,"largest_list":4,"imbalance":1.5,"trained_error":0.25,"added_error":0.5,"advice":"retrain_drifted",\#
            "trainings":2,"failed_trainings":1,"stage":"clustering","done":3,"total":12}}
            """#)
        #expect(try roundTrip(status) == status)
        status.calibration = CalibrationStatus(queries: 128, vectors: 10, points: [CalibrationStatus.Point(effort: 4, recall: 0.75)])
        #expect(encoded(status).hasSuffix(#","calibration":{"queries":128,"vectors":10,"points":[{"effort":4,"recall":0.75}]}}"#))
        #expect(try roundTrip(status) == status)
        status.training?.progress = nil
        status.training?.addedError = nil
        #expect(try roundTrip(status) == status)
    }

    @Test func createRequestWithDefaults() throws {
        #expect(try decode(#"{"dimension":3,"name":"x"}"#) == DatabaseSpecification(name: "x", dimension: 3))
        #expect(try decode(#"{"dimension":3,"name":"x","metric":null,"index":{}}"#) == DatabaseSpecification(name: "x", dimension: 3))
        let flat = try decode(DatabaseSpecification.self, #"{"dimension":3,"name":"x","index":{"type":"flat"}}"#)
        #expect(flat.index == IndexSettings(kind: .flat))
    }

    @Test(arguments: [
        ("[]", "database is an array, expected an object"),
        ("{}", #""name" is missing in database"#),
        (#"{"name":"x"}"#, #""dimension" is missing in database"#),
        (#"{"name":null,"dimension":3}"#, #""name" is missing in database"#),
        (#"{"name":7,"dimension":3}"#, #""name" is an integer, expected a string"#),
        (#"{"name":"x","dimension":"3"}"#, #""dimension" is a string, expected an integer"#),
        (#"{"name":"x","dimension":3.0}"#, #""dimension" is a decimal number, expected an integer"#),
        (
            #"{"name":"x","dimension":18446744073709551615}"#,
            #""dimension" is 18446744073709551615, expected at most 9223372036854775807"#
        ),
        (#"{"name":"x","dimension":3,"metric":"l2"}"#, #""metric" is "l2", expected one of cosine, euclidean, dot, manhattan, hamming, jaccard"#),
        (
            #"{"name":"x","dimension":3,"metric":"cosin"}"#,
            #""metric" is "cosin", expected one of cosine, euclidean, dot, manhattan, hamming, jaccard; did you mean "cosine"?"#
        ),
        (#"{"name":"x","dimension":3,"element_type":"f64"}"#, #""element_type" is "f64", expected one of f32, f16, bf16, i8, u8, b1"#),
        (#"{"name":"x","dimension":3,"index":"hnsw"}"#, "index is a string, expected an object"),
        (#"{"name":"x","dimension":3,"index":{"type":"lists"}}"#, #""type" is "lists", expected one of flat, hnsw, ivf"#),
        (
            #"{"name":"x","dimension":3,"index":{"quantization":"bits"}}"#,
            #""quantization" is "bits", expected one of none, sq8, sq4, pq, rabitq, rabitq4, rabitq8"#
        ),
        (
            #"{"name":"x","dimension":3,"index":{"M":16}}"#,
            #"unknown field "M" in index, expected one of type, m, ef_construction, ef_search, nlist, nprobe, quantization, pq_subspaces, reduction, reduced_dimension, rescore, oversampling"#
        ),
        (#"{"name":"x","dimension":3,"index":{"nprobe":4}}"#, #""nprobe" is no setting of an index of type hnsw"#),
        (#"{"name":"x","dimension":3,"index":{"type":"flat","pq_subspaces":4}}"#, #""pq_subspaces" is no setting of an index of type flat"#),
        (#"{"name":"x","dimension":3,"index":{"type":"flat","reduced_dimension":2}}"#, #""reduced_dimension" is no setting of an index of type flat"#),
        (#"{"name":"x","dimension":3,"index":{"reduction":"pca","type":"ivf"}}"#, #""reduction" is no setting of an index of type ivf"#),
        (#"{"name":"x","dimension":3,"index":{"reduction":"svd"}}"#, #""reduction" is "svd", expected one of none, pca, truncate"#),
        (#"{"name":"x","dimension":3,"index":{"ef_search":4,"type":"ivf"}}"#, #""ef_search" is no setting of an index of type ivf"#),
        (
            #"{"name":"x","dimensions":3}"#,
            #"unknown field "dimensions" in database, expected one of name, dimension, metric, element_type, index, shard_count, retention_seconds, embedding; did you mean "dimension"?"#
        ),
        (#"{"name":"x","dimension":3,"name":"y"}"#, #""name" occurs twice in database"#),
    ])
    func refusals(_ json: String, _ message: String) {
        #expect(refusal(DatabaseSpecification.self, json) == .invalidArgument(message))
    }

    @Test func piecesWithoutProducts() {
        #expect(throws: JadeError.invalidArgument("index pq_subspaces is 4, which is no setting of quantization sq8")) {
            try IndexSettings(nlist: 0, quantization: .sq8, pqSubspaces: 4).validate()
        }
    }

    @Test func updates() throws {
        #expect(encoded(DatabaseUpdate(name: "new", efSearch: 99)) == #"{"name":"new","index":{"ef_search":99}}"#)
        #expect(encoded(DatabaseUpdate()) == "{}")
        #expect(encoded(DatabaseUpdate(retentionSeconds: 0)) == #"{"retention_seconds":0}"#)
        for update in [DatabaseUpdate(), DatabaseUpdate(name: "a"), DatabaseUpdate(efSearch: 7), DatabaseUpdate(retentionSeconds: 60), DatabaseUpdate(name: "b", efSearch: 1)] {
            #expect(try roundTrip(update) == update)
        }
        #expect(refusal(DatabaseUpdate.self, #"{"index":{"m":8}}"#)
            == .invalidArgument(#"unknown field "m" in index update, expected one of ef_search, nprobe, rescore, oversampling"#))
    }

    @Test func descriptions() throws {
        let description = DatabaseDescription(
            id: "0123456789abcdef0123456789abcdef", specification: specification, createdAtMilliseconds: 1_795_366_363_045,
            vectorCount: 12,
            index: IndexStatus(settings: specification.index, indexed: 10, pending: 2, tombstones: 1, memoryBytes: 4096))
        #expect(encoded(description) == #"""
            {"id":"0123456789abcdef0123456789abcdef","name":"docs","dimension":384,"metric":"dot","element_type":"f32",\#
            "index":{"type":"hnsw","m":24,"ef_construction":100,"ef_search":50,"indexed":10,"pending":2,"tombstones":1,\#
            "memory_bytes":4096},"shard_count":1,"vector_count":12,"created_at":"2026-11-22T16:52:43.045Z"}
            """#)
        #expect(try roundTrip(description) == description)
        var expiring = description
        expiring.specification.retentionSeconds = 60
        #expect(try roundTrip(expiring) == expiring)
        let list = DatabaseList([description, description])
        #expect(try roundTrip(list) == list)
        #expect(encoded(DatabaseList([])) == #"{"databases":[]}"#)
    }

    @Test func answersOfANewerServerAreUnderstood() throws {
        let json = #"""
            {"id":"1","name":"x","dimension":2,"metric":"cosine","element_type":"f32","colour":"green","shard_count":1,
             "index":{"type":"flat","lists":[1,2]},"vector_count":0,"created_at":"1970-01-01T00:00:00Z"}
            """#
        let description = try decode(DatabaseDescription.self, json)
        #expect(description.createdAtMilliseconds == 0)
        #expect(description.specification.index.kind == .flat)
        #expect(try decode(DatabaseList.self, #"{"databases":[],"more":3}"#).databases.isEmpty)
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
        (951_868_799_999, "2000-02-29T23:59:59.999Z"), (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
        (1_709_164_800_007, "2024-02-29T00:00:00.007Z"), (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
        (-62_135_596_800_000, "0001-01-01T00:00:00.000Z"),
    ] as [(Int64, String)])
    func times(_ milliseconds: Int64, _ text: String) throws {
        var description = DatabaseDescription(
            id: "1", specification: specification, createdAtMilliseconds: milliseconds, vectorCount: 0,
            index: IndexStatus(settings: specification.index))
        #expect(encoded(description).contains("\"created_at\":\"\(text)\""))
        #expect(try roundTrip(description) == description)
        description.createdAtMilliseconds += 1
        #expect(!encoded(description).contains(text) || milliseconds == 253_402_300_799_999)
    }

    @Test func everyDayRoundTrips() throws {
        // A day of each week over three 400-year cycles.
        for day in stride(from: Int64(-719_000), to: 2_900_000, by: 1009) {
            let description = DatabaseDescription(
                id: "1", specification: specification, createdAtMilliseconds: day * 86_400_000 + day.magnitude.asMilliseconds,
                vectorCount: 0, index: IndexStatus(settings: specification.index))
            #expect(try roundTrip(description) == description)
        }
    }

    @Test(arguments: [
        "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-01-32T00:00:00Z", "2026-01-01T24:00:00Z",
        "2026-01-01T00:60:00Z", "2026-01-01 00:00:00Z", "2026-01-01T00:00:00", "2026-01-01T00:00:00.Z", "2026-1-01T00:00:00Z",
        "2026-01-01T00:00:00.0000000001Z", "", "Z", "2026-01-01T00:00:00.5", "20x6-01-01T00:00:00Z",
    ])
    func timesThatAreNone(_ text: String) {
        let json = #"{"id":"1","name":"x","created_at":"\#(text)"}"#
        #expect(refusal(DatabaseDescription.self, json)
            == .invalidArgument(#""created_at" is "\#(text)", expected a time such as 2026-01-31T23:59:59.000Z"#))
    }
}

extension UInt64 {
    fileprivate var asMilliseconds: Int64 { Int64(self % 86_400_000) }
}
