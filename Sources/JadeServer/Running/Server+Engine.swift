package import JadeCore
import JadeEngine
import JadeIO
import Logging

extension Server {
    /// ``serve(_:open:)`` over the embedded engine: a server on its own, without a cluster.
    package static func serve(_ configuration: ServerConfiguration) async throws(JadeError) {
        try await serve(configuration) { (configuration, logger) throws(JadeError) in
            let engine = try Engine(configuration.engine, logger: logger)
            let memory = engine.memory
            return ServedDatabase(
                service: engine, executor: engine.searchExecutor,
                takeMemory: { (bytes) throws(JadeError) in try memory.take(bytes, for: .bodies, "the body of a request") },
                giveMemoryBack: { memory.giveBack($0, for: .bodies) }
            ) { () throws(JadeError) in engine.shutdown() }
        }
    }
}

extension ServerConfiguration {
    /// What the engine needs of it.
    var engine: EngineConfiguration {
        EngineConfiguration(
            dataDirectory: storage.dataDirectory, syncOnWrite: storage.vectorSyncOnWrite,
            syncIntervalSeconds: storage.vectorSyncIntervalSeconds, checkpointTransactions: storage.checkpointInterval,
            checkpointSeconds: storage.checkpointIntervalSeconds, searchThreads: search.threads, buildThreads: index.buildThreads,
            checkpointBytes: storage.checkpointBytes, memoryLimitBytes: storage.memoryLimitBytes)
    }
}
