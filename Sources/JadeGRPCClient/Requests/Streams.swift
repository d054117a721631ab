public import JadeCore
internal import JadeProto

extension JadeGRPCClient {
    /// Stores many vectors over one call: each batch is one write, applied in their order, with a few of them under way.
    ///
    /// What was acknowledged stays stored when a later batch is refused, the connection breaks or the task is cancelled; the call is
    /// not repeated.
    ///
    /// - Parameters:
    ///   - batches: up to 10,000 vectors each.
    ///   - acknowledged: told after each batch how many vectors from the front are stored.
    /// - Returns: how many vectors were stored, and the number of the last write.
    @discardableResult
    public func upload<Batches: AsyncSequence<[VectorRecord], any Error> & Sendable>(
        _ batches: Batches, into database: String, acknowledged: @escaping @Sendable (Int) -> Void = { _ in }
    ) async throws(JadeError) -> WriteResult {
        do throws(CallEnd) {
            let stream = try await transport.stream("/jadevectordb.v1.VectorService/UpsertStream")
            let window = Window(transport.options.uploadWindow)
            let sending = Task {
                defer { stream.finish() }
                for try await batch in batches {
                    guard await window.enter() else { return }
                    try stream.send(ProtoUpsertRequest(batch, into: database))
                }
            }
            defer {
                window.close()
                sending.cancel()
            }
            let stored = try await answers(stream, window, acknowledged)
            return try await finished(sending, stored)
        } catch {
            throw transport.explained(error)
        }
    }

    private func answers(
        _ stream: ClientStream, _ window: Window, _ acknowledged: @Sendable (Int) -> Void
    ) async throws(CallEnd) -> WriteResult {
        var stored = WriteResult(count: 0, sequence: 0)
        while let bytes = try await stream.next() {
            let answer: ProtoWriteResult = try Transport.decode(bytes, address)
            stored.count += Int(clamping: answer.count)
            stored.sequence = answer.sequence
            window.leave()
            acknowledged(stored.count)
        }
        return stored
    }

    /// The source may have failed although all that it gave was stored.
    private func finished(_ sending: Task<Void, any Error>, _ stored: WriteResult) async throws(CallEnd) -> WriteResult {
        switch await sending.result {
        case .success: return stored
        case .failure(let error):
            let reason = error as? JadeError ?? .cancelled("the source of vectors failed after \(stored.count): \(error)")
            throw CallEnd(stage: .answered, failure: CallFailure(reason))
        }
    }

    /// All vectors that match, in order of their ids' bytes, a page at a time; the server reads on as the caller does.
    ///
    /// - Parameter request: ``ScrollRequest/limit`` is the size of a page.
    public func export(_ request: ScrollRequest, from database: String) -> AsyncThrowingStream<[StoredVector], any Error> {
        let pages = Pages(transport, ProtoExportRequest(request, in: database))
        return AsyncThrowingStream { try await pages.next() }
    }
}

/// The pages of an export. The stream that owns it asks for one at a time.
private actor Pages {
    private let transport: Transport
    private let request: ProtoExportRequest
    private var stream: ClientStream?

    init(_ transport: Transport, _ request: ProtoExportRequest) {
        self.transport = transport
        self.request = request
    }

    deinit { stream?.cancel() }

    func next() async throws -> [StoredVector]? {
        do {
            let stream = try await opened()
            guard let bytes = try await stream.next() else { return nil }
            let page: ProtoScrollResponse = try Transport.decode(bytes, transport.address)
            return try ScrollPage(page).vectors
        } catch let end as CallEnd {
            throw transport.explained(end)
        }
    }

    private func opened() async throws -> ClientStream {
        if let stream { return stream }
        let opened = try await transport.stream("/jadevectordb.v1.VectorService/Export", message: Framing.encode(request))
        stream = opened
        return opened
    }
}
