import JadeAPI
import JadeCore

extension Operation {
    static let searches: [String: Operation] = [
        "POST /v1/embeddings": Operation(
            tag: "search", summary: "Make vectors of texts", details: "As OpenAI's interface has it; `model` is the name of a provider of this server.",
            request: Request(schema: "EmbeddingRequest", example: #"{"model":"local","input":["a red apple","a green pear"]}"#),
            answer: .json("EmbeddingList"), errors: [.notFound]),
        "POST /v1/databases/{database}/search": Operation(
            tag: "search", summary: "Search the nearest vectors",
            request: Request(
                schema: "SearchRequest",
                example: #"{"values":[1,0.2,0],"top_k":2,"filter":{"price":{"$lt":10}},"include_metadata":true}"#),
            answer: .json("SearchResponse"), frame: FrameType.results, errors: [.cancelled]),
        "POST /v1/databases/{database}/search/batch": Operation(
            tag: "search", summary: "Carry out many searches at once",
            request: Request(schema: "SearchBatchRequest", example: #"{"searches":[{"values":[1,0.2,0]},{"id":"apple","top_k":3}]}"#),
            answer: .json("SearchBatchResponse"), frame: FrameType.results, errors: [.cancelled]),
    ]

    static let jobs: [String: Operation] = [
        "POST /v1/verify": Operation(
            tag: "jobs", summary: "Check every checksum, and what the files say of each other",
            request: Request(schema: "VerificationRequest", example: #"{"bytes_per_second":134217728}"#), status: 202,
            answer: .json("JobDescription"), errors: [.conflict, .notFound], answerHeaders: ["Location"]),
        "GET /v1/jobs": Operation(tag: "jobs", summary: "List the jobs, the newest first", answer: .json("JobList"), errors: [.notFound]),
        "GET /v1/jobs/{job}": Operation(tag: "jobs", summary: "Describe a job", answer: .json("JobDescription")),
        "DELETE /v1/jobs/{job}": Operation(
            tag: "jobs", summary: "End a job soon; one that has ended stays as it is", answer: .json("JobDescription")),
    ]

    static let node: [String: Operation] = [
        "GET /health": health, "GET /v1/health": health,
        "GET /health/ready": ready, "GET /v1/health/ready": ready,
        "GET /status": status, "GET /v1/status": status,
        "GET /metrics": Operation(
            tag: "node", summary: "Counters for Prometheus", answer: .text("text/plain")),
        "GET /v1/openapi.json": Operation(tag: "node", summary: "This document", answer: .json("OpenAPI")),
        "GET /docs": Operation(tag: "node", summary: "This document as a page", answer: .text("text/html")),
    ]

    private static let health = Operation(tag: "node", summary: "Whether the process answers", answer: .json("Health"))
    private static let ready = Operation(
        tag: "node", summary: "Whether the node takes requests", details: "503 while it is starting or stopping.", answer: .json("Health"))
    private static let status = Operation(tag: "node", summary: "What the node says of itself", answer: .json("NodeStatus"))
}
