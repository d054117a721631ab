import HTTPTypes
import JadeAPI
import JadeREST
import Testing

@Suite("Routes are found by path and method")
struct RouterTests {
    static let router = Router([
        Route(.get, "/a/{x}/b", needs: .nothing) { _ in Reply(.ok) },
        Route(.get, "/a/{x}/{y}", needs: .nothing) { _ in Reply(.ok) },
        Route(.put, "/a/{x}/{y}", needs: .nothing) { _ in Reply(.ok) },
        Route(.post, "/a/{x}", needs: .nothing) { _ in Reply(.ok) },
        Route(.get, "/", needs: .nothing) { _ in Reply(.ok) },
    ])

    private func found(_ method: HTTPRequest.Method, _ path: String) -> String {
        switch Self.router.match(method, path[...]) {
        case .route(let index, let parameters): "\(Self.router.routes[index].template) \(parameters.joined(separator: ","))"
        case .otherMethods(let methods): "only \(methods.map(\.rawValue).joined(separator: ","))"
        case .unknownPath: "unknown"
        }
    }

    @Test func matches() {
        #expect(found(.get, "/a/1/b") == "/a/{x}/b 1")
        #expect(found(.get, "/a/1/c") == "/a/{x}/{y} 1,c")
        #expect(found(.head, "/a/1/c") == "/a/{x}/{y} 1,c")
        #expect(found(.put, "/a/1/%62") == "/a/{x}/{y} 1,%62")
        #expect(found(.post, "/a/1/") == "/a/{x} 1")
        #expect(found(.get, "/") == "/ ")
    }

    @Test("a literal hides a parameter for every method")
    func literals() { #expect(found(.put, "/a/1/b") == "only GET") }

    @Test func refusals() {
        #expect(found(.delete, "/a/1/c") == "only GET,PUT")
        #expect(found(.get, "/a") == "unknown")
        #expect(found(.get, "/a/1/b/c/d/e") == "unknown")
        #expect(found(.get, "//a/1") == "unknown")
        #expect(found(.get, "") == "unknown")
        #expect(found(.get, "*") == "unknown")
        // An empty segment is no parameter.
        #expect(found(.get, "/a//b") == "unknown")
    }
}
