import GRDB
import JadeAPI
public import JadeCore
import JadeIO
import JadeMetadata
import JadeSecurity
import JadeTestSupport

/// A catalog with accounts in a temporary folder, with a clock that stands still and cheap hashes.
struct World {
    let folder: TemporaryFolder
    let clock = ManualClock()
    let catalog: SQLitePersistenceLayer
    let accounts: AccountStore
    let authentication: AuthenticationService
    let root = Actor(id: "", name: "root", requestID: "r-1", address: "127.0.0.1")
    let here = RequestOrigin(address: "127.0.0.1", agent: "tests", requestID: "r-2")

    static let password = "correct horse battery"

    init(settings: AuthenticationSettings = .init()) throws {
        folder = try TemporaryFolder()
        catalog = try SQLitePersistenceLayer(path: folder.path("system.db"))
        accounts = try AccountStore(catalog, clock: clock, random: SeededRandomSource(seed: 7))
        authentication = try AuthenticationService(accounts, hasher: PasswordHasher(cost: 4), settings: settings)
    }

    @discardableResult
    func addUser(_ name: String, roles: [String] = []) throws -> User {
        try accounts.createUser(name: name, passwordHash: authentication.hasher.hash(Self.password), roles: roles, by: root)
    }

    func addDatabase(_ number: Int) throws -> String {
        let id = String(repeating: "0", count: 31) + String(number, radix: 16)
        try catalog.insert(
            id: id, specification: DatabaseSpecification(name: "db\(number)", dimension: 4), createdAtMilliseconds: 0)
        return id
    }

    func login(_ name: String, _ password: String = World.password) throws(JadeError) -> TokenPair {
        try authentication.login(name: name, password: password, from: here)
    }

    func caller(_ name: String) throws -> Caller { try authentication.caller(login(name).accessToken) }

    func execute(_ sql: String, _ arguments: StatementArguments = []) throws {
        try catalog.write("tamper") { try $0.execute(sql: sql, arguments: arguments) }
    }
}

/// The code of the error that the body throws; nil when it throws none.
func code(_ body: () throws -> Void) -> ErrorCode? {
    do { try body() } catch { return (error as? JadeError)?.code }
    return nil
}

extension VectorID: ExpressibleByStringLiteral {
    public init(stringLiteral text: String) {
        do { try self.init(text) } catch { preconditionFailure("\(error)") }
    }
}
