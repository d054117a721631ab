package import JadeAPI
package import JadeCore

/// What a server serves, and how it is closed once the last request was answered.
package struct ServedDatabase: Sendable {
    package let service: any DatabaseService
    package let shutdown: @Sendable () async throws(JadeError) -> Void

    package init(service: any DatabaseService, shutdown: @escaping @Sendable () async throws(JadeError) -> Void) {
        self.service = service
        self.shutdown = shutdown
    }
}
