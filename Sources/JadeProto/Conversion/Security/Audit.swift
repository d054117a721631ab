#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif
package import JadeCore

extension AuditQuery {
    package init(_ proto: ProtoAuditQuery) throws(JadeError) {
        self.init(
            actor: proto.hasActor ? proto.actor : nil, action: proto.hasAction ? proto.action : nil,
            resource: proto.hasResource ? proto.resource : nil, from: proto.hasFromMilliseconds ? proto.fromMilliseconds : nil,
            to: proto.hasToMilliseconds ? proto.toMilliseconds : nil, before: proto.hasBefore ? proto.before : nil)
        if proto.hasOutcome {
            outcome = try choice("outcome", proto.outcome) { (outcome: AuditEvent.Outcome) in outcome.rawValue }
        }
        after = proto.hasAfter ? proto.after : nil
        isOldestFirst = proto.oldestFirst
        if proto.hasLimit { limit = Int(proto.limit) }
    }
}

extension ProtoAuditQuery {
    package init(_ query: AuditQuery) {
        self.init()
        if let actor = query.actor { self.actor = actor }
        if let action = query.action { self.action = action }
        if let resource = query.resource { self.resource = resource }
        if let outcome = query.outcome { self.outcome = outcome.rawValue }
        if let from = query.from { fromMilliseconds = from }
        if let to = query.to { toMilliseconds = to }
        if let before = query.before { self.before = before }
        if let after = query.after { self.after = after }
        oldestFirst = query.isOldestFirst
        limit = UInt32(clamping: query.limit)
    }
}

extension AuditEntry {
    package init(_ proto: ProtoAuditEntry) throws(JadeError) {
        let event = AuditEvent(
            actorID: proto.actorID, actor: proto.actor, action: proto.action, resource: proto.resource,
            outcome: try choice("outcome", proto.outcome) { (outcome: AuditEvent.Outcome) in outcome.rawValue },
            requestID: proto.requestID, address: proto.address, detail: proto.detailJson)
        self.init(sequence: proto.sequence, at: proto.atMilliseconds, event: event, hash: [UInt8](proto.hash))
    }
}

extension ProtoAuditEntry {
    package init(_ entry: AuditEntry) {
        self.init()
        sequence = entry.sequence
        atMilliseconds = entry.at
        actorID = entry.event.actorID
        actor = entry.event.actor
        action = entry.event.action
        resource = entry.event.resource
        outcome = entry.event.outcome.rawValue
        requestID = entry.event.requestID
        address = entry.event.address
        detailJson = entry.event.detail
        hash = Data(entry.hash)
    }
}

extension ProtoListAuditEntriesResponse {
    package init(_ entries: [AuditEntry]) {
        self.init()
        self.entries = entries.map(ProtoAuditEntry.init)
    }
}

extension AuditHead {
    package init(_ proto: ProtoAuditHead) { self.init(sequence: proto.sequence, hash: [UInt8](proto.hash)) }
}

extension ProtoAuditHead {
    package init(_ head: AuditHead) {
        self.init()
        sequence = head.sequence
        hash = Data(head.hash)
    }
}
