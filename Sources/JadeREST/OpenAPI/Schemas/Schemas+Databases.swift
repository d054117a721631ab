import JadeCore

extension Schemas {
    static let databases: [(name: String, text: String)] = [
        (
            "DatabaseSpecification",
            """
            {"type":"object","required":["name","dimension"],"additionalProperties":false,
             "properties":{"name":\(databaseName),
              "dimension":{"type":"integer","minimum":1,"maximum":\(Limits.maximumDimension)},
              "metric":\(orNull(metric)),"element_type":\(orNull(elementType)),"index":\(orNull(reference("IndexSettings"))),
              "shard_count":{"enum":[1,null],"default":1},
              "retention_seconds":{"type":["integer","null"],"minimum":1,"maximum":\(Limits.maximumRetentionSeconds),
               "description":"After so many seconds a vector expires that does not say so itself."},
              "embedding":{"anyOf":[\(databaseName),{"type":"null"}],"description":"The embedding provider that makes vectors of texts."}},
             "allOf":[\(metricsOfTypes)]}
            """
        ),
        (
            "IndexSettings",
            """
            {"type":"object","additionalProperties":false,"properties":{\(indexMembers(orNull))},"allOf":[\(settingsOfKinds)]}
            """
        ),
        (
            "IndexStatus",
            """
            {"type":"object","required":["type","indexed","pending","tombstones","memory_bytes"],
             "properties":{\(indexMembers { $0 }),"indexed":\(count),"pending":\(count),"tombstones":\(count),"memory_bytes":\(count),
              "training":\(reference("TrainingStatus")),"calibration":\(reference("CalibrationStatus"))}}
            """
        ),
        (
            "CalibrationStatus",
            """
            {"type":"object","description":"How much of the true ten nearest an index was measured to find, by `ef_search` or `nprobe`.",
             "required":["queries","vectors","points"],"properties":{"queries":\(count),"vectors":\(count),
              "points":{"type":"array","items":{"type":"object","required":["effort","recall"],
               "properties":{"effort":\(count),"recall":{"type":"number","minimum":0,"maximum":1}}}}}}
            """
        ),
        (
            "TrainingStatus",
            """
            {"type":"object","description":"How an index with lists has learnt its centroids and codes.","required":["state"],
             "properties":{"state":\(text),"nlist":\(count),"empty_lists":\(count),"largest_list":\(count),"imbalance":{"type":["number","null"]},
              "trained_error":{"type":["number","null"]},"added_error":{"type":["number","null"]},"advice":\(text),"trainings":\(count),
              "failed_trainings":\(count),"stage":\(text),"done":\(count),"total":\(count)}}
            """
        ),
        ("IndexList", #"{"type":"object","required":["indexes"],"properties":{"indexes":{"type":"array","items":\#(reference("IndexStatus"))}}}"#),
        (
            "DatabaseUpdate",
            """
            {"type":"object","additionalProperties":false,"properties":{"name":\(orNull(databaseName)),
             "index":{"type":["object","null"],"additionalProperties":false,"properties":{"ef_search":\(orNull(efSearch)),"nprobe":\(orNull(probes)),
              "rescore":{"type":["boolean","null"]},"oversampling":\(orNull(oversampling))}},
             "retention_seconds":{"type":["integer","null"],"minimum":0,"maximum":\(Limits.maximumRetentionSeconds),"description":"0 ends retention."}}}
            """
        ),
        (
            "DatabaseDescription",
            """
            {"type":"object","required":["id","name","dimension","metric","element_type","index","shard_count","vector_count","created_at"],
             "properties":{"id":{"type":"string","pattern":"^[0-9a-f]{32}$"},"name":\(databaseName),"dimension":\(count),
              "metric":\(metric),"element_type":\(elementType),"index":\(reference("IndexStatus")),"shard_count":\(count),
              "retention_seconds":\(count),"embedding":\(databaseName),"vector_count":\(count),"created_at":\(time),
              "problem":{"type":"string","description":"Why the database cannot be used, or takes no writes."},
              "storage":\(reference("StorageStatus"))}}
            """
        ),
        (
            "DatabaseList",
            #"{"type":"object","required":["databases"],"properties":{"databases":{"type":"array","items":\#(reference("DatabaseDescription"))},"next":\#(text)}}"#
        ),
        (
            "StorageStatus",
            """
            {"type":"object","required":["state","sequence","durable_sequence","checkpoint_sequence","replay_bytes"],
             "properties":{"state":\(enumeration(StorageStatus.State.allCases.map(\.rawValue))),"sequence":\(count),"durable_sequence":\(count),
              "checkpoint_sequence":\(count),"replay_bytes":\(count),"disk_bytes":\(count),
              "recovery":{"type":"object","required":["records","bytes","milliseconds"],"properties":{"records":\(count),"bytes":\(count),
               "milliseconds":\(count),"bytes_cut":\(count),"cut":{"type":"string"}}}}}
            """
        ),
    ]

    static let databaseName =
        #"{"type":"string","minLength":1,"maxLength":\#(Limits.maximumDatabaseNameBytes),"pattern":"^[A-Za-z0-9][A-Za-z0-9._-]*$"}"#
    private static let metric = #"{"type":"string","enum":[\#(list(Metric.allCases.map(\.rawValue)))]}"#
    private static let elementType = #"{"type":"string","enum":[\#(list(ElementType.allCases.map(\.name)))]}"#
    private static let efSearch = #"{"type":"integer","minimum":1,"maximum":\#(Limits.maximumEfSearch)}"#
    static let probes = #"{"type":"integer","minimum":1,"maximum":\#(Limits.maximumLists)}"#
    static let oversampling = #"{"type":"number","minimum":1,"maximum":\#(Limits.maximumOversampling)}"#

    /// What each kind of index has: its codes, and not the settings of the others.
    private static let settingsOfKinds: String = IndexSettings.Kind.allCases.map { kind in
        let isUsual = kind == IndexSettings().kind
        let chosen = isUsual
            ? #"{"properties":{"type":{"enum":["\#(kind.rawValue)",null]}}}"#
            : #"{"properties":{"type":{"const":"\#(kind.rawValue)"}},"required":["type"]}"#
        let foreign =
            switch kind {
            case .flat: ["nlist", "nprobe", "pq_subspaces", "reduction", "reduced_dimension"]
            case .hnsw: ["nlist", "nprobe"]
            case .ivf: ["m", "ef_construction", "ef_search", "reduction", "reduced_dimension"]
            }
        let codes = list(kind.quantizations.map(\.rawValue))
        let refused = foreign.map(present).joined(separator: ",")
        return #"{"if":\#(chosen),"then":{"properties":{"quantization":{"enum":[\#(codes),null]}},"not":{"anyOf":[\#(refused)]}}}"#
    }.joined(separator: ",\n") + ",\n" + piecesOfProducts + ",\n" + dimensionsOfReductions

    /// Only product codes have pieces.
    private static let piecesOfProducts = """
        {"if":{"properties":{"pq_subspaces":{"type":"integer","minimum":1}},"required":["pq_subspaces"]},
         "then":{"properties":{"quantization":{"const":"pq"}},"required":["quantization"]}}
        """

    /// Only what is reduced has dimensions left.
    private static let dimensionsOfReductions = """
        {"if":{"properties":{"reduced_dimension":{"type":"integer","minimum":1}},"required":["reduced_dimension"]},
         "then":{"properties":{"reduction":{"enum":[\(list(IndexSettings.Reduction.allCases.filter { $0 != .none }.map(\.rawValue)))]}},"required":["reduction"]}}
        """

    private static let reducedDimension =
        #"{"type":"integer","anyOf":[{"const":0},{"minimum":\#(Limits.leastReducedDimension),"maximum":\#(Limits.maximumDimension)}]}"#

    private static func indexMembers(_ wrap: (String) -> String) -> String {
        """
        "type":\(wrap(enumeration(IndexSettings.Kind.allCases.map(\.rawValue)))),
        "m":\(wrap("{\"type\":\"integer\",\"minimum\":2,\"maximum\":\(Limits.maximumM)}")),
        "ef_construction":\(wrap("{\"type\":\"integer\",\"minimum\":8,\"maximum\":\(Limits.maximumEfConstruction)}")),"ef_search":\(wrap(efSearch)),
        "nlist":\(wrap("{\"type\":\"integer\",\"minimum\":0,\"maximum\":\(Limits.maximumLists)}")),"nprobe":\(wrap(probes)),
        "pq_subspaces":\(wrap("{\"type\":\"integer\",\"minimum\":0,\"maximum\":\(Limits.maximumSubspaces)}")),
        "quantization":\(wrap(enumeration(IndexSettings.Quantization.allCases.map(\.rawValue)))),
        "reduction":\(wrap(enumeration(IndexSettings.Reduction.allCases.map(\.rawValue)))),"reduced_dimension":\(wrap(reducedDimension)),"rescore":\(wrap("{\"type\":\"boolean\"}")),
        "oversampling":\(wrap(oversampling))
        """
    }

    private static let wholeVectors = #"{"quantization":{"enum":["none",null]},"reduction":{"enum":["none",null]}}"#

    /// What may not stand together: a metric and an element type that it does not compare; codes over anything but f32.
    private static let metricsOfTypes: String = {
        let rules = ElementType.allCases.map { type in
            let metrics = list(type.metrics.map(\.rawValue))
            let plain = type == .float32 ? "" : #","index":{"properties":\#(wholeVectors)}"#
            let absent = type.metrics.contains(.cosine) ? ",null" : ""
            let required = type.metrics.contains(.cosine) ? "" : #","required":["metric"]"#
            let condition = type == .float32
                ? #"{"properties":{"element_type":{"enum":["f32",null]}}}"#
                : #"{"properties":{"element_type":{"const":"\#(type.name)"}},"required":["element_type"]}"#
            return #"{"if":\#(condition),"then":{"properties":{"metric":{"enum":[\#(metrics)\#(absent)]}\#(plain)}\#(required)}}"#
        }
        let uncoded = Metric.allCases.filter { !Metric.ofProducts.contains($0) }.map(\.rawValue)
        let products = """
            {"if":{"properties":{"metric":{"enum":[\(list(uncoded))]}},"required":["metric"]},
             "then":{"properties":{"index":{"properties":\(wholeVectors)}}}}
            """
        return (rules + [products]).joined(separator: ",\n")
    }()
}
