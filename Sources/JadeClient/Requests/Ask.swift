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

    private func answer<Answer: WireDecodable>(_ body: [UInt8]) throws(JadeError) -> Answer {
        do { return try WireJSON.decode(from: body) } catch {
            throw .internal("\(url) gave an answer that is not understood: \(error.message)")
        }
    }
}
