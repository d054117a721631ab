import JadeAPI
import JadeClient
import JadeCore

/// Whether a server answers, and what it says of its databases.
struct ServerDiagnosis {
    private let server: ServerOptions

    init(_ server: ServerOptions) { self.server = server }

    func all() async -> [Diagnosis] {
        do {
            return try await server.withClient { client in
                let status = try await client.status()
                return [version(status), memory(status)].compactMap { $0 } + (try await client.listDatabases()).flatMap(database)
            }
        } catch let error as JadeError {
            let advice = error.code == .unauthenticated || error.code == .permissionDenied ? "pass a key that may read the node's status" : nil
            return [Diagnosis(.bad, "server", error.message, advice: advice)]
        } catch {
            return [Diagnosis(.bad, "server", "\(error)")]
        }
    }

    private func version(_ status: NodeStatus) -> Diagnosis {
        let text = "\(server.address) answers, version \(status.version), up for \(Numbers.duration(seconds: status.uptimeSeconds))"
        guard status.version != ProgramVersion.current else { return Diagnosis(.good, "server", text) }
        return Diagnosis(.warning, "server", text, advice: "this program has version \(ProgramVersion.current): use one of the server's")
    }

    private func memory(_ status: NodeStatus) -> Diagnosis? {
        let memory = status.memory
        guard memory.limitBytes > 0 else { return nil }
        let held = memory.databaseBytes + memory.writeBytes + memory.searchBytes + memory.bodyBytes
        let text = "\(Numbers.bytes(held)) of \(Numbers.bytes(memory.limitBytes)) held"
        guard held > memory.limitBytes / 10 * 9 else { return Diagnosis(.good, "server memory", text) }
        return Diagnosis(.warning, "server memory", text, advice: "writes and searches will be refused soon: raise storage.memory_limit_bytes, or use a quantized index")
    }

    private func database(_ database: DatabaseDescription) -> [Diagnosis] {
        let subject = "database \(database.name)"
        if let problem = database.problem {
            return [Diagnosis(.bad, subject, problem, advice: "jadevectordb verify, with the server stopped, says what is damaged; jadevectordb repair mends what can be")]
        }
        let index = database.index
        var found: [Diagnosis] = []
        if index.pending > 100_000 {
            found.append(Diagnosis(
                .warning, subject, "\(Numbers.grouped(index.pending)) vectors wait for the index and are compared one by one",
                advice: "wait for the builders, or raise index.build_threads"))
        }
        if index.tombstones * 4 > max(index.indexed, 1_000) {
            found.append(Diagnosis(.warning, subject, "\(Numbers.grouped(index.tombstones)) of \(Numbers.grouped(index.indexed)) vectors in the index are deleted"))
        }
        return found.isEmpty ? [Diagnosis(.good, subject, "\(Numbers.grouped(database.vectorCount)) vectors, all well")] : found
    }
}
