package import JadeCore

extension Limits {
    /// UTF-8 bytes of the name of a user, group, role or key.
    package static let maximumAccountNameBytes = 128
    /// bcrypt reads no more than this of a password, so a longer one is refused rather than cut.
    package static let maximumPasswordBytes = 72
    package static let maximumUsers = 100_000
    package static let maximumGroups = 10_000
    package static let maximumRoles = 1_000
    /// API keys of one user that are not revoked.
    package static let maximumKeysPerUser = 1_000
    /// Sessions of one user; the one unused for longest makes room.
    package static let maximumSessionsPerUser = 100
    /// Names whose failed logins are remembered; the oldest make room.
    package static let maximumRememberedFailures = 100_000
    /// Password hashes computed at the same time: each takes a processor for a tenth of a second and more.
    package static let maximumConcurrentHashes = 4
    /// Callers whose access is kept ready.
    package static let maximumCachedCallers = 100_000
    /// Keys, users, databases and addresses whose use is counted; beyond, those that do nothing are forgotten.
    package static let maximumMeteredSubjects = 100_000
    /// Bytes of an audit entry in the file beside its texts: numbers, lengths, the index by time, and room that pages leave.
    static let auditEntryOverhead = 64
    /// Audit entries in the export of a user's data; an export of the log by actor has the rest.
    static let maximumExportedEntries = 100_000
    /// Refused credentials of one address that the audit log takes in a minute; of more it has the number.
    package static let auditedFailuresPerMinute = 30
    /// Addresses for which that is counted.
    package static let maximumWatchedAddresses = 10_000
    /// Calls for accounts and credentials that wait for a thread.
    package static let maximumPendingSecurityWork = 256
    /// Seconds for which a key may go on beside its successor: thirty days.
    package static let maximumKeyGraceSeconds = 30 * 86_400
}
