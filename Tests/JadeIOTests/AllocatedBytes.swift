import Glibc

func allocatedBytes(_ path: String) throws -> Int {
    var info = stat()
    guard stat(path, &info) == 0 else { return -1 }
    return Int(info.st_blocks) * 512
}
