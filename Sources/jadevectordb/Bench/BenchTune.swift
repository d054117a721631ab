import JadeCore
import JadeIndex

/// Looks for the settings that reach a recall soonest on somebody's own vectors.
enum BenchTune {
    struct Found {
        var settings: IndexSettings
        var effort: SearchEffort
        var queriesPerCPUSecond: Double
        var line: [UInt8]

        var effortSummary: String {
            let codes = !settings.readsCodes ? "" : ", oversampling \(effort.oversampling)"
            return (settings.kind == .ivf ? "nprobe \(effort.nprobe)" : "ef_search \(effort.ef)") + codes
        }
    }

    /// Indexes that are tried: of the kind asked for, with what is worth another build.
    static func candidates(_ settings: IndexSettings) -> [IndexSettings] {
        switch settings.kind {
        case .flat: [settings]
        case .hnsw:
            [(12, .none), (16, .none), (24, .none), (16, .sq8), (24, .sq8), (24, .sq4)].map { m, quantization in
                var candidate = settings
                (candidate.m, candidate.quantization) = (m, quantization)
                return candidate
            }
        case .ivf:
            [IndexSettings.Quantization.none, .sq8, .pq, .rabitq, .rabitq4].map { quantization in
                var candidate = settings
                candidate.quantization = quantization
                return candidate
            }
        }
    }

    /// The quickest effort that reaches the recall; nil where none does.
    static func search(_ run: BenchRun, _ settings: IndexSettings, recall: Double) -> Found? {
        let factors = !settings.readsCodes ? [1.0] : [1.5, 2, 4, 8, 16]
        var best: Found?
        for factor in factors {
            guard let effort = least(run, settings, factor, recall) else { continue }
            let (line, rate) = run.measured(effort, round: 1)
            if rate > best?.queriesPerCPUSecond ?? 0 {
                best = Found(settings: settings, effort: effort, queriesPerCPUSecond: rate, line: line)
            }
        }
        return best
    }

    /// By halves, since recall rises with the effort.
    private static func least(_ run: BenchRun, _ settings: IndexSettings, _ factor: Double, _ recall: Double) -> SearchEffort? {
        func effort(_ value: Int) -> SearchEffort { SearchEffort(settings, ef: value, nprobe: value, oversampling: factor) }
        var (low, high) = (settings.kind == .ivf ? 1 : run.topK, settings.kind == .ivf ? max(run.built.index.training?.nlist ?? 1, 1) : 4_096)
        guard run.recall(effort(high)) >= recall else { return nil }
        while low < high {
            let middle = (low + high) / 2
            if run.recall(effort(middle)) >= recall { high = middle } else { low = middle + 1 }
        }
        return effort(high)
    }
}
