import Testing

@Suite("Arrows point down the list of targets")
struct ArrowTests {
    let manifest: Manifest

    init() throws { manifest = try Manifest(Repository.text("Package.swift")) }

    @Test("the manifest is understood")
    func manifestIsRead() throws {
        #expect(manifest.targets.count >= 20)
        #expect(try #require(manifest["JadeAPI"]).dependencies == ["JadeCore", "JadeJSON"])
        #expect(try #require(manifest["CJadeTopology"]).dependencies == ["CHwloc", "CNuma"])
        #expect(try #require(manifest["JadeServer"]).dependencies.contains("JadeREST"))
        #expect(try #require(manifest["TidyTests"]).isTest)
        #expect(!(try #require(manifest["jadevectordb"]).isTest))
    }

    @Test("a target depends only on targets above it")
    func dependenciesPointUp() {
        var seen: Set<String> = []
        let all = Set(manifest.targets.map(\.name))
        for target in manifest.targets {
            for dependency in target.dependencies where all.contains(dependency) {
                #expect(seen.contains(dependency), "\(target.name) depends on \(dependency), which does not stand above it")
            }
            #expect(seen.insert(target.name).inserted, "\(target.name) is declared twice")
        }
    }

    @Test("an import of an own module is declared as a dependency")
    func importsAreDeclared() throws {
        let own = Set(manifest.targets.map(\.name))
        for (folder, files) in [("Sources", try Repository.swiftSources()), ("Tests", try Repository.swiftTests())] {
            for file in files {
                let target = try #require(manifest[String(file.components[1])], "\(folder)/\(file.components[1]) is in no target")
                for module in Self.imports(of: file) where own.contains(module) && module != target.name {
                    #expect(target.dependencies.contains(module), "\(file.path) imports \(module), \(target.name) does not declare it")
                }
            }
        }
    }

    static func imports(of file: Repository.File) -> [String] {
        CodeText(file.text).text.matches(of: #/(?m)^\s*(?:[@\w()]+\s+)*import\s+(?:(?:struct|class|enum|func|protocol|typealias)\s+)?(\w+)/#)
            .map { String($0.1) }
    }
}
