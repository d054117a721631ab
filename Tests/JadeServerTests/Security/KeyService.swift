import Foundation
import JadeTestSupport

/// A web server of another make (Python's) that gives out a folder's `keys.json`, with TLS or without.
final class KeyService {
    let url: String
    private let folder: TemporaryFolder
    private let process: Process

    /// Prints its port. What is not there is answered with 404; `moved` leads to `keys.json`.
    private static let script = """
        import http.server, ssl, sys
        class Handler(http.server.SimpleHTTPRequestHandler):
            def do_GET(self):
                if self.path == "/moved":
                    self.send_response(302)
                    self.send_header("Location", "/keys.json")
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                else:
                    super().do_GET()
            def log_message(self, *arguments): pass
        server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        if len(sys.argv) > 1:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(sys.argv[1], sys.argv[2])
            server.socket = context.wrap_socket(server.socket, server_side=True)
        open("port", "w").write(str(server.server_port) + "\\n")
        server.serve_forever()
        """

    static let isAvailable = FileManager.default.isExecutableFile(atPath: "/usr/bin/python3")

    nonisolated(nonsending) init(_ certificate: (certificate: String, key: String)? = nil) async throws {
        folder = try TemporaryFolder()
        process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = ["-c", Self.script] + (certificate.map { [$0.certificate, $0.key] } ?? [])
        process.currentDirectoryURL = URL(fileURLWithPath: folder.path("."))
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.start()
        let path = folder.path("port")
        let port = try await poll("the service's port") { () -> Int? in
            guard let text = try? String(contentsOfFile: path, encoding: .utf8), text.hasSuffix("\n") else { return nil }
            return Int(text.dropLast())
        }
        url = "\(certificate == nil ? "http" : "https")://127.0.0.1:\(port)"
    }

    // Not by SIGTERM: a test process may ignore that, and whoever it starts then does so, too.
    deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

    /// Nil takes them away.
    func set(_ keys: [UInt8]?) throws {
        let file = URL(fileURLWithPath: folder.path("keys.json"))
        if let keys { try Data(keys).write(to: file, options: .atomic) } else { try FileManager.default.removeItem(at: file) }
    }

    /// Nobody answers there from then on.
    nonisolated(nonsending) func stop() async throws {
        kill(process.processIdentifier, SIGKILL)
        _ = try await poll("the service to end") { process.isRunning ? nil : true }
    }
}
