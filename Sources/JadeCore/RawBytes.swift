extension Array where Element: BitwiseCopyable {
    /// The memory of the array, for a body that throws our own error (the standard library's `withUnsafeBytes` forgets
    /// the type of what is thrown).
    package func withRawBytes<Value>(
        _ body: (UnsafeRawBufferPointer) throws(JadeError) -> Value
    ) throws(JadeError) -> Value {
        try withUnsafeBufferPointer { (elements) throws(JadeError) in try body(UnsafeRawBufferPointer(elements)) }
    }
}
