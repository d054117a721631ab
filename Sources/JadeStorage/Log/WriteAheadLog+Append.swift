package import JadeCore
import JadeIO
import Synchronization

extension WriteAheadLog {
    /// The buffer that groups are put together in is kept for the next one up to this size.
    private static var keptGroupBytes: Int { 8 << 20 }

    /// Appends a group of records by one write, with consecutive sequence numbers from ``nextSequence`` on. Survives the
    /// process's end at once, and the machine's after ``sync()``.
    ///
    /// After an error none of the group counts as written: what reached the file of it is cut off again, so that a disk
    /// that was full takes writes once it has room. Where that fails too, the log refuses writes until it is reopened.
    package func append(
        contentsOf records: [(sequence: UInt64, payload: [UInt8])]
    ) throws(JadeError) {
        if records.isEmpty { return }
        let bytes = records.reduce(0) { $0 + LogRecordHead.byteCount + $1.payload.count }
        guard bytes <= Limits.maximumLogGroupBytes else {
            throw .tooLarge("group of \(bytes) bytes for the log, the limit is \(Limits.maximumLogGroupBytes)")
        }
        try changing { (state) throws(JadeError) in
            for (index, record) in records.enumerated() where record.sequence != state.nextSequence + UInt64(index) {
                throw .internal("log record \(record.sequence), expected \(state.nextSequence + UInt64(index))")
            }
            if state.file.size > LogSegmentHeader.byteCount, state.file.size + bytes > segmentBytes { try roll(&state) }
            state.group.removeAll()
            for record in records {
                record.payload.withUnsafeBytes {
                    LogRecordHead.append(
                        $0, sequence: record.sequence, epoch: state.epoch, durableSequence: state.durableSequence,
                        to: &state.group)
                }
            }
            try writeGroup(&state)
            writeAhead(&state, bytes)
            state.nextSequence += UInt64(records.count)
            state.activity.groups += 1
            state.activity.bytes += bytes
            if bytes > Self.keptGroupBytes { state.group = ByteWriter() }
        }
    }

    private func writeGroup(_ state: inout State) throws(JadeError) {
        let end = state.file.size
        do throws(JadeError) { try state.file.write(state.group.bytes) } catch {
            // Durably, so that no part of the failed group can come back behind what is written in its place.
            do throws(JadeError) {
                try state.file.truncate(to: end)
                try state.file.sync()
            } catch { state.failure = error }
            throw error
        }
    }

    /// Keeps zeros ahead of small groups; a large one pays for its own growth.
    private func writeAhead(_ state: inout State, _ groupBytes: Int) {
        let size = state.file.size
        guard groupBytes < aheadBytes / 4, state.file.extendedSize < size + groupBytes else { return }
        // Only speed depends on it: on a full disk the zeros are missing and the records go on to be written.
        try? state.file.extendWithZeros(to: min(size + aheadBytes, max(size, segmentBytes)))
    }

    /// Makes everything appended before the call durable (`fdatasync`); appends go on meanwhile.
    package func sync() throws(JadeError) {
        let (file, sequence, rollBacks) = try changing { (state) throws(JadeError) in
            (state.file, state.nextSequence - 1, state.rollBacks)
        }
        do throws(JadeError) { try file.sync() } catch {
            state.withLock { if $0.failure == nil { $0.failure = error } }
            throw error
        }
        // If the log rolled meanwhile, that has synced the old file too.
        state.withLock { state in
            if state.rollBacks == rollBacks { state.durableSequence = max(state.durableSequence, sequence) }
        }
    }

