package import JadeCore
package import JadeJSON

/// The settings of an index: `type` `hnsw` (the default) has `m`, `ef_construction` and `ef_search`, `ivf` has `nlist` and `nprobe`, and
/// both have `quantization`, `pq_subspaces`, `rescore` and `oversampling`, `hnsw` also `reduction` and `reduced_dimension`, each with a default.
extension IndexSettings: WireDecodable, WireEncodable {
    private enum Field: String, WireField {
        case type, m
        case efConstruction = "ef_construction"
        case efSearch = "ef_search"
        case nlist, nprobe
        case quantization
        case pqSubspaces = "pq_subspaces"
        case reduction
        case reducedDimension = "reduced_dimension"
        case rescore, oversampling

        /// Indexes that do not have the setting. A flat one takes what a graph has, and needs none of it.
        var isForeign: [Kind] {
            switch self {
            case .m, .efConstruction, .efSearch: [.ivf]
            case .nlist, .nprobe: [.hnsw, .flat]
            case .pqSubspaces: [.flat]
            case .reduction, .reducedDimension: [.ivf, .flat]
            case .type, .quantization, .rescore, .oversampling: []
            }
        }
    }

    package init(json: JSONElement) throws(JadeError) {
        self.init()
        var given: [Field] = []
        try json.readFields(Field.self, of: "index") { (field, value) throws(JadeError) in
            given.append(field)
            try read(field, value)
        }
        if let foreign = given.first(where: { $0.isForeign.contains(kind) }) {
            throw .invalidArgument("\(quoted(foreign.rawValue)) is no setting of an index of type \(kind.rawValue)")
        }
        if !given.contains(.oversampling) { oversampling = usualOversampling }
    }

    private mutating func read(_ field: Field, _ value: JSONElement) throws(JadeError) {
        switch field {
        case .type: kind = try value.choice(field.rawValue) { (kind: Kind) in kind.rawValue }
        case .m: m = try value.integer(field.rawValue)
        case .efConstruction: efConstruction = try value.integer(field.rawValue)
        case .efSearch: efSearch = try value.integer(field.rawValue)
        case .nlist: nlist = try value.integer(field.rawValue)
        case .nprobe: nprobe = try value.integer(field.rawValue)
        case .quantization: quantization = try value.choice(field.rawValue) { (kind: Quantization) in kind.rawValue }
        case .pqSubspaces: pqSubspaces = try value.integer(field.rawValue)
        case .reduction: reduction = try value.choice(field.rawValue) { (reduction: Reduction) in reduction.rawValue }
        case .reducedDimension: reducedDimension = try value.integer(field.rawValue)
        case .rescore: rescore = try value.boolean(field.rawValue)
        case .oversampling: oversampling = try value.number(field.rawValue)
        }
    }

    /// Takes a field of an answer that shows settings among others; whether it is one.
    fileprivate mutating func take(_ name: String, _ value: JSONElement) throws(JadeError) -> Bool {
        guard let field = Field(rawValue: name) else { return false }
        try read(field, value)
        return true
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writeMembers(to: &writer)
        writer.endObject()
    }

    fileprivate func writeMembers(to writer: inout JSONWriter) {
        writer.field("type", kind.rawValue)
        if kind == .ivf {
            writer.field("nlist", nlist)
            writer.field("nprobe", nprobe)
        } else {
            writer.field("m", m)
            writer.field("ef_construction", efConstruction)
            writer.field("ef_search", efSearch)
        }
        guard readsCodes || (rescore, oversampling) != (true, usualOversampling) else { return }
        writer.field("quantization", quantization.rawValue)
        if quantization == .pq { writer.field("pq_subspaces", pqSubspaces) }
        if reduction != .none {
            writer.field("reduction", reduction.rawValue)
            writer.field("reduced_dimension", reducedDimension)
        }
        writer.key("rescore")
        writer.bool(rescore)
        writer.key("oversampling")
        writer.double(oversampling)
    }
}

/// The settings with the state of the index: `{"type",…,"indexed","pending","tombstones","memory_bytes","training":{…}}`.
extension IndexStatus: WireDecodable, WireEncodable {
    private enum Field: String, WireField {
        case type, m
        case efConstruction = "ef_construction"
        case efSearch = "ef_search"
        case nlist, nprobe
        case quantization
        case pqSubspaces = "pq_subspaces"
        case reduction
        case reducedDimension = "reduced_dimension"
        case rescore, oversampling
        case indexed, pending, tombstones
        case memoryBytes = "memory_bytes"
        case training, calibration
    }

