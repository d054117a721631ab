#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// The value of an environment variable, nil if it is not set.
func environmentValue(_ name: String) -> String? {
    guard let value = getenv(name) else { return nil }
    return String(cString: value)
}

/// Sets a variable of this process unless the user has; whether it was set here. Other threads must not read the
/// environment meanwhile, so this belongs to the start of a program.
func setEnvironmentDefault(_ name: String, _ value: String) -> Bool {
    guard getenv(name) == nil else { return false }
    return setenv(name, value, 0) == 0
}

/// A library of the system, opened for good: code that was handed out must never be unmapped.
///
/// `@unchecked`: the handle is only asked for names, which the loader allows from every thread.
struct SharedLibrary: @unchecked Sendable {
    let name: String
    private let handle: UnsafeMutableRawPointer

    /// The first of `names` that the loader finds, or its reason for finding none.
    static func openFirst(of names: [String]) -> Result<SharedLibrary, SharedLibraryError> {
        var reasons: [String] = []
        for name in names {
            if let handle = dlopen(name, RTLD_NOW | RTLD_LOCAL) { return .success(SharedLibrary(name: name, handle: handle)) }
            reasons.append(dlerror().map { String(cString: $0) } ?? name)
        }
        return .failure(SharedLibraryError(reason: reasons.first ?? "no library was asked for"))
    }

    /// The function called `symbol`, which must have the C signature `Function`.
    func function<Function>(_ symbol: String, as type: Function.Type) -> Function? {
        dlsym(handle, symbol).map { unsafeBitCast($0, to: type) }
    }
}

struct SharedLibraryError: Error {
    let reason: String
}
