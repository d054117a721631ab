import Foundation
import Glibc
import JadeAPI
import JadeCore
import JadeServer
import Logging
import Synchronization
import Testing

/// Opens once for all who wait.
final class Gate: Sendable {
    private let state = Mutex<(isOpen: Bool, waiting: [CheckedContinuation<Void, Never>])>((false, []))

    func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            return exchange(&state.waiting, with: [])
        }
        for continuation in waiting { continuation.resume() }
    }

    func wait() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.waiting.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }

    private func exchange<Value>(_ value: inout Value, with other: Value) -> Value {
        defer { value = other }
        return value
    }
}

@Suite("A server stops without losing an answer")
struct ShutdownTests {
    @Test("what is under way is answered, then the database is closed")
    func drain() async throws {
        let (entered, release) = (Gate(), Gate())
        let service = MemoryService {
            entered.open()
            await release.wait()
        }
        var port = 0
        try await LiveServer.run(service) { server in
            port = server.port
            try await server.createDatabase()
            async let answer = server.send("POST", "/v1/databases/docs/search", #"{"values":[1,2]}"#)
            await entered.wait()
            await server.server.stop()
            #expect(!service.isClosed)
            release.open()
            let received = try await answer
            #expect(received.status == 200 && received["results"] == [])
        }
        #expect(service.isClosed)
        #expect(throws: RawConnection.ConnectionRefused.self) { try RawConnection(port: port) }
    }

    @Test("a stopping server is not ready, but alive")
    func readiness() async throws {
        let (entered, release) = (Gate(), Gate())
        let service = MemoryService {
            entered.open()
            await release.wait()
        }
        try await LiveServer.run(service) { server in
            try await server.createDatabase()
            // A connection whose request is under way stays open while the server drains, and takes one more request.
            let raw = try RawConnection(port: server.port)
            defer { raw.close() }
            let body = #"{"values":[1,2]}"#
            await raw.send(
                "POST /v1/databases/docs/search HTTP/1.1\r\nhost: x\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)"
                    + "GET /health/ready HTTP/1.1\r\nhost: x\r\n\r\n")
            await entered.wait()
            await server.server.stop()
            release.open()
            let answer = await raw.receive()
            #expect(answer.hasPrefix("HTTP/1.1 200 ") && answer.contains("HTTP/1.1 503 "), "\(answer)")
            #expect(answer.contains("the server is stopping"))
        }
    }

    @Test("a port in use is named")
    func portInUse() async throws {
        try await LiveServer.run { first in
            var configuration = ServerConfiguration()
            configuration.server.port = first.port
            let service = MemoryService()
            let database = ServedDatabase(service: service) { () throws(JadeError) in service.close() }
            let second = try Server(configuration, serving: database, logger: .init(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
            await #expect(throws: JadeError.unavailable("cannot listen on 127.0.0.1:\(first.port): Address already in use")) {
                try await second.run()
            }
            #expect(await second.port() == nil)
            #expect(service.isClosed)
        }
    }

    @Test("a database that cannot be closed is reported")
    func failedClose() async throws {
        var configuration = ServerConfiguration()
        configuration.server.port = 0
        let database = ServedDatabase(service: MemoryService()) { () throws(JadeError) in
            throw .corrupted("the last page would not go")
        }
        let server = try Server(configuration, serving: database, logger: .init(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        let running = Task { try await server.run() }
        _ = try #require(await server.port())
        await server.stop()
        await #expect(throws: JadeError.corrupted("the last page would not go")) { try await running.value }
    }
}

@Suite("Signals stop the process")
struct SignalTests {
    /// A configuration whose port file says when the server listens.
    static func configuration() -> ServerConfiguration {
        var configuration = ServerConfiguration()
        configuration.server.port = 0
        configuration.server.portFile = FileManager.default.temporaryDirectory.appending(path: "jade-port-\(getpid())").path()
        configuration.log.level = .critical
        return configuration
    }

    static func waitForPort(_ file: String) async {
        while (try? String(contentsOfFile: file, encoding: .utf8))?.hasSuffix("\n") != true { await Task.yield() }
    }

    @Test("SIGTERM: the database is closed and the process ends well")
    func terminate() async {
        await #expect(processExitsWith: .exitCode(7)) {
            let configuration = SignalTests.configuration()
            defer { unlink(configuration.server.portFile) }
            let killer = Task {
                await SignalTests.waitForPort(configuration.server.portFile)
                kill(getpid(), SIGTERM)
            }
            let service = MemoryService()
            try await Server.serve(configuration) { (_, _) throws(JadeError) in
                ServedDatabase(service: service) { () throws(JadeError) in service.close() }
            }
            await killer.value
            exit(service.isClosed ? 7 : 1)
        }
    }

    @Test("a second signal ends the process at once")
    func force() async {
        await #expect(processExitsWith: .exitCode(128 + SIGINT)) {
            let configuration = SignalTests.configuration()
            let killer = Task {
                await SignalTests.waitForPort(configuration.server.portFile)
                kill(getpid(), SIGTERM)
            }
            // Closing never ends, and asks for the second signal itself.
            try await Server.serve(configuration) { (_, _) throws(JadeError) in
                ServedDatabase(service: MemoryService()) { () throws(JadeError) in
                    unlink(configuration.server.portFile)
                    kill(getpid(), SIGINT)
                    await Gate().wait()
                }
            }
            await killer.value
        }
    }
}
