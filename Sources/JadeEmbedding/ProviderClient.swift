import AsyncHTTPClient
import JadeAPI
import JadeCore
import JadeIO
import NIOCore
import NIOHTTP1
import Synchronization

/// One provider: its cache, its breaker, its requests.
final class ProviderClient: Sendable {
    let provider: EmbeddingProvider
    private let settings: EmbeddingSettings
    private let key: String?
    private let clock: any Clock
    private let random: any RandomSource
    private let turnstile: Turnstile
    private let cache: Mutex<EmbeddingCache>
    private let breaker: Mutex<CircuitBreaker>

    /// One for the process, which is never shut down: connections belong to hosts and not to providers.
    private static let client: HTTPClient = {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    init(_ provider: EmbeddingProvider, key: String?, settings: EmbeddingSettings, clock: any Clock, random: any RandomSource) {
        self.provider = provider
        self.settings = settings
        self.key = key
        self.clock = clock
        self.random = random
        turnstile = Turnstile(settings.concurrency)
        cache = Mutex(EmbeddingCache(limit: settings.cacheEntries))
        breaker = Mutex(
            CircuitBreaker(failuresUntilOpen: settings.failuresUntilOpen, openNanoseconds: UInt64(settings.openMilliseconds) * 1_000_000))
    }

    /// The vectors of texts, each text asked for once.
    func embed(_ texts: [String]) async throws(JadeError) -> [[Float]] {
        var known = cache.withLock { cache in
            var known: [String: [Float]] = [:]
            for text in texts where known[text] == nil { known[text] = cache.values(of: text) }
            return known
        }
        var missing: [String] = []
        var seen: Set<String> = []
        for text in texts where known[text] == nil && seen.insert(text).inserted { missing.append(text) }
        let starts = Array(stride(from: 0, to: missing.count, by: settings.batchSize))
        let wanted = missing
        let answers = await withTaskGroup(of: (Int, Result<[[Float]], JadeError>).self) { group in
            for start in starts {
                let batch = wanted[start..<min(start + settings.batchSize, wanted.count)]
                group.addTask { [self] in (start, await outcome(of: batch)) }
            }
            var answers: [(Int, Result<[[Float]], JadeError>)] = []
            for await answer in group {
                answers.append(answer)
                if case .failure = answer.1 { group.cancelAll() }
            }
            return answers
        }
        // The first failure is the cause, the others may only have been cancelled for it.
        for (_, answer) in answers { _ = try answer.get() }
        for (start, answer) in answers {
            for (offset, values) in try answer.get().enumerated() { known[missing[start + offset]] = values }
        }
        let found = known
        cache.withLock { cache in for text in missing { if let values = found[text] { cache.keep(values, of: text) } } }
        return texts.map { found[$0] ?? [] }
    }

    private func outcome(of batch: ArraySlice<String>) async -> Result<[[Float]], JadeError> {
        await turnstile.enter()
        defer { turnstile.leave() }
        do throws(JadeError) { return .success(try await embed(batch: batch)) } catch { return .failure(error) }
    }

    private func embed(batch: ArraySlice<String>) async throws(JadeError) -> [[Float]] {
        var attempt = 0
        while true {
            try pass()
            let answer = await sendOnce(batch)
            switch answer {
            case .success(let vectors):
                breaker.withLock { $0.succeeded() }
                return vectors
            case .failure(let failure):
                note(failure)
                attempt += 1
                guard failure.mayPass, attempt < settings.tries else { throw failure.error }
                try await pause(attempt, failure.retryAfterSeconds)
            }
        }
    }

    /// Refuses at once while the provider is left alone.
    private func pass() throws(JadeError) {
        if case .wait(let nanoseconds) = breaker.withLock({ $0.request(at: clock.monotonicNanoseconds) }) {
            let seconds = max(1, (nanoseconds + 999_999_999) / 1_000_000_000)
            throw .unavailable("embedding provider \"\(provider.name)\" has failed several times and is asked again in \(seconds) seconds")
        }
    }

    private func note(_ failure: ProviderFailure) {
        let now = clock.monotonicNanoseconds
        breaker.withLock { breaker in
            if failure.isOutage { breaker.failed(at: now) } else if failure.error.code == .cancelled { breaker.abandoned() } else { breaker.succeeded() }
        }
    }

    private func pause(_ attempt: Int, _ retryAfterSeconds: Int?) async throws(JadeError) {
        let longest = min(settings.backoffMilliseconds << min(attempt - 1, 16), settings.maximumBackoffMilliseconds)
        let drawn = longest / 2 + Int(random.word() % UInt64(longest / 2 + 1))
        let asked = min(retryAfterSeconds ?? 0, settings.maximumBackoffMilliseconds / 1_000) * 1_000
        do { try await Task.sleep(for: .milliseconds(max(drawn, asked))) } catch { throw .cancelled("the embedding of texts was cancelled") }
    }

    private func sendOnce(_ batch: ArraySlice<String>) async -> Result<[[Float]], ProviderFailure> {
        var message = HTTPClientRequest(url: provider.url)
        message.method = .POST
        message.headers.add(name: "content-type", value: "application/json")
        if let key { message.headers.add(name: "authorization", value: "Bearer \(key)") }
        message.body = .bytes(ByteBuffer(bytes: WireJSON.encode(EmbeddingQuestion(model: provider.model, texts: batch))))
        do {
            let response = try await Self.client.execute(message, timeout: .milliseconds(Int64(settings.timeoutMilliseconds)))
            let body = try await response.body.collect(upTo: Limits.maximumEmbeddingAnswerBytes)
            let bytes = Array(body.readableBytesView)
            guard response.status == .ok else {
                return .failure(
                    ProviderFailure(
                        status: Int(response.status.code), body: bytes, retryAfter: response.headers.first(name: "retry-after"), provider))
            }
            return read(bytes, batch.count)
        } catch {
            return .failure(ProviderFailure(error, provider, timeoutMilliseconds: settings.timeoutMilliseconds))
        }
    }

    private func read(_ bytes: [UInt8], _ count: Int) -> Result<[[Float]], ProviderFailure> {
        do throws(JadeError) {
            let answer = try WireJSON.decode(EmbeddingAnswer.self, from: bytes)
            let vectors = (0..<count).compactMap { answer.embeddings[$0] }
            guard vectors.count == count, answer.embeddings.count == count else {
                return .failure(.garbage("\(answer.embeddings.count) embeddings for \(count) texts", provider))
            }
            guard let dimension = vectors.first?.count, dimension > 0, vectors.allSatisfy({ $0.count == dimension }) else {
                return .failure(.garbage("embeddings of several dimensions, or none", provider))
            }
            return .success(vectors)
        } catch {
            return .failure(.garbage(error.message, provider))
        }
    }
}

extension Limits {
    /// Bytes of one answer of an embedding provider.
    package static let maximumEmbeddingAnswerBytes = 256 << 20
}
