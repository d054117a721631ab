import ArgumentParser
import Foundation
import JadeClient
import JadeCore
import JadeServer

struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Starts a server with 8,000 real vectors, searches them, and stays up until Ctrl-C.",
        discussion: """
            Debian's packages, their one-line descriptions as vectors: search by meaning, filtered by real fields. They are loaded \
            the first time and stay in the data directory. `make run` ends here.
            """)

    static let defaultPort = 8080

    @Option(help: ArgumentHelp("Where the data is kept.", valueName: "path")) var dataDirectory = "./data"
    @Option(help: "Port to listen on; otherwise \(defaultPort), or any that is free when that one is taken.") var port: Int?
    @Option(help: ArgumentHelp("Folder of the sample, examples/packages of the repository.", valueName: "path")) var sample: String?
    @Flag(help: "Stop after the searches instead of staying up.") var once = false

    func run() async throws {
        let sample = try Sample.found(at: sample)
        let settings = try settings()
        let portFile = settings.server.portFile
        defer { try? FileManager.default.removeItem(atPath: portFile) }
        try await withThrowingTaskGroup(of: Part.self) { group in
            group.addTask {
                try await Server.serve(settings)
                return .server
            }
            group.addTask {
                try await DemoTour(sample: sample, dataDirectory: dataDirectory).run(portFile: portFile)
                return .tour
            }
            // A server that is told to stop in the middle takes the tour with it.
            guard try await group.next() == .tour else { return group.cancelAll() }
            if once { kill(getpid(), SIGTERM) }
            _ = try await group.next()
        }
    }

    private enum Part {
        case server, tour
    }

    private func settings() throws(JadeError) -> ServerConfiguration {
        let portFile = FileManager.default.temporaryDirectory.appendingPathComponent("jadevectordb-demo-\(getpid()).port").path
        return try ServerConfiguration.load(flags: [
            "data-directory": dataDirectory, "port": String(port ?? (FreePort.isFree(Self.defaultPort) ? Self.defaultPort : 0)),
            "port-file": portFile, "log-level": "warning", "security-login": "false",
        ])
    }
}

enum FreePort {
    /// Whether a server can listen on the port of this machine's own address now.
    static func isFree(_ port: Int) -> Bool {
        #if canImport(Glibc)
        let stream = Int32(SOCK_STREAM.rawValue)
        #else
        let stream = SOCK_STREAM
        #endif
        let probe = socket(AF_INET, stream, 0)
        guard probe >= 0 else { return false }
        defer { close(probe) }
        var reuse: Int32 = 1
        setsockopt(probe, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = in_addr_t(UInt32(0x7F00_0001).bigEndian)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(probe, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0 }
        }
    }
}
