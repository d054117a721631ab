import Testing

/// A check that finds nothing must not be one that cannot find anything.
@Suite("The scanners see what they should")
struct ScannerTests {
    @Test("comments and literals are blanked, lines stay")
    func blanking() {
        let source = """
            let a = "Date()" // Date()
            /* Date() /* nested */ Date() */ let b = Date()
            let c = #"raw \\ " Date()"# + "in \\(call("Date()")) out" + d
            """
        let lines = CodeText(source).lines
        #expect(lines.count == 3)
        #expect(!lines[0].contains("Date()"))
        #expect(lines[1].filter { $0 == "D" }.count == 1)
        #expect(!lines[2].contains("Date()") && !lines[2].contains("call") && lines[2].hasSuffix("+ d"))
    }

    @Test("multi-line literals")
    func multiLine() {
        let quotes = "\"\"\""
        let text = CodeText("let a = \(quotes)\n  { Date() \"\n  \(quotes)\nlet b = 1").text
        #expect(!text.contains("{") && text.hasSuffix("let b = 1"))
    }

    @Test("Swift functions are measured, protocol requirements are not")
    func swiftFunctions() {
        let source = """
            protocol P {
                func one(_ f: () -> Void) async throws(E) -> Int
                init?(x: Int)
            }
            struct S {
                init(x: Int = 1) {
                    print("}")
                }
                public static func two<T>(
                    _ t: T
                ) -> [String: T]
                where T: P {
                    if x { }
                    return [:]
                }
            }
            """
        #expect(
            FunctionScan.swift(source) == [
                ScannedFunction(name: "init", line: 6, lineCount: 3), ScannedFunction(name: "func two", line: 9, lineCount: 7),
            ])
    }

    @Test("C functions are measured, structures are not")
    func cFunctions() {
        let source = "struct s {\n int a;\n};\nint f(void)\n{\n  if (1) { }\n  return '\"' + 1;\n}\nstatic int t[] = { 1 };\n"
        #expect(FunctionScan.c(source) == [ScannedFunction(name: "", line: 5, lineCount: 4)])
    }
}
