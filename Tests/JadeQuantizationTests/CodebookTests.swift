import Foundation
import JadeCore
import JadeIO
import JadeKernels
import JadeQuantization
import JadeTestSupport
import Testing

@Suite("Codebook files")
struct CodebookTests {
    static let sample = Codebook(
        kind: .scalar, metric: .dot, dimension: 3, bits: 4, parts: 0, seed: 0x0102_0304_0506_0708, values: [0.5, -2, 1e-3])

    @Test("the golden file opens, and is what is written today")
    func golden() throws {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden/v1/scalar.codebook").path
        #expect(try Codebook.load(from: path, files: LocalFileSystem()) == Self.sample)
        #expect(try LocalFileSystem().readFile(path, limit: 1000) == Self.sample.encoded())
    }

    @Test("a codebook comes back from its file, every kind")
    func roundTrip() throws {
        let folder = try TemporaryFolder()
        for kind in Codebook.Kind.allCases {
            var book = Self.sample
            book.kind = kind
            try book.save(to: folder.path("book"), files: LocalFileSystem())
            #expect(try Codebook.load(from: folder.path("book"), files: LocalFileSystem()) == book)
        }
    }

    @Test("every flipped bit and every cut is refused with file and offset")
    func damage() throws {
        let whole = Self.sample.encoded()
        for bit in 0..<whole.count * 8 {
            var damaged = whole
            damaged[bit / 8] ^= 1 << UInt8(bit % 8)
            let error = #expect(throws: JadeError.self) { try Codebook(damaged, file: "some/book") }
            #expect(error?.code == .corrupted && error?.message.hasPrefix("some/book at offset") == true)
        }
        for length in 0..<whole.count {
            #expect(throws: JadeError.self) { try Codebook(Array(whole[..<length]), file: "book") }
        }
        #expect(throws: JadeError.self) { try Codebook(whole + [0], file: "book") }
    }

    @Test("a newer version is told apart from damage")
    func newerVersion() throws {
        var bytes = Self.sample.encoded()
        bytes[4] = 2
        let error = #expect(throws: JadeError.self) { try Codebook(bytes, file: "book") }
        #expect(error?.message.contains("newer release") == true)
    }

    @Test("sums that hold do not make a quantizer of numbers that do not fit")
    func misfits() throws {
        let kernels = try Kernels.selected()
        var random = SeededRandom(seed: 9)
        for kind in Codebook.Kind.allCases {
            for _ in 0..<200 {
                var book = Self.sample
                book.kind = kind
                book.dimension = Int.random(in: 1...9, using: &random)
                book.bits = Int.random(in: 0...9, using: &random)
                book.parts = Int.random(in: 0...9, using: &random)
                book.values = (0..<Int.random(in: 0...40, using: &random)).map { _ in random.normal() }
                // Either it fits by chance or it is refused: nothing else may happen.
                do throws(JadeError) {
                    let quantizer = try Quantizer(book, file: "book", kernels: kernels)
                    #expect(quantizer.dimension == book.dimension)
                } catch {
                    #expect(error.code == .corrupted)
                }
            }
        }
        var none = Self.sample
        none.bits = 5
        #expect(throws: JadeError.self) { try Quantizer(none, file: "book", kernels: kernels) }
        _ = try Quantizer(Self.sample, file: "book", kernels: kernels)
    }

    @Test("centroids come back, and nothing else is taken for them")
    func centroids() throws {
        let book = Clustering.codebook(of: FloatMatrix([1, 2, 3, 4, 5, 6], dimension: 2), metric: .cosine)
        let back = try Clustering.centroids(try Codebook(book.encoded(), file: "book"), file: "book")
        #expect(back.count == 3 && back.values == [1, 2, 3, 4, 5, 6])
        #expect(throws: JadeError.self) { try Clustering.centroids(Self.sample, file: "book") }
    }
}
