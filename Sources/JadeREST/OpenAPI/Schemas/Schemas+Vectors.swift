import JadeCore

extension Schemas {
    static let vectors: [(name: String, text: String)] = [
        (
            "VectorRecord",
            """
            {"type":"object","required":["id"],\(valuesOrText),"additionalProperties":false,
             "properties":{"id":\(reference("VectorID")),\(contentMembers)},\(oneExpiry)}
            """
        ),
        (
            "VectorContent",
            """
            {"type":"object","description":"A vector whose id stands in the path.",\(valuesOrText),"additionalProperties":false,
             "properties":{"id":{"description":"The path's, if it is given at all."},\(contentMembers)},\(oneExpiry)}
            """
        ),
        (
            "UpsertRequest",
            """
            {"description":"One vector, or a list of them under `vectors`: applied whole or not at all.",
             "anyOf":[\(reference("VectorRecord")),
              {"type":"object","required":["vectors"],"additionalProperties":false,
               "properties":{"vectors":{"type":"array","maxItems":\(Limits.maximumBatchOperations),"items":\(reference("VectorRecord"))}}}]}
            """
        ),
        (
            "StoredVector",
            """
            {"type":"object","required":["id"],"properties":{"id":\(reference("VectorID")),"values":\(reference("Values")),
             "metadata":\(reference("Metadata")),"expires_at":\(time),
             "version":{"type":"string","description":"Which state of the vector this is, where that was asked for."}}}
            """
        ),
        ("VectorList", #"{"type":"object","required":["vectors"],"properties":{"vectors":{"type":"array","items":\#(reference("StoredVector"))}}}"#),
        ("DeleteRequest", #"{"type":"object","required":["ids"],"additionalProperties":false,"properties":{"ids":\#(ids)}}"#),
        (
            "GetRequest",
            #"{"type":"object","required":["ids"],"additionalProperties":false,"properties":{"ids":\#(ids),\#(parts(true, true)),\#(version)}}"#
        ),
        (
            "ScrollRequest",
            """
            {"type":"object","additionalProperties":false,"properties":{"after":\(orNull(reference("VectorID"))),
             "limit":{"type":["integer","null"],"minimum":1,"maximum":\(Limits.maximumScrollLimit),"default":100},
             "filter":\(optionalFilter),\(parts(false, true)),\(version)}}
            """
        ),
        (
            "ScrollPage",
            """
            {"type":"object","required":["vectors","next"],"properties":{"vectors":{"type":"array","items":\(reference("StoredVector"))},
             "next":{"anyOf":[\(reference("VectorID")),{"type":"null"}],"description":"The `after` of the page that follows; null at the end."}}}
            """
        ),
        ("CountRequest", #"{"type":"object","additionalProperties":false,"properties":{"filter":\#(optionalFilter)}}"#),
        ("CountAnswer", #"{"type":"object","required":["count"],"properties":{"count":\#(count)}}"#),
        (
            "MetadataRequest",
            #"{"type":"object","required":["metadata"],"additionalProperties":false,"properties":{"metadata":\#(reference("Metadata"))}}"#
        ),
        writeAnswer("upserted"), writeAnswer("deleted"), writeAnswer("updated"),
    ]

    static let anyValues = #"{"anyOf":[\#(reference("Values")),\#(reference("PackedValues"))]}"#
    private static let valuesOrText = #""oneOf":[\#(present("values")),\#(present("text"))]"#

    /// What a provider makes a vector of.
    static let embeddable = """
        {"type":"string","minLength":1,"maxLength":\(Limits.maximumTextBytes),
         "description":"Embedded by the database's provider, in place of `values`; at most \(Limits.maximumTextBytes) bytes."}
        """

    static let optionalFilter = #"{"anyOf":[\#(reference("Filter")),{"type":"null"}]}"#

    static func parts(_ values: Bool, _ metadata: Bool) -> String {
        """
        "include_values":{"type":["boolean","null"],"default":\(values)},"include_metadata":{"type":["boolean","null"],"default":\(metadata)}
        """
    }

    private static let version = #""include_version":{"type":["boolean","null"],"default":false}"#
    private static let ids = #"{"type":"array","maxItems":\#(Limits.maximumBatchOperations),"items":\#(reference("VectorID"))}"#

    private static let contentMembers = """
        "values":\(orNull(anyValues)),"text":\(orNull(embeddable)),"metadata":\(orNull(reference("Metadata"))),
        "expires_at":\(orNull(reference("Expiry"))),"ttl_seconds":{"type":["integer","null"],"minimum":1,"maximum":\(Limits.maximumRetentionSeconds)}
        """

    private static let oneExpiry = #""not":{"allOf":[\#(present("expires_at")),\#(present("ttl_seconds"))]}"#

    private static func writeAnswer(_ verb: String) -> (name: String, text: String) {
        (
            verb.prefix(1).uppercased() + verb.dropFirst(),
            """
            {"type":"object","required":["\(verb)","sequence"],"properties":{"\(verb)":\(count),
             "sequence":{"type":"integer","minimum":0,"description":"Where the write stands in the order of all."}}}
            """
        )
    }
}
