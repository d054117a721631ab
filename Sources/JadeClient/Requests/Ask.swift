internal import JadeAPI
internal import JadeCore

extension JadeClient {
    /// Sends a request without a body and reads the answer.
    func ask<Answer: WireDecodable>(_ method: Request.Method, _ path: String) async throws(JadeError) -> Answer {
        try answer(try await transport.send(Request(method: method, path: path)))
    }

    /// Sends a document and reads the answer.
    func ask<Answer: WireDecodable>(
        _ method: Request.Method, _ path: String, _ document: some WireEncodable & Sendable, repeatable: Bool = true
    ) async throws(JadeError) -> Answer {
        let request = Request(method: method, path: path, body: WireJSON.encode(document), repeatable: repeatable)
        return try answer(try await transport.send(request))
    }

    func answer<Answer: WireDecodable>(_ received: Received) throws(JadeError) -> Answer {
        do { return try WireJSON.decode(from: received.body) } catch { throw notUnderstood(error) }
    }

    /// Sends vectors, as a frame where one can hold them and as a document otherwise, and reads the answer, which may be a frame too.
    ///
    /// - Parameters:
    ///   - frame: called where frames are wanted.
    ///   - prefers: the type of a frame as an answer; nil where it is always a document.
    func ask<Answer: WireDecodable>(
        _ path: String, _ document: some WireEncodable & Sendable, frame: () -> [UInt8]? = { nil }, prefers: String? = nil,
        read: (UnsafeRawBufferPointer) throws(JadeError) -> Answer
    ) async throws(JadeError) -> Answer {
        let asksForFrames = transport.options.encoding == .frames
        var request = Request(method: .post, path: path)
        if asksForFrames { request.prefers = prefers }
        if asksForFrames, let bytes = frame() {
            (request.body, request.type) = (bytes, FrameType.vectors)
        } else {
            request.body = WireJSON.encode(document)
        }
        let received = try await transport.send(request)
        guard let prefers, received.type == prefers else { return try answer(received) }
        let outcome = received.body.withUnsafeBytes { bytes in Result { () throws(JadeError) in try read(bytes) } }
        do { return try outcome.get() } catch { throw notUnderstood(error) }
    }

    private func notUnderstood(_ error: JadeError) -> JadeError {
        .internal("\(url) gave an answer that is not understood: \(error.message)")
    }
}
