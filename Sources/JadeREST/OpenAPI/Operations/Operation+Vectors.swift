import JadeAPI
import JadeCore

extension Operation {
    private static let conditions = ["If-Match", "If-None-Match"]
    private static let writes: [ErrorCode] = [.conflict, .resourceExhausted]

    static let vectors: [String: Operation] = [
        "POST /v1/databases/{database}/vectors": upsert("Insert or replace vectors"),
        "POST /v1/databases/{database}/vectors/batch": upsert("Insert or replace vectors (the same as without /batch)"),
        "DELETE /v1/databases/{database}/vectors/batch": deletion,
        "POST /v1/databases/{database}/vectors/delete": deletion,
        "POST /v1/databases/{database}/vectors/batch/get": Operation(
            tag: "vectors", summary: "Fetch vectors by id",
            details: "In the order asked for; ids that do not exist are left out.",
            request: Request(schema: "GetRequest", example: #"{"ids":["apple","pear"],"include_values":false}"#), answer: .json("VectorList"), frame: FrameType.vectors),
        "POST /v1/databases/{database}/vectors/scroll": Operation(
            tag: "vectors", summary: "Read all vectors, page by page",
            details: "In the order of the bytes of their ids. `next` of a page is `after` of the one that follows.",
            request: Request(schema: "ScrollRequest", example: #"{"limit":100,"filter":{"kind":"fruit"}}"#), answer: .json("ScrollPage"), frame: FrameType.vectors),
        "GET /v1/databases/{database}/vectors/scroll": Operation(
            tag: "vectors", summary: "Read all vectors, page by page, by query parameters", answer: .json("ScrollPage"), frame: FrameType.vectors, errors: [.tooLarge]),
        "POST /v1/databases/{database}/vectors/count": Operation(
            tag: "vectors", summary: "Count vectors, exactly",
            request: Request(schema: "CountRequest", example: #"{"filter":{"price":{"$lt":10}}}"#), answer: .json("CountAnswer")),
        "GET /v1/databases/{database}/vectors/count": Operation(
            tag: "vectors", summary: "Count vectors, exactly, by query parameters", answer: .json("CountAnswer"), errors: [.tooLarge]),
        "GET /v1/databases/{database}/vectors/{id}": Operation(
            tag: "vectors", summary: "Fetch one vector", answer: .json("StoredVector"), conditions: conditions, answerHeaders: ["ETag"]),
        "PUT /v1/databases/{database}/vectors/{id}": Operation(
            tag: "vectors", summary: "Insert or replace one vector",
            request: Request(schema: "VectorContent", example: #"{"values":[0.9,0.1,0],"metadata":{"kind":"fruit","price":2}}"#),
            answer: .json("Upserted"), errors: writes, conditions: conditions),
        "PATCH /v1/databases/{database}/vectors/{id}": merge,
        "DELETE /v1/databases/{database}/vectors/{id}": Operation(
            tag: "vectors", summary: "Delete one vector", answer: .json("Deleted"), errors: writes, conditions: conditions),
        "PUT /v1/databases/{database}/vectors/{id}/metadata": Operation(
            tag: "vectors", summary: "Replace a vector's metadata",
            request: Request(schema: "MetadataRequest", example: #"{"metadata":{"kind":"fruit"}}"#), answer: .json("Updated"), errors: writes,
            conditions: conditions),
        "PATCH /v1/databases/{database}/vectors/{id}/metadata": merge,
    ]

    private static func upsert(_ summary: String) -> Operation {
        Operation(
            tag: "vectors", summary: summary,
            details: "Applied whole or not at all, and seen by the next search. An upsert cannot tell a new vector from a replaced one.",
            request: Request(
                schema: "UpsertRequest",
                example:
                    #"{"vectors":[{"id":"apple","values":[0.9,0.1,0],"metadata":{"kind":"fruit"}},{"id":7,"values":[0,0.2,0.9],"ttl_seconds":3600}]}"#),
            answer: .json("Upserted"), errors: writes)
    }

    private static let deletion = Operation(
        tag: "vectors", summary: "Delete vectors by id",
        details: "Ids that do not exist are no error: the answer counts those that did.",
        request: Request(schema: "DeleteRequest", example: #"{"ids":["apple",7]}"#), answer: .json("Deleted"), errors: writes)

    private static let merge = Operation(
        tag: "vectors", summary: "Change keys of a vector's metadata",
        details: "The given keys are set, others stay; a key set to `null` is removed.",
        request: Request(schema: "MetadataRequest", example: #"{"metadata":{"price":3,"sale":null}}"#), answer: .json("Updated"), errors: writes,
        conditions: conditions)
}