    package init(json: JSONElement) throws(JadeError) {
        self.init(settings: IndexSettings())
        try json.readFields(Field.self, of: "index", unknown: .ignored) { (field, value) throws(JadeError) in
            switch field {
            case .indexed: indexed = try value.integer(field.rawValue)
            case .pending: pending = try value.integer(field.rawValue)
            case .tombstones: tombstones = try value.integer(field.rawValue)
            case .memoryBytes: memoryBytes = try value.integer(field.rawValue)
            case .training: training = try TrainingStatus(json: value)
            case .calibration: calibration = try CalibrationStatus(json: value)
            default: _ = try settings.take(field.rawValue, value)
            }
        }
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        settings.writeMembers(to: &writer)
        writer.field("indexed", indexed)
        writer.field("pending", pending)
        writer.field("tombstones", tombstones)
        writer.field("memory_bytes", memoryBytes)
        if let training {
            writer.key("training")
            training.write(to: &writer)
        }
        if let calibration {
            writer.key("calibration")
            calibration.write(to: &writer)
        }
        writer.endObject()
    }
}

/// `{"state","nlist","empty_lists","largest_list","imbalance","trained_error","added_error","advice","trainings",
/// "failed_trainings","stage","done","total"}`; the last three while a training is under way.
extension TrainingStatus: WireDecodable, WireEncodable {
    private enum Field: String, WireField {
        case state, nlist
        case emptyLists = "empty_lists"
        case largestList = "largest_list"
        case imbalance
        case trainedError = "trained_error"
        case addedError = "added_error"
        case advice, trainings
        case failedTrainings = "failed_trainings"
        case stage, done, total
    }

    package init(json: JSONElement) throws(JadeError) {
        self.init(state: .untrained)
        var (stage, done, total): (String?, Int, Int) = (nil, 0, 0)
        try json.readFields(Field.self, of: "training", unknown: .ignored) { (field, value) throws(JadeError) in
            let name = field.rawValue
            switch field {
            case .state: state = try value.choice(name) { (state: State) in state.rawValue }
            case .nlist: nlist = try value.integer(name)
            case .emptyLists: emptyLists = try value.integer(name)
            case .largestList: largestList = try value.integer(name)
            case .imbalance: imbalance = try value.number(name)
            case .trainedError: trainedError = try value.number(name)
            case .addedError: addedError = try value.number(name)
            case .advice: advice = try value.choice(name) { (advice: Advice) in advice.rawValue }
            case .trainings: trainings = try value.integer(name)
            case .failedTrainings: failedTrainings = try value.integer(name)
            case .stage: stage = try value.string(name)
            case .done: done = try value.integer(name)
            case .total: total = try value.integer(name)
            }
        }
        progress = stage.map { Progress(stage: $0, done: done, total: total) }
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("state", state.rawValue)
        writer.field("nlist", nlist)
        writer.field("empty_lists", emptyLists)
        writer.field("largest_list", largestList)
        writer.key("imbalance")
        writer.double(imbalance)
        writer.key("trained_error")
        writer.double(trainedError)
        if let addedError {
            writer.key("added_error")
            writer.double(addedError)
        }
        writer.field("advice", advice.rawValue)
        writer.field("trainings", trainings)
        writer.field("failed_trainings", failedTrainings)
        if let progress {
            writer.field("stage", progress.stage)
            writer.field("done", progress.done)
            writer.field("total", progress.total)
        }
        writer.endObject()
    }
}

/// `{"queries","vectors","points":[{"effort","recall"}]}`.
extension CalibrationStatus: WireDecodable, WireEncodable {
    private enum Field: String, WireField {
        case queries, vectors, points
    }

    private enum PointField: String, WireField {
        case effort, recall
    }

    package init(json: JSONElement) throws(JadeError) {
        self.init(queries: 0, vectors: 0, points: [])
        try json.readFields(Field.self, of: "calibration", unknown: .ignored) { (field, value) throws(JadeError) in
            switch field {
            case .queries: queries = try value.integer(field.rawValue)
            case .vectors: vectors = try value.integer(field.rawValue)
            case .points:
                points = try value.list(field.rawValue, limit: Limits.maximumEfSearch) { (element) throws(JadeError) in
                    var point = Point(effort: 0, recall: 0)
                    try element.readFields(PointField.self, of: "point", unknown: .ignored) { (field, value) throws(JadeError) in
                        switch field {
                        case .effort: point.effort = try value.integer(field.rawValue)
                        case .recall: point.recall = try value.number(field.rawValue)
                        }
                    }
                    return point
                }
            }
        }
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("queries", queries)
        writer.field("vectors", vectors)
        writer.list("points", points) { point, writer in
            writer.beginObject()
            writer.field("effort", point.effort)
            writer.key("recall")
            writer.double(point.recall)
            writer.endObject()
        }
        writer.endObject()
    }
}
