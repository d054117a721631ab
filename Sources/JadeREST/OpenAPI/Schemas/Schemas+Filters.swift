import JadeCore

extension Schemas {
    /// Filters in MongoDB's manner.
    static let filters: [(name: String, text: String)] = [
        (
            "Filter",
            """
            {"type":"object","description":"All members must hold. A field is a path with dots; a scalar under it is equality.",
             "properties":{"$and":\(filterList),"$or":\(filterList),"$nor":\(filterList),"$not":\(reference("Filter"))},
             "patternProperties":{"^[^.$][^.]*(\\\\.[^.]+)*$":\(reference("FilterCondition"))},"additionalProperties":false,
             "examples":[{"section":"net","size":{"$gte":10,"$lt":500},"$or":[{"tags":"a"},{"priority":"b"}]}]}
            """
        ),
        ("FilterCondition", #"{"anyOf":[\#(scalars),\#(reference("FilterOperators"))]}"#),
        (
            "FilterOperators",
            """
            {"type":"object","minProperties":1,"additionalProperties":false,
             "description":"All must hold. The bounds are one range, of numbers or of strings, with at most one bound on a side.",
             "properties":{"$eq":\(scalar),"$ne":\(scalar),"$in":\(scalarList),"$nin":\(scalarList),"$exists":{"type":"boolean"},
              "$not":\(reference("FilterOperators")),"$gt":\(bound),"$gte":\(bound),"$lt":\(bound),"$lte":\(bound)},
             "allOf":[{"not":{"required":["$gt","$gte"]}},{"not":{"required":["$lt","$lte"]}},
              {"anyOf":[\(bounds("number")),\(bounds("string"))]}]}
            """
        ),
    ]

    private static let scalar = "{\"anyOf\":[\(scalars)]}"
    private static let filterList = #"{"type":"array","items":\#(reference("Filter"))}"#
    private static let scalarList = #"{"type":"array","maxItems":\#(Limits.maximumFilterValues),"items":\#(scalar)}"#
    private static let bound = #"{"anyOf":[{"type":"number"},{"type":"string"}]}"#

    private static func bounds(_ type: String) -> String {
        let members = ["$gt", "$gte", "$lt", "$lte"].map { "\"\($0)\":{\"type\":\"\(type)\"}" }
        return "{\"properties\":{\(members.joined(separator: ","))}}"
    }
}
