import Glibc
import JadeIO

/// A mapped file as it was when it was last looked at.
///
/// `@unchecked Sendable`: the pages are touched under the recorder's lock alone.
final class MappedShadow: @unchecked Sendable {
    private static let pageBytes = 4_096

    let number: Int
    let file: any MappedFile
    private var seen: [UInt8]

    init(_ number: Int, _ file: any MappedFile) {
        self.number = number
        self.file = file
        seen = [UInt8](UnsafeRawBufferPointer(start: file.base, count: file.length))
    }

    /// Calls the body with every page that has changed since the last call.
    func forEachChange(_ body: (DiskWrite) -> Void) {
        let length = file.length
        if seen.count > length { seen.removeLast(seen.count - length) }
        if seen.count < length { seen += [UInt8](repeating: 0, count: length - seen.count) }
        for offset in stride(from: 0, to: length, by: Self.pageBytes) {
            let count = min(Self.pageBytes, length - offset)
            let page = UnsafeRawBufferPointer(start: file.base + offset, count: count)
            let isSame = seen.withUnsafeBytes { memcmp($0.baseAddress! + offset, page.baseAddress!, count) == 0 }
            if isSame { continue }
            seen.replaceSubrange(offset..<(offset + count), with: page)
            body(DiskWrite(offset: offset, bytes: Array(page)))
        }
    }
}
