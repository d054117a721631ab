internal import Dispatch

/// Calls the engine's time-driven work once a second.
///
/// `@unchecked Sendable`: dispatch sources are thread-safe, and merely not marked so.
final class MaintenanceTimer: @unchecked Sendable {
    static let periodSeconds = 1
    private let queue = DispatchQueue(label: "jade.maintenance")
    private let source: any DispatchSourceTimer

    init() {
        source = DispatchSource.makeTimerSource(queue: queue)
        source.schedule(deadline: .now() + Double(Self.periodSeconds), repeating: Double(Self.periodSeconds))
        source.activate()
    }

    func start(_ work: @escaping @Sendable () -> Void) { source.setEventHandler(handler: work) }

    /// Returns once no work is under way and none will be.
    func stop() {
        source.cancel()
        queue.sync {}
    }
}
