import JadeCore

extension Operation {
    static let databases: [String: Operation] = [
        "POST /v1/databases": Operation(
            tag: "databases", summary: "Create a database",
            request: Request(
                schema: "DatabaseSpecification",
                example: #"{"name":"books","dimension":3,"metric":"cosine","index":{"type":"hnsw","m":16,"ef_construction":200}}"#),
            status: 201, answer: .json("DatabaseDescription"), errors: [.conflict, .resourceExhausted], answerHeaders: ["Location"]),
        "GET /v1/databases": Operation(tag: "databases", summary: "List the databases", answer: .json("DatabaseList")),
        "GET /v1/databases/{database}": Operation(
            tag: "databases", summary: "Describe a database", answer: .json("DatabaseDescription")),
        "PATCH /v1/databases/{database}": Operation(
            tag: "databases", summary: "Change a database's settings",
            details: "What is left out stays as it is.",
            request: Request(schema: "DatabaseUpdate", example: #"{"index":{"ef_search":128},"retention_seconds":86400}"#),
            answer: .json("DatabaseDescription"), errors: [.conflict, .resourceExhausted]),
        "DELETE /v1/databases/{database}": Operation(
            tag: "databases", summary: "Delete a database and all its vectors", status: 204, answer: .nothing,
            errors: [.conflict, .resourceExhausted]),
        "GET /v1/databases/{database}/indexes": Operation(
            tag: "databases", summary: "Describe a database's indexes", answer: .json("IndexList")),
    ]
}
