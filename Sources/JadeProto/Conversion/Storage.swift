internal import JadeCore

extension StorageStatus {
    init(_ proto: ProtoStorageStatus) throws(JadeError) {
        self.init(
            state: try choice("state", proto.state) { (state: State) in state.rawValue }, sequence: proto.sequence,
            durableSequence: proto.durableSequence, checkpointSequence: proto.checkpointSequence,
            replayBytes: Int(count: proto.replayBytes), diskBytes: proto.hasDiskBytes ? Int(count: proto.diskBytes) : nil,
            recovery: proto.hasRecovery ? Recovery(proto.recovery) : nil)
    }
}

extension ProtoStorageStatus {
    init(_ status: StorageStatus) {
        self.init()
        state = status.state.rawValue
        sequence = status.sequence
        durableSequence = status.durableSequence
        checkpointSequence = status.checkpointSequence
        replayBytes = UInt64(count: status.replayBytes)
        if let bytes = status.diskBytes { diskBytes = UInt64(count: bytes) }
        if let recovery = status.recovery { self.recovery = ProtoStorageRecovery(recovery) }
    }
}

extension StorageStatus.Recovery {
    init(_ proto: ProtoStorageRecovery) {
        self.init(
            records: Int(count: proto.records), bytes: Int(count: proto.bytes), milliseconds: Int(count: proto.milliseconds),
            bytesCut: Int(count: proto.bytesCut), cut: proto.hasCut ? proto.cut : nil)
    }
}

extension ProtoStorageRecovery {
    init(_ recovery: StorageStatus.Recovery) {
        self.init()
        records = UInt64(count: recovery.records)
        bytes = UInt64(count: recovery.bytes)
        milliseconds = UInt64(count: recovery.milliseconds)
        bytesCut = UInt64(count: recovery.bytesCut)
        if let cut = recovery.cut { self.cut = cut }
    }
}
