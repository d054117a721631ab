import JadeCore

/// JSON Schemas (2020-12) of what goes over the wire. Those of requests are as strict as the decoders: a test compares their
/// fields with the ones that the decoders name.
enum Schemas {
    static let all: [(name: String, text: String)] =
        values + filters + databases + vectors + searches + backups + tasks + security + jobs + node

    /// `"a", "b"` for an `enum`.
    static func list(_ names: some Sequence<String>) -> String { names.map(\.debugDescription).joined(separator: ",") }

    static func enumeration(_ names: some Sequence<String>) -> String { #"{"type":"string","enum":[\#(list(names))]}"# }

    static func reference(_ name: String) -> String { ##"{"$ref":"#/components/schemas/\##(name)"}"## }

    /// In requests, `null` stands for a field that is not there.
    static func orNull(_ schema: String) -> String { #"{"anyOf":[\#(schema),{"type":"null"}]}"# }

    /// Holds where the field is there.
    static func present(_ field: String) -> String { #"{"required":["\#(field)"],"properties":{"\#(field)":{"not":{"type":"null"}}}}"# }

    static let count = #"{"type":"integer","minimum":0}"#
    static let time = #"{"type":"string","format":"date-time","examples":["2026-01-31T23:59:59.000Z"]}"#

    /// Headers by name, for `components`.
    static let headers = """
        {"X-Request-Id":{"description":"Names the request, here and in the server's log.","required":true,"schema":{"type":"string"}},
         "Retry-After":{"description":"Seconds to wait before another try.","schema":{"type":"integer","minimum":0}},
         "ETag":{"description":"The vector's version: what If-Match expects of it.","required":true,"schema":{"type":"string"}},
         "Location":{"description":"Where what was begun or made is found.","required":true,"schema":{"type":"string"}}}
        """

    /// Members of a parameter's description by its name: `"description":…,"schema":…`.
    static func parameter(_ name: String, _ place: String) -> String {
        let known = ["path": pathParameters, "query": queryParameters, "header": headerParameters][place]?[name]
        return known ?? #""schema":{"type":"string","minLength":1}"#
    }

    private static let pathParameters = [
        "database": #""description":"Name or id of a database.","schema":{"type":"string","minLength":1,"pattern":"^[^/]+$"}"#,
        "id": #""description":"Id of a vector, percent-encoded.","schema":\#(idText)"#,
        "target": #""description":"Name of a backup target; a hyphen stands for the only one there is.","schema":{"type":"string","minLength":1}"#,
    ]

    private static let queryParameters = [
        "after": #""description":"The `next` of the page before; nothing starts at the beginning.","schema":{"type":"string"}"#,
        "limit": #""description":"Members of one page.","schema":{"type":"integer","minimum":1,"maximum":\#(Limits.maximumScrollLimit),"default":100}"#,
        "filter": #""description":"A filter as JSON, as in a body.","content":{"application/json":{"schema":\#(reference("Filter"))}}"#,
        "include_values": #""schema":{"type":"boolean"}"#,
        "include_metadata": #""schema":{"type":"boolean"}"#,
        "resource": #""description":"What was touched; empty for what touched nothing.","schema":{"type":"string"}"#,
        "target": #""description":"Name of a backup target; the only one there is unless given.","schema":{"type":"string"}"#,
        "database": #""description":"Name or id of a database; all unless given.","schema":{"type":"string"}"#,
    ]

    private static let headerParameters = [
        "If-Match": #""description":"`*`, or the tags of versions of which the vector must have one.","schema":\#(entityTags)"#,
        "If-None-Match":
            #""description":"On a read, tags of versions that the client has; on a write `*`: the vector must not exist.","schema":\#(entityTags)"#,
    ]

    private static let entityTags = ##"{"type":"string","pattern":"^(\\*|\"[!#-~]+\"(, ?\"[!#-~]+\")*)$"}"##

    /// The text of an id.
    static let idText = ##"{"type":"string","minLength":1,"maxLength":\##(Limits.maximumIDBytes),"pattern":"^[^\\u0000-\\u001f\\u007f]+$"}"##
}

// MARK: Values that many share

extension Schemas {
    static let values: [(name: String, text: String)] = [
        (
            "Problem",
            """
            {"type":"object","description":"Why a request was refused (RFC 9457).","required":["type","title","status","detail"],
             "properties":{"type":{"type":"string","const":"about:blank"},"title":{"type":"string"},
              "status":{"type":"integer","minimum":400,"maximum":599},
              "detail":{"type":"string","description":"What happened, with the values."},
              "code":{"type":"string","description":"What to do about it.","enum":[\(list(ErrorCode.allCases.map(\.rawValue)))]}},
             "examples":[{"type":"about:blank","title":"Not Found","status":404,"detail":"database \\"docs\\" does not exist","code":"not_found"}]}
            """
        ),
        (
            "VectorID",
            """
            {"description":"A string of at most \(Limits.maximumIDBytes) bytes, or an unsigned integer of 64 bits. `42` and `\\"42\\"` name the same vector.",
             "anyOf":[\(idText),{"type":"integer","minimum":0,"maximum":\(UInt64.max)}]}
            """
        ),
        (
            "Values",
            """
            {"description":"As many numbers as the database has dimensions, each within a 32-bit float; 0 and 1 where it holds bits.",
             "type":"array","maxItems":\(Limits.maximumDimension),
             "items":{"type":"number","exclusiveMinimum":-3.4028235677973366e38,"exclusiveMaximum":3.4028235677973366e38}}
            """
        ),
        (
            "PackedValues",
            """
            {"description":"The same as base64 of little-endian components: f32, or the type before the colon.","type":"string",
             "pattern":"^(?:(?:f32|f16|bf16|i8|u8|b1):)?(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$",
             "examples":["AACAPwAAAEAAAEBA","f16:ADwAQABC"]}
            """
        ),
        (
            "Metadata",
            """
            {"type":"object","description":"Any JSON object of at most \(Limits.maximumMetadataBytes) bytes whose integers fit 64 signed bits.",
             "additionalProperties":\(reference("MetadataValue"))}
            """
        ),
        (
            "MetadataValue",
            """
            {"anyOf":[\(scalars),{"type":"array","items":\(reference("MetadataValue"))},
             {"type":"object","additionalProperties":\(reference("MetadataValue"))}]}
            """
        ),
        ("Expiry", #"{"anyOf":[\#(time),{"type":"string","const":"never"}],"description":"When a vector ceases to exist."}"#),
    ]

    /// JSON's scalars. An integer must fit 64 signed bits, which a schema cannot tell from a number with an exponent.
    static let scalars = #"{"type":["null","boolean","string","number"]}"#
}
