package import JadeCore
package import JadeIO

extension Codebook {
    /// Replaces the file at `path`, whole or not at all.
    package func save(to path: String, files: any FileSystem) throws(JadeError) {
        try files.replaceFile(path, with: encoded())
    }

    package static func load(from path: String, files: any FileSystem) throws(JadeError) -> Codebook {
        try Codebook(try files.readFile(path, limit: Limits.maximumCodebookBytes), file: path)
    }
}

extension Clustering {
    /// Centroids as a codebook.
    package static func codebook(of centroids: FloatMatrix, metric: Metric) -> Codebook {
        Codebook(
            kind: .centroids, metric: metric, dimension: centroids.dimension, parts: centroids.count, values: centroids.values)
    }

    /// The centroids of a codebook.
    package static func centroids(_ codebook: Codebook, file: String) throws(JadeError) -> FloatMatrix {
        try codebook.require(
            codebook.kind == .centroids && (1...Limits.maximumClusters).contains(codebook.parts)
                && codebook.values.count == codebook.parts * codebook.dimension, "centroids", file: file)
        return FloatMatrix(codebook.values, dimension: codebook.dimension)
    }
}
