/// One thing that happened to the files below a folder. Files and folders have numbers, as names change.
enum DiskEvent: Sendable {
    case write(file: Int, DiskWrite)
    case resize(file: Int, size: Int)
    /// What was written before the event of that number is durable, size included; of a mapped file the pages of the range.
    case sync(file: Int, Range<Int>?, before: Int)
    case link(folder: Int, name: String, DiskNode)
    case unlink(folder: Int, name: String)
    case rename(folder: Int, from: String, to: String)
    /// The folder's names are durable.
    case syncFolder(Int)
    case mark(StoryMark)
}

struct DiskWrite: Sendable {
    var offset: Int
    var bytes: [UInt8]

    var range: Range<Int> { offset..<(offset + bytes.count) }
}

enum DiskNode: Sendable, Hashable {
    case file(Int)
    case folder(Int)
}

/// What the client knew at that moment.
enum StoryMark: Sendable, Hashable {
    /// The write with this number was handed over: from here on it may be there.
    case began(Int)
    case acknowledged(Int)
    /// Milliseconds on the story's clock.
    case time(Int)
}
