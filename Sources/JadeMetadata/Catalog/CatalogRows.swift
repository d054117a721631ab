import GRDB
import JadeCore
import JadeJSON

/// Catalog entries to and from the rows of `databases` and `indexes`.
enum CatalogRows {
    static func all(in db: Database, path: String) throws -> [CatalogEntry] {
        try Row.fetchAll(db, sql: CatalogSchema.entries + " ORDER BY name").map { try entry($0, path: path) }
    }

    static func find(_ database: String, in db: Database, path: String) throws -> CatalogEntry? {
        let sql = CatalogSchema.entries + " WHERE id = :key OR name = :key"
        return try Row.fetchOne(db, sql: sql, arguments: ["key": database]).map { try entry($0, path: path) }
    }

    static func require(id: String, in db: Database, path: String) throws -> CatalogEntry {
        guard let entry = try find(id, in: db, path: path), entry.id == id else {
            throw JadeError.notFound("database with id \(id.debugDescription) does not exist")
        }
        return entry
    }

    /// Neither the name nor the id may be the name or the id of a database other than the excepted one.
    static func requireFree(name: String, id: String?, except own: String = "", in db: Database) throws {
        let arguments: StatementArguments = ["name": name, "id": id ?? name, "self": own]
        guard let other = try String.fetchOne(db, sql: CatalogSchema.taken, arguments: arguments) else { return }
        if other == id { throw JadeError.conflict("a database with id \(other) exists already") }
        throw JadeError.conflict("database \(name.debugDescription) exists already")
    }

    static func insert(_ entry: CatalogEntry, in db: Database) throws {
        let specification = entry.specification
        try db.execute(
            sql: CatalogSchema.insertDatabase,
            arguments: [
                "id": entry.id, "name": specification.name, "dimension": specification.field.dimension,
                "metric": specification.field.metric.rawValue, "element_type": specification.field.elementType.name,
                "shard_count": specification.shardCount, "created_at": entry.createdAtMilliseconds,
                "settings": settings(of: specification),
            ])
        try db.execute(
            sql: CatalogSchema.insertIndex,
            arguments: [
                "id": entry.id, "kind": specification.index.kind.rawValue, "m": specification.index.m,
                "ef_construction": specification.index.efConstruction, "ef_search": specification.index.efSearch,
                "build_status": entry.indexBuild.rawValue,
            ])
    }

    static func update(_ entry: CatalogEntry, in db: Database) throws {
        try db.execute(
            sql: "UPDATE databases SET name = ?, settings = ? WHERE id = ?",
            arguments: [entry.specification.name, settings(of: entry.specification), entry.id])
        try db.execute(
            sql: "UPDATE indexes SET ef_search = ?, build_status = ? WHERE database_id = ? AND field = ''",
            arguments: [entry.specification.index.efSearch, entry.indexBuild.rawValue, entry.id])
    }

    /// What of the index's settings has no column of its own.
    private static func settings(of index: IndexSettings) -> Metadata {
        var settings: Metadata = [:]
        if index.kind == .ivf {
            settings["nlist"] = .integer(Int64(index.nlist))
            settings["nprobe"] = .integer(Int64(index.nprobe))
        }
        if index.pqSubspaces != 0 { settings["pq_subspaces"] = .integer(Int64(index.pqSubspaces)) }
        if index.quantization != .none { settings["quantization"] = .string(index.quantization.rawValue) }
        if index.reduction != .none {
            settings["reduction"] = .string(index.reduction.rawValue)
            settings["reduced_dimension"] = .integer(Int64(index.reducedDimension))
        }
        let usual = IndexSettings()
        if index.readsCodes || index.rescore != usual.rescore { settings["rescore"] = .bool(index.rescore) }
        if index.readsCodes || index.oversampling != usual.oversampling {
            settings["oversampling"] = .double(index.oversampling)
        }
        return settings
    }

