internal import JadeAPI
package import JadeCore

extension UsageSubject {
    package init(_ proto: ProtoUsageSubject) throws(JadeError) {
        self.init(try choice("kind", proto.kind) { (kind: Kind) in kind.rawValue }, id: proto.id)
    }
}

extension ProtoUsageSubject {
    package init(_ subject: UsageSubject) {
        self.init()
        kind = subject.kind.rawValue
        id = subject.id
    }
}

extension Quota {
    package init(_ proto: ProtoQuota) {
        self.init(
            requestsPerSecond: proto.hasRequestsPerSecond ? Int(clamping: proto.requestsPerSecond) : nil,
            vectorsPerSecond: proto.hasVectorsPerSecond ? Int(clamping: proto.vectorsPerSecond) : nil,
            bytesPerSecond: proto.hasBytesPerSecond ? Int(clamping: proto.bytesPerSecond) : nil,
            concurrentSearches: proto.hasConcurrentSearches ? Int(clamping: proto.concurrentSearches) : nil)
    }
}

extension ProtoQuota {
    package init(_ quota: Quota) {
        self.init()
        if let limit = quota.requestsPerSecond { requestsPerSecond = UInt64(count: limit) }
        if let limit = quota.vectorsPerSecond { vectorsPerSecond = UInt64(count: limit) }
        if let limit = quota.bytesPerSecond { bytesPerSecond = UInt64(count: limit) }
        if let limit = quota.concurrentSearches { concurrentSearches = UInt64(count: limit) }
    }
}

extension UsageReport {
    package init(_ proto: ProtoUsageReport) throws(JadeError) {
        var totals = UsageTotals()
        totals.requests = Int(count: proto.totals.requests)
        totals.refused = Int(count: proto.totals.refused)
        totals.vectors = Int(count: proto.totals.vectors)
        totals.bytes = Int(count: proto.totals.bytes)
        totals.searches = Int(count: proto.totals.searches)
        self.init(
            subject: try UsageSubject(proto.subject), name: proto.name, quota: proto.hasQuota ? Quota(proto.quota) : nil,
            limits: Quota(proto.limits), totals: totals, runningSearches: Int(count: proto.runningSearches), since: proto.sinceMilliseconds)
    }
}

extension ProtoUsageReport {
    package init(_ report: UsageReport) {
        self.init()
        subject = ProtoUsageSubject(report.subject)
        name = report.name
        if let quota = report.quota { self.quota = ProtoQuota(quota) }
        limits = ProtoQuota(report.limits)
        totals.requests = UInt64(count: report.totals.requests)
        totals.refused = UInt64(count: report.totals.refused)
        totals.vectors = UInt64(count: report.totals.vectors)
        totals.bytes = UInt64(count: report.totals.bytes)
        totals.searches = UInt64(count: report.totals.searches)
        runningSearches = UInt64(count: report.runningSearches)
        sinceMilliseconds = report.since
    }
}
