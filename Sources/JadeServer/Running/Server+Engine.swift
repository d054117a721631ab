import JadeAPI
package import JadeCore
import JadeEngine
import JadeIO
import JadeS3
import JadeStorage
import Logging

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension Server {
    /// ``serve(_:open:)`` over the embedded engine: a server on its own, without a cluster.
    package static func serve(_ configuration: ServerConfiguration) async throws(JadeError) {
        try await serve(configuration) { (configuration, logger) throws(JadeError) in
            let engine = try Engine(configuration.engine, logger: logger, objectStores: try configuration.buckets())
            let memory = engine.memory
            let access: any AccessControl
            do throws(JadeError) { access = try configuration.access(to: engine, logger) } catch {
                engine.shutdown()
                throw error
            }
            return ServedDatabase(
                access: access, executor: engine.searchExecutor,
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
            checkpointBytes: storage.checkpointBytes, memoryLimitBytes: storage.memoryLimitBytes, backupDirectories: directories,
            backupBytesPerSecond: backup.bytesPerSecond)
    }

    private var directories: [String: String] {
        var directories: [String: String] = [:]
        for target in backup.targets { if case .directory(let path) = target.kind { directories[target.name] = path } }
        return directories
    }

    /// The buckets among the backup targets, with the keys that the environment has for them.
    func buckets(
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(JadeError) -> [String: any ObjectStore] {
        var stores: [String: any ObjectStore] = [:]
        for target in backup.targets {
            guard case .bucket(let endpoint, let bucket, let prefix, let region) = target.kind else { continue }
            let keys = try BucketKeys(of: target.name, in: environment)
            stores[target.name] = S3ObjectStore(
                S3Bucket(endpoint: endpoint, bucket: bucket, prefix: prefix, region: region, accessKey: keys.access, secretKey: keys.secret))
        }
        return stores
    }
}
