public import JadeCore
internal import JadeProto

extension JadeGRPCClient {
    /// Searches of one database over one call, many of them under way at a time: several times cheaper than a call for each.
    ///
    /// - Parameters:
    ///   - answered: told the number of the request, from 0, and its answer or why it has none, in the order in which they come.
    public func search<Requests: AsyncSequence<SearchRequest, any Error> & Sendable>(
        each requests: Requests, in database: String, answered: (Int, Result<SearchResponse, JadeError>) -> Void
    ) async throws(JadeError) {
        do throws(CallEnd) {
            let stream = try await transport.stream("/jadevectordb.v1.SearchService/SearchStream")
            let window = Window(transport.options.searchWindow)
            let sending = Task {
                defer { stream.finish() }
                var number: UInt64 = 0
                for try await request in requests {
                    guard await window.enter() else { return }
                    try stream.send(ProtoSearchRequest(request, in: database, tag: number))
                    number += 1
                }
            }
            defer {
                window.close()
                sending.cancel()
            }
            while let bytes = try await stream.next() {
                let answer: ProtoSearchResponse = try Transport.decode(bytes, address)
                window.leave()
                answered(Int(clamping: answer.tag), Self.outcome(of: answer))
            }
            if case .failure(let error) = await sending.result {
                let reason = error as? JadeError ?? .cancelled("the source of searches failed: \(error)")
                throw CallEnd(stage: .answered, failure: CallFailure(reason))
            }
        } catch {
            throw transport.explained(error)
        }
    }

    private static func outcome(of answer: ProtoSearchResponse) -> Result<SearchResponse, JadeError> {
        if answer.hasError { return .failure(StatusDetails.failure(answer.error).error) }
        do throws(JadeError) { return .success(try SearchResponse(answer)) } catch { return .failure(error) }
    }
}