    /// Takes back everything appended since `position` was read, durably: for a group that was logged but could not be
    /// applied. Nobody may have been told of it.
    package func rollBack(to position: LogPosition) throws(JadeError) {
        try changing { (state) throws(JadeError) in
            let current = state.segments.last!.firstSequence
            let isHere = position.segment == current && position.offset <= state.file.size
            // Rolling comes before a group's write, so a group that began a segment is all there is in it.
            let beganHere = position.segment < current && current == position.nextSequence
            guard isHere || beganHere, position.nextSequence <= state.nextSequence else {
                throw .internal("roll-back to \(position.nextSequence), which is no longer in the last segment")
            }
            try failing(&state) { (state) throws(JadeError) in
                try state.file.truncate(to: isHere ? position.offset : LogSegmentHeader.byteCount)
                try state.file.sync()
            }
            state.rollBacks += 1
            state.nextSequence = position.nextSequence
            state.durableSequence = position.nextSequence - 1
        }
    }

    /// Records of the next groups carry this epoch, which may only grow.
    package func raiseEpoch(to epoch: UInt64) throws(JadeError) {
        try changing { (state) throws(JadeError) in
            guard epoch >= state.epoch else { throw .conflict("log epoch \(epoch) after \(state.epoch)") }
            state.epoch = epoch
        }
    }

    /// Deletes the segments whose records a checkpoint holds all, but for those that are kept by ``hold(after:)``. When
    /// nothing is left of the log, an empty segment takes its place.
    package func truncate(upTo checkpoint: UInt64) throws(JadeError) {
        try changing { (state) throws(JadeError) in
            let sequence = min(checkpoint, state.heldAfter ?? checkpoint)
            let hasRecords = state.nextSequence > state.segments.last!.firstSequence
            if hasRecords, state.nextSequence - 1 <= sequence { try roll(&state) }
            // Oldest first: whatever is left after a crash is a log without gaps.
            var removed = false
            while state.segments.count > 1, state.segments[1].firstSequence - 1 <= sequence {
                let name = LogSegmentHeader.name(firstSequence: state.segments[0].firstSequence)
                try files.remove(directory + "/" + name)
                state.segments.removeFirst()
                removed = true
            }
            if removed { try files.syncDirectory(directory) }
        }
    }

    /// Closes the segment, all of it durable, and begins the next one. The old file closes with its last user, which may
    /// be a sync that is under way.
    private func roll(_ state: inout State) throws(JadeError) {
        try failing(&state) { (state) throws(JadeError) in
            if state.file.extendedSize > state.file.size { try state.file.truncate(to: state.file.size) }
            try state.file.sync()
            state.durableSequence = state.nextSequence - 1
        }
        let header = LogSegmentHeader(shardID: shardID, epoch: state.epoch, firstSequence: state.nextSequence)
        let bytes = state.file.size
        do throws(JadeError) { state.file = try Self.createSegment(header, directory, files) } catch {
            // The old segment goes on, provided that nothing is left of the new one.
            do throws(JadeError) {
                try files.remove(directory + "/" + LogSegmentHeader.name(firstSequence: state.nextSequence))
                try files.syncDirectory(directory)
            } catch { state.failure = error }
            throw error
        }
        state.segments[state.segments.count - 1].bytes = bytes
        state.segments.append(Segment(firstSequence: state.nextSequence))
    }

    /// Throws the reason when a failed write or sync keeps the log from taking more.
    func requireWritable() throws(JadeError) { try changing { _ in } }

    private func changing<Value>(_ body: (inout State) throws(JadeError) -> Value) throws(JadeError) -> Value {
        let result: Result<Value, JadeError> = state.withLock { state in
            if let failure = state.failure {
                return .failure(.unavailable("log \"\(directory)\" takes no writes until it is reopened: \(failure.message)"))
            }
            do throws(JadeError) { return .success(try body(&state)) } catch { return .failure(error) }
        }
        return try result.get()
    }

    /// Runs a step after whose failure the disk's content is unknown.
    private func failing(
        _ state: inout State, _ body: (inout State) throws(JadeError) -> Void
    ) throws(JadeError) {
        do throws(JadeError) { try body(&state) } catch {
            state.failure = error
            throw error
        }
    }
}
