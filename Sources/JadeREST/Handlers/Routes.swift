import HTTPTypes

/// The whole interface. What is listed here is what there is.
enum Routes {
    static let all: [Route] = node + databases + vectors + searches + jobs + backups

    private static let node: [Route] = [
        Route(.get, "/health", handler: NodeHandlers.health),
        Route(.get, "/health/ready", handler: NodeHandlers.ready),
        Route(.get, "/metrics", handler: NodeHandlers.metrics),
        Route(.get, "/v1/health", handler: NodeHandlers.health),
        Route(.get, "/v1/health/ready", handler: NodeHandlers.ready),
        Route(.get, "/v1/status", handler: NodeHandlers.status),
        Route(.get, "/status", handler: NodeHandlers.status),
        Route(.get, "/v1/openapi.json", handler: DocumentHandlers.openAPI),
        Route(.get, "/docs", handler: DocumentHandlers.page),
    ]

    private static let databases: [Route] = [
        Route(.post, "/v1/databases", body: .json, handler: DatabaseHandlers.create),
        Route(.get, "/v1/databases", query: ["after", "limit"], handler: DatabaseHandlers.list),
        Route(.get, "/v1/databases/{database}", handler: DatabaseHandlers.describe),
        Route(.patch, "/v1/databases/{database}", body: .json, handler: DatabaseHandlers.update),
        Route(.delete, "/v1/databases/{database}", handler: DatabaseHandlers.delete),
        Route(.get, "/v1/databases/{database}/indexes", handler: DatabaseHandlers.indexes),
    ]

    private static let vectors: [Route] = [
        Route(.post, "/v1/databases/{database}/vectors", body: .jsonOrVectors, handler: VectorHandlers.upsert),
        Route(.post, "/v1/databases/{database}/vectors/batch", body: .jsonOrVectors, handler: VectorHandlers.upsert),
        Route(.delete, "/v1/databases/{database}/vectors/batch", body: .json, handler: VectorHandlers.deleteMany),
        Route(.post, "/v1/databases/{database}/vectors/delete", body: .json, handler: VectorHandlers.deleteMany),
        Route(.post, "/v1/databases/{database}/vectors/batch/get", body: .json, handler: VectorHandlers.getMany),
        Route(.post, "/v1/databases/{database}/vectors/scroll", body: .json, handler: VectorHandlers.scroll),
        Route(
            .get, "/v1/databases/{database}/vectors/scroll",
            query: ["after", "limit", "filter", "include_values", "include_metadata"], handler: VectorHandlers.scrollByQuery),
        Route(.post, "/v1/databases/{database}/vectors/count", body: .json, handler: VectorHandlers.count),
        Route(.get, "/v1/databases/{database}/vectors/count", query: ["filter"], handler: VectorHandlers.countByQuery),
        Route(
            .get, "/v1/databases/{database}/vectors/{id}", query: ["include_values", "include_metadata"],
            handler: VectorHandlers.get),
        Route(.put, "/v1/databases/{database}/vectors/{id}", body: .json, handler: VectorHandlers.put),
        Route(.patch, "/v1/databases/{database}/vectors/{id}", body: .json, handler: VectorHandlers.mergeMetadata),
        Route(.delete, "/v1/databases/{database}/vectors/{id}", handler: VectorHandlers.delete),
        Route(.put, "/v1/databases/{database}/vectors/{id}/metadata", body: .json, handler: VectorHandlers.replaceMetadata),
        Route(.patch, "/v1/databases/{database}/vectors/{id}/metadata", body: .json, handler: VectorHandlers.mergeMetadata),
    ]

    private static let jobs: [Route] = [
        Route(.post, "/v1/verify", body: .json, handler: JobHandlers.verify),
        Route(.get, "/v1/jobs", handler: JobHandlers.list),
        Route(.get, "/v1/jobs/{job}", handler: JobHandlers.describe),
        Route(.delete, "/v1/jobs/{job}", handler: JobHandlers.cancel),
    ]

    private static let searches: [Route] = [
        Route(.post, "/v1/databases/{database}/search", body: .jsonOrVectors, handler: SearchHandlers.search),
        Route(.post, "/v1/databases/{database}/search/batch", body: .jsonOrVectors, handler: SearchHandlers.searchBatch),
        Route(.post, "/v1/embeddings", body: .json, handler: EmbeddingHandlers.embed),
    ]

    /// Words that stand in the place of a target's name: no target may be called like that.
    private static let backups: [Route] = [
        Route(.post, "/v1/backups", body: .json, handler: BackupHandlers.create),
        Route(.get, "/v1/backups", query: ["target", "database"], handler: BackupHandlers.list),
        Route(.post, "/v1/backups/restore", body: .json, handler: BackupHandlers.restore),
        Route(.get, "/v1/backups/targets", handler: BackupHandlers.targets),
        Route(.get, "/v1/backups/tasks", handler: BackupHandlers.tasks),
        Route(.get, "/v1/backups/tasks/{task}", handler: BackupHandlers.task),
        Route(.delete, "/v1/backups/tasks/{task}", handler: BackupHandlers.cancel),
        Route(.get, "/v1/backups/schedules", handler: BackupHandlers.schedules),
        Route(.put, "/v1/backups/schedules/{schedule}", body: .json, handler: BackupHandlers.setSchedule),
        Route(.delete, "/v1/backups/schedules/{schedule}", handler: BackupHandlers.deleteSchedule),
        Route(.get, "/v1/backups/{target}/{backup}", handler: BackupHandlers.describe),
        Route(.delete, "/v1/backups/{target}/{backup}", handler: BackupHandlers.delete),
        Route(.post, "/v1/backups/{target}/{backup}/verify", handler: BackupHandlers.verify),
    ]
}