    private static func apply(_ text: String, to index: inout IndexSettings, of name: String, _ path: String) throws {
        let settings = try MetadataJSON.decode(Array(text.utf8))
        if case .integer(let nlist)? = settings["nlist"] { index.nlist = Int(nlist) }
        if case .integer(let nprobe)? = settings["nprobe"] { index.nprobe = Int(nprobe) }
        if case .integer(let subspaces)? = settings["pq_subspaces"] { index.pqSubspaces = Int(subspaces) }
        if case .string(let word)? = settings["quantization"] {
            guard let quantization = IndexSettings.Quantization(rawValue: word) else {
                throw JadeError.corrupted("\(path): database \(name.debugDescription): quantization \(word.debugDescription)")
            }
            index.quantization = quantization
        }
        // Until they were refused, lists took the number with any codes.
        if index.quantization != .pq { index.pqSubspaces = 0 }
        if case .string(let word)? = settings["reduction"] {
            guard let reduction = IndexSettings.Reduction(rawValue: word) else {
                throw JadeError.corrupted("\(path): database \(name.debugDescription): reduction \(word.debugDescription)")
            }
            index.reduction = reduction
        }
        if case .integer(let dimension)? = settings["reduced_dimension"] { index.reducedDimension = Int(dimension) }
        if case .bool(let rescore)? = settings["rescore"] { index.rescore = rescore }
        switch settings["oversampling"] {
        case .double(let value)?: index.oversampling = value
        case .integer(let value)?: index.oversampling = Double(value)
        default: break
        }
    }

    private static func entry(_ row: Row, path: String) throws -> CatalogEntry {
        let name = try row.decode(String.self, forColumn: "name")
        var index = IndexSettings(
            kind: try word(row, "kind", of: name, path, IndexSettings.Kind.init(rawValue:)),
            m: try row.decode(Int.self, forColumn: "m"),
            efConstruction: try row.decode(Int.self, forColumn: "ef_construction"),
            efSearch: try row.decode(Int.self, forColumn: "ef_search"))
        try apply(try row.decode(String.self, forColumn: "settings"), to: &index, of: name, path)
        let specification = DatabaseSpecification(
            name: name, dimension: try row.decode(Int.self, forColumn: "dimension"),
            metric: try word(row, "metric", of: name, path, Metric.init(rawValue:)),
            elementType: try word(row, "element_type", of: name, path, ElementType.init(name:)),
            index: index, shardCount: try row.decode(Int.self, forColumn: "shard_count"),
            retentionSeconds: try retention(in: try row.decode(String.self, forColumn: "settings"), of: name, path),
            embedding: embedding(in: try row.decode(String.self, forColumn: "settings")))
        let entry = CatalogEntry(
            id: try row.decode(String.self, forColumn: "id"), specification: specification,
            createdAtMilliseconds: try row.decode(Int64.self, forColumn: "created_at"),
            indexBuild: try word(row, "build_status", of: name, path, IndexBuildStatus.init(rawValue:)))
        do {
            try entry.validate()
        } catch {
            throw JadeError.corrupted("\(path): database \(name.debugDescription): \(error.message)")
        }
        return entry
    }

    private static let retentionKey = "retention_seconds"

    /// The column `settings`: a JSON object of what is not as it is by default.
    private static func settings(of specification: DatabaseSpecification) -> String {
        var settings = settings(of: specification.index)
        if let seconds = specification.retentionSeconds { settings[retentionKey] = .integer(Int64(seconds)) }
        if let provider = specification.embedding { settings[embeddingKey] = .string(provider) }
        return String(decoding: MetadataJSON.encode(settings), as: UTF8.self)
    }

    private static let embeddingKey = "embedding"

    private static func embedding(in settings: String) -> String? {
        guard case .string(let provider)? = (try? MetadataJSON.decode(Array(settings.utf8)))?[embeddingKey] else { return nil }
        return provider
    }

    private static func retention(in settings: String, of name: String, _ path: String) throws -> Int? {
        guard let settings = try? MetadataJSON.decode(Array(settings.utf8)) else {
            throw JadeError.corrupted("\(path): database \(name.debugDescription): expected settings in JSON, found \(settings.debugDescription)")
        }
        switch settings[retentionKey] {
        case nil: return nil
        case .integer(let seconds): return Int(seconds)
        case let other?:
            throw JadeError.corrupted("\(path): database \(name.debugDescription): expected a number of seconds of retention, found \(other)")
        }
    }

    /// A column that holds one of a few words.
    private static func word<T>(_ row: Row, _ column: String, of name: String, _ path: String, _ parse: (String) -> T?) throws -> T {
        let text = try row.decode(String.self, forColumn: column)
        guard let value = parse(text) else {
            throw JadeError.corrupted("\(path): database \(name.debugDescription): unknown \(column) \(text.debugDescription)")
        }
        return value
    }
}
