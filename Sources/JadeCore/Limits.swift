/// Every limit of the product, by name. Reaching one is a typed error that carries both numbers.
public enum Limits {
    /// Components of one vector.
    public static let maximumDimension = 65_536
    /// UTF-8 bytes of a vector's id.
    public static let maximumIDBytes = 512
    /// UTF-8 bytes of a database's name.
    public static let maximumDatabaseNameBytes = 128
    /// Databases on one node.
    public static let maximumDatabases = 10_000
    /// Bytes of one vector's metadata, as JSON.
    public static let maximumMetadataBytes = 64 * 1024
    /// UTF-8 bytes of one text that an embedding provider makes a vector of.
    public static let maximumTextBytes = 64 * 1024
    /// Nesting of a JSON document, metadata and filters included.
    public static let maximumJSONDepth = 64
    /// Conditions and combinators of one filter.
    public static let maximumFilterNodes = 1_024
    /// Values in one `$in` or `$nin`.
    public static let maximumFilterValues = 10_000
    /// Operations of one upsert or delete request.
    public static let maximumBatchOperations = 10_000
    /// Vector components of one batch: keeps the log record of a batch well below 4 GiB.
    public static let maximumBatchComponents = 64 * 1024 * 1024
    /// Queries of one batch search.
    public static let maximumBatchQueries = 1_000
    /// Results of one search.
    public static let maximumTopK = 10_000
    /// Candidates that a graph search may keep.
    public static let maximumEfSearch = 65_536
    /// Vectors of one scroll page.
    public static let maximumScrollLimit = 10_000
    /// Links of a graph node above the lowest layer; the lowest has twice as many.
    public static let maximumM = 128
    /// Candidates that the graph's builder may keep.
    public static let maximumEfConstruction = 4_096
    /// Times the wanted results that a search over codes compares with the vectors.
    public static let maximumOversampling = 100.0
    /// Vectors in one shard: an ordinal is 32 bits, and address space is reserved for all of them.
    public static let maximumVectorsPerShard = 1 << 27
    /// Seconds that a vector may live at most when its life is bounded: a hundred years.
    public static let maximumRetentionSeconds = 100 * 366 * 86_400
    /// The last moment at which a vector may expire, in milliseconds since 1970: the end of the year 9999.
    public static let maximumExpiryMilliseconds: Int64 = 253_402_300_799_999
    /// Body of one HTTP request, unless configured otherwise.
    public static let defaultMaximumBodyBytes = 64 * 1024 * 1024
}
