import HTTPTypes
import JadeAPI
import JadeCore

/// The whole interface. What is listed here is what there is, and what it asks of its callers.
package enum Routes {
    package static let all: [Route] = node + databases + vectors + searches + jobs + backups + security

    private static let node: [Route] = [
        Route(.get, "/health", needs: .nothing, handler: NodeHandlers.health),
        Route(.get, "/health/ready", needs: .nothing, handler: NodeHandlers.ready),
        Route(.get, "/metrics", needs: .node(.nodeRead), handler: NodeHandlers.metrics),
        Route(.get, "/v1/health", needs: .nothing, handler: NodeHandlers.health),
        Route(.get, "/v1/health/ready", needs: .nothing, handler: NodeHandlers.ready),
        Route(.get, "/v1/status", needs: .node(.nodeRead), handler: NodeHandlers.status),
        Route(.get, "/status", needs: .node(.nodeRead), handler: NodeHandlers.status),
    ]

    private static let databases: [Route] = [
        Route(.post, "/v1/databases", needs: .node(.databaseCreate), body: .json, handler: DatabaseHandlers.create),
        Route(.get, "/v1/databases", needs: .named(.databaseRead), handler: DatabaseHandlers.list),
        Route(.get, "/v1/databases/{database}", needs: .database(.databaseRead), handler: DatabaseHandlers.describe),
        Route(
            .patch, "/v1/databases/{database}", needs: .database(.databaseUpdate), body: .json, handler: DatabaseHandlers.update),
        Route(.delete, "/v1/databases/{database}", needs: .database(.databaseDelete), handler: DatabaseHandlers.delete),
        Route(.get, "/v1/databases/{database}/indexes", needs: .database(.databaseRead), handler: DatabaseHandlers.indexes),
    ]

    private static let vectors: [Route] = [
        Route(
            .post, "/v1/databases/{database}/vectors", needs: .database(.vectorWrite), body: .json, handler: VectorHandlers.upsert),
        Route(
            .post, "/v1/databases/{database}/vectors/batch", needs: .database(.vectorWrite), body: .json, handler: VectorHandlers.upsert),
        Route(
            .delete, "/v1/databases/{database}/vectors/batch", needs: .database(.vectorDelete), body: .json, handler: VectorHandlers.deleteMany),
        Route(
            .post, "/v1/databases/{database}/vectors/delete", needs: .database(.vectorDelete), body: .json, handler: VectorHandlers.deleteMany),
        Route(
            .post, "/v1/databases/{database}/vectors/batch/get", needs: .database(.vectorRead), body: .json, handler: VectorHandlers.getMany),
        Route(
            .post, "/v1/databases/{database}/vectors/scroll", needs: .database(.vectorRead), body: .json, handler: VectorHandlers.scroll),
        Route(
            .get, "/v1/databases/{database}/vectors/scroll", needs: .database(.vectorRead),
            query: ["after", "limit", "filter", "include_values", "include_metadata"], handler: VectorHandlers.scrollByQuery),
        Route(
            .post, "/v1/databases/{database}/vectors/count", needs: .database(.vectorRead), body: .json, handler: VectorHandlers.count),
        Route(
            .get, "/v1/databases/{database}/vectors/count", needs: .database(.vectorRead), query: ["filter"], handler: VectorHandlers.countByQuery),
        Route(
            .get, "/v1/databases/{database}/vectors/{id}", needs: .database(.vectorRead), query: ["include_values", "include_metadata"],
            handler: VectorHandlers.get),
        Route(
            .put, "/v1/databases/{database}/vectors/{id}", needs: .database(.vectorWrite), body: .json, handler: VectorHandlers.put),
        Route(
            .patch, "/v1/databases/{database}/vectors/{id}", needs: .database(.vectorWrite), body: .json, handler: VectorHandlers.mergeMetadata),
        Route(.delete, "/v1/databases/{database}/vectors/{id}", needs: .database(.vectorDelete), handler: VectorHandlers.delete),
        Route(
            .put, "/v1/databases/{database}/vectors/{id}/metadata", needs: .database(.vectorWrite), body: .json, handler: VectorHandlers.replaceMetadata),
        Route(
            .patch, "/v1/databases/{database}/vectors/{id}/metadata", needs: .database(.vectorWrite), body: .json, handler: VectorHandlers.mergeMetadata),
    ]

    private static let jobs: [Route] = [
        Route(.post, "/v1/verify", needs: .node(.nodeManage), body: .json, handler: JobHandlers.verify),
        Route(.get, "/v1/jobs", needs: .node(.nodeManage), handler: JobHandlers.list),
        Route(.get, "/v1/jobs/{job}", needs: .node(.nodeManage), handler: JobHandlers.describe),
        Route(.delete, "/v1/jobs/{job}", needs: .node(.nodeManage), handler: JobHandlers.cancel),
    ]

    private static let searches: [Route] = [
        Route(
            .post, "/v1/databases/{database}/search", needs: .database(.vectorRead), body: .json, handler: SearchHandlers.search),
        Route(
            .post, "/v1/databases/{database}/search/batch", needs: .database(.vectorRead), body: .json, handler: SearchHandlers.searchBatch),
    ]

    /// Words that stand in the place of a target's name: no target may be called like that.
    private static let backups: [Route] = [
        Route(.post, "/v1/backups", needs: .named(.backupCreate), body: .json, handler: BackupHandlers.create),
        Route(.get, "/v1/backups", needs: .named(.backupRead), query: ["target", "database"], handler: BackupHandlers.list),
        Route(.post, "/v1/backups/restore", needs: .node(.backupRestore), body: .json, handler: BackupHandlers.restore),
        Route(.get, "/v1/backups/targets", needs: .node(.backupRead), handler: BackupHandlers.targets),
        Route(.get, "/v1/backups/tasks", needs: .named(.backupRead), handler: BackupHandlers.tasks),
        Route(.get, "/v1/backups/tasks/{task}", needs: .named(.backupRead), handler: BackupHandlers.task),
        Route(.delete, "/v1/backups/tasks/{task}", needs: .named(.backupCreate), handler: BackupHandlers.cancel),
        Route(.get, "/v1/backups/schedules", needs: .named(.backupRead), handler: BackupHandlers.schedules),
        Route(
            .put, "/v1/backups/schedules/{schedule}", needs: .named(.backupCreate), body: .json, handler: BackupHandlers.setSchedule),
        Route(.delete, "/v1/backups/schedules/{schedule}", needs: .named(.backupCreate), handler: BackupHandlers.deleteSchedule),
        Route(.get, "/v1/backups/{target}/{backup}", needs: .named(.backupRead), handler: BackupHandlers.describe),
        Route(.delete, "/v1/backups/{target}/{backup}", needs: .node(.backupDelete), handler: BackupHandlers.delete),
        Route(.post, "/v1/backups/{target}/{backup}/verify", needs: .named(.backupRead), handler: BackupHandlers.verify),
    ]
}
