import JadeKernels

extension KernelReport {
    /// For people: what counts first, then a line a kernel.
    var text: String {
        var sheet = Sheet()
        sheet.add("processor", processor.brand.isEmpty ? "unknown" : processor.brand)
        sheet.add("features", processor.features.joined(separator: " "))
        sheet.add("highest level", detectedLevel.rawValue)
        sheet.add("level in use", level.rawValue + (isForced ? " (JADE_SIMD_LEVEL)" : ""))
        if let topology { topology.add(to: &sheet) }
        blas.add(to: &sheet)
        var table = Table(("kernel", .left), ("level", .left), ("", .left))
        for kernel in kernels { table.add([kernel.kernel, kernel.level.rawValue, kernel.isInherited ? "inherited" : ""]) }
        return sheet.rendered + "\n\n" + table.rendered()
    }
}

extension Topology.Summary {
    fileprivate func add(to sheet: inout Sheet) {
        sheet.add("processors", "\(packages) packages, \(cores) cores, \(units) units, \(allowedUnits) of them usable")
        sheet.add("memory nodes", nodes.map { "\($0.number): \(Numbers.bytes($0.memoryBytes))" }.joined(separator: ", "))
        sheet.add("caches", "L1d \(Numbers.bytes(l1dBytes)), L2 \(Numbers.bytes(l2Bytes)), L3 \(Numbers.bytes(l3Bytes))")
    }
}

extension BLASReport {
    fileprivate func add(to sheet: inout Sheet) {
        sheet.add("matrix products", library.map { "\($0), for \(coreType ?? "an unknown processor")" } ?? "own kernels")
        if let configuration { sheet.add("  build", configuration) }
        if library != nil { sheet.add("  chosen by", origin.rawValue) }
        if let problem { sheet.add("  problem", problem) }
    }
}
