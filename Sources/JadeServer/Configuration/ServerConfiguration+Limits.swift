import JadeSecurity

extension ServerConfiguration {
    static let limitOptions: [ConfigurationOption] =
        quotaOptions("key", "API key", \.limits.key) + quotaOptions("user", "user", \.limits.user)
        + quotaOptions("database", "database", \.limits.database) + [
            .integer(
                "limits", "address_failures_per_sec", \.limits.failuresPerSecond, in: 0...1_000_000,
                "Logins and credentials that do not hold which one address may try in a second, twice as many at once; 0 does not limit "
                    + "them. A proxy in front is one address.")
        ]

    private static func quotaOptions(
        _ name: String, _ noun: String, _ quota: any WritableKeyPath<ServerConfiguration, Quota> & Sendable
    ) -> [ConfigurationOption] {
        func option(_ what: String, _ path: any WritableKeyPath<Quota, Int> & Sendable, _ summary: String) -> ConfigurationOption {
            ConfigurationOption(
                section: "limits", name: "\(name)_\(what)", expected: "an integer of at least 0",
                summary: summary + " What is beyond is answered with 429 and the seconds to wait; 0 does not limit."
            ) {
                String($0[keyPath: quota][keyPath: path])
            } assign: { configuration, text in
                guard let value = Int(text), value >= 0 else { return false }
                configuration[keyPath: quota][keyPath: path] = value
                return true
            }
        }
        return [
            option("requests_per_sec", \.requestsPerSecond, "Requests of one \(noun) in a second, twice as many at once."),
            option("vectors_per_sec", \.vectorsPerSecond, "Vectors written by one \(noun) in a second."),
            option("bytes_per_sec", \.bytesPerSecond, "Bytes of vectors' values written by one \(noun) in a second."),
            option("concurrent_searches", \.concurrentSearches, "Searches of one \(noun) at a time."),
        ]
    }

    var usage: UsageMeter.Settings {
        var settings = UsageMeter.Settings()
        (settings.key, settings.user, settings.database) = (limits.key.limits, limits.user.limits, limits.database.limits)
        settings.failuresPerSecond = limits.failuresPerSecond
        return settings
    }
}

extension ServerConfiguration.Quota {
    fileprivate var limits: UsageLimits {
        UsageLimits(
            requestsPerSecond: requestsPerSecond, vectorsPerSecond: vectorsPerSecond, bytesPerSecond: bytesPerSecond,
            concurrentSearches: concurrentSearches)
    }
}
