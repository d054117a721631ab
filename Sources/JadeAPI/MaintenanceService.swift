public import JadeCore

/// Long work on what a node stores, beside the requests of ``DatabaseService``: begun by one call, followed by others.
public protocol MaintenanceService: Sendable {
    /// Begins to check every checksum and what the files say of each other, without keeping anybody from reading or writing.
    /// `conflict` while another verification runs.
    func startVerification(_ request: VerificationRequest) async throws(JadeError) -> JobDescription
    /// Jobs that run, and the last that have ended; the newest first.
    func jobs() async throws(JadeError) -> [JobDescription]
    func job(_ id: String) async throws(JadeError) -> JobDescription
    /// Ends a job soon; one that has ended stays as it is.
    func cancelJob(_ id: String) async throws(JadeError) -> JobDescription
}
