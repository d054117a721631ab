internal import JadeCore

extension IndexSettings {
    /// - Throws: `invalidArgument` for a name that is none, and for a setting that the kind does not have.
    init(_ proto: ProtoIndexSettings) throws(JadeError) {
        self.init()
        if proto.hasType { kind = try choice("index type", proto.type) { (kind: Kind) in kind.rawValue } }
        try refuseForeign(proto)
        if proto.hasM { m = Int(proto.m) }
        if proto.hasEfConstruction { efConstruction = Int(proto.efConstruction) }
        if proto.hasEfSearch { efSearch = Int(proto.efSearch) }
        if proto.hasNlist { nlist = Int(proto.nlist) }
        if proto.hasNprobe { nprobe = Int(proto.nprobe) }
        if proto.hasPqSubspaces { pqSubspaces = Int(proto.pqSubspaces) }
        if proto.hasQuantization {
            quantization = try choice("quantization", proto.quantization) { (kind: Quantization) in kind.rawValue }
        }
        if proto.hasReduction { reduction = try choice("reduction", proto.reduction) { (kind: Reduction) in kind.rawValue } }
        if proto.hasReducedDimension { reducedDimension = Int(proto.reducedDimension) }
        if proto.hasRescore { rescore = proto.rescore }
        oversampling = proto.hasOversampling ? proto.oversampling : usualOversampling
    }

    private func refuseForeign(_ proto: ProtoIndexSettings) throws(JadeError) {
        let reductions = [("reduction", proto.hasReduction), ("reduced_dimension", proto.hasReducedDimension)]
        let graphs = [("m", proto.hasM), ("ef_construction", proto.hasEfConstruction), ("ef_search", proto.hasEfSearch)]
        let lists = [("nlist", proto.hasNlist), ("nprobe", proto.hasNprobe)]
        let foreign =
            switch kind {
            case .flat: lists + [("pq_subspaces", proto.hasPqSubspaces)] + reductions
            case .hnsw: lists
            case .ivf: graphs + reductions
            }
        for (name, isGiven) in foreign where isGiven {
            throw .invalidArgument("\(name) is no setting of an index of type \(kind.rawValue)")
        }
    }
}

extension ProtoIndexSettings {
    init(_ settings: IndexSettings) {
        self.init()
        type = settings.kind.rawValue
        if settings.kind == .ivf {
            nlist = UInt32(clamping: settings.nlist)
            nprobe = UInt32(clamping: settings.nprobe)
        } else {
            m = UInt32(clamping: settings.m)
            efConstruction = UInt32(clamping: settings.efConstruction)
            efSearch = UInt32(clamping: settings.efSearch)
        }
        quantization = settings.quantization.rawValue
        if settings.quantization == .pq { pqSubspaces = UInt32(clamping: settings.pqSubspaces) }
        if settings.reduction != .none {
            reduction = settings.reduction.rawValue
            reducedDimension = UInt32(clamping: settings.reducedDimension)
        }
        rescore = settings.rescore
        oversampling = settings.oversampling
    }
}

extension IndexStatus {
    init(_ proto: ProtoIndexStatus) throws(JadeError) {
        self.init(
            settings: try IndexSettings(proto.settings), indexed: Int(count: proto.indexed), pending: Int(count: proto.pending),
            tombstones: Int(count: proto.tombstones), memoryBytes: Int(count: proto.memoryBytes),
            training: proto.hasTraining ? try TrainingStatus(proto.training) : nil,
            calibration: proto.hasCalibration ? try CalibrationStatus(proto.calibration) : nil)
    }
}

extension ProtoIndexStatus {
    init(_ status: IndexStatus) {
        self.init()
        settings = ProtoIndexSettings(status.settings)
        indexed = UInt64(count: status.indexed)
        pending = UInt64(count: status.pending)
        tombstones = UInt64(count: status.tombstones)
        memoryBytes = UInt64(count: status.memoryBytes)
        if let training = status.training { self.training = ProtoTrainingStatus(training) }
        if let calibration = status.calibration { self.calibration = ProtoCalibrationStatus(calibration) }
    }
}

extension CalibrationStatus {
    init(_ proto: ProtoCalibrationStatus) throws(JadeError) {
        self.init(
            queries: Int(count: proto.queries), vectors: Int(count: proto.vectors),
            points: try list("points", proto.points, limit: Limits.maximumEfSearch) { (point) throws(JadeError) in
                Point(effort: Int(point.effort), recall: point.recall)
            })
    }
}

extension ProtoCalibrationStatus {
    init(_ calibration: CalibrationStatus) {
        self.init()
        queries = UInt64(count: calibration.queries)
        vectors = UInt64(count: calibration.vectors)
        points = calibration.points.map { point in
            var proto = ProtoCalibrationPoint()
            (proto.effort, proto.recall) = (UInt32(clamping: point.effort), point.recall)
            return proto
        }
    }
}

extension TrainingStatus {
    init(_ proto: ProtoTrainingStatus) throws(JadeError) {
        self.init(
            state: try choice("state", proto.state) { (state: State) in state.rawValue }, nlist: Int(count: proto.nlist),
            emptyLists: Int(count: proto.emptyLists), largestList: Int(count: proto.largestList), imbalance: proto.imbalance,
            trainedError: proto.trainedError, addedError: proto.hasAddedError ? proto.addedError : nil,
            advice: try choice("advice", proto.advice) { (advice: Advice) in advice.rawValue },
            trainings: Int(count: proto.trainings), failedTrainings: Int(count: proto.failedTrainings),
            progress: proto.hasProgress
                ? Progress(stage: proto.progress.stage, done: Int(count: proto.progress.done), total: Int(count: proto.progress.total))
                : nil)
    }
}

extension ProtoTrainingStatus {
    init(_ training: TrainingStatus) {
        self.init()
        state = training.state.rawValue
        nlist = UInt64(count: training.nlist)
        emptyLists = UInt64(count: training.emptyLists)
        largestList = UInt64(count: training.largestList)
        imbalance = training.imbalance
        trainedError = training.trainedError
        if let error = training.addedError { addedError = error }
        advice = training.advice.rawValue
        trainings = UInt64(count: training.trainings)
        failedTrainings = UInt64(count: training.failedTrainings)
        guard let progress = training.progress else { return }
        self.progress.stage = progress.stage
        self.progress.done = UInt64(count: progress.done)
        self.progress.total = UInt64(count: progress.total)
    }
}
