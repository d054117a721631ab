import JadeJSON
import JadeKernels

extension KernelReport {
    var json: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("processor"); processor.write(to: &writer)
        writer.key("highest_level"); writer.string(detectedLevel.rawValue)
        writer.key("level"); writer.string(level.rawValue)
        writer.key("forced"); writer.bool(isForced)
        writer.key("blas"); blas.write(to: &writer)
        if let topology {
            writer.key("topology"); topology.write(to: &writer)
        }
        writer.key("kernels")
        writer.beginArray()
        for kernel in kernels {
            writer.beginObject()
            writer.key("kernel"); writer.string(kernel.kernel)
            writer.key("level"); writer.string(kernel.level.rawValue)
            writer.key("inherited"); writer.bool(kernel.isInherited)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        return writer.bytes
    }
}

extension Processor {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("vendor"); writer.string(vendor)
        writer.key("brand"); writer.string(brand)
        writer.key("family"); writer.integer(family)
        writer.key("model"); writer.integer(model)
        writer.key("features")
        writer.beginArray()
        for feature in features { writer.string(feature) }
        writer.endArray()
        writer.endObject()
    }
}

extension BLASReport {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.beginObject()
        if let library { writer.key("library"); writer.string(library) }
        if let configuration { writer.key("configuration"); writer.string(configuration) }
        if let coreType { writer.key("core_type"); writer.string(coreType) }
        if let wantedCoreType { writer.key("wanted_core_type"); writer.string(wantedCoreType) }
        if let threads { writer.key("threads"); writer.integer(threads) }
        if let problem { writer.key("problem"); writer.string(problem) }
        writer.key("chosen_by"); writer.string(origin.rawValue)
        writer.endObject()
    }
}

extension Topology.Summary {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("packages"); writer.integer(packages)
        writer.key("cores"); writer.integer(cores)
        writer.key("units"); writer.integer(units)
        writer.key("allowed_units"); writer.integer(allowedUnits)
        writer.key("l1d_bytes"); writer.integer(l1dBytes)
        writer.key("l2_bytes"); writer.integer(l2Bytes)
        writer.key("l3_bytes"); writer.integer(l3Bytes)
        writer.key("nodes")
        writer.beginArray()
        for node in nodes {
            writer.beginObject()
            writer.key("number"); writer.integer(node.number)
            writer.key("memory_bytes"); writer.integer(node.memoryBytes)
            writer.key("allowed_units")
            writer.beginArray()
            for unit in node.allowedUnits { writer.integer(unit) }
            writer.endArray()
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
    }
}
