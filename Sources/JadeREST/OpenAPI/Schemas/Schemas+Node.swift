import JadeCore

extension Schemas {
    static let jobs: [(name: String, text: String)] = [
        (
            "VerificationRequest",
            """
            {"type":"object","additionalProperties":false,"properties":{"database":{"type":["string","null"],"description":"All unless given."},
             "bytes_per_second":{"type":["integer","null"],"minimum":\(Limits.minimumVerificationBytesPerSecond),"maximum":\(1 << 40)}}}
            """
        ),
        (
            "JobDescription",
            """
            {"type":"object","required":["id","kind","state","stage","done","total","started_at","findings","damage_count","warning_count"],
             "properties":{"id":\(text),"kind":\(text),"database":\(text),"state":\(enumeration(JobDescription.State.allCases.map(\.rawValue))),
              "stage":\(text),"done":\(count),"total":\(count),"started_at":\(time),"finished_at":\(time),"problem":\(text),
              "findings":{"type":"array","items":\(reference("Finding"))},"damage_count":\(count),"warning_count":\(count)}}
            """
        ),
        (
            "Finding",
            """
            {"type":"object","required":["severity","file","expected","found"],
             "properties":{"severity":\(enumeration(Finding.Severity.allCases.map(\.rawValue))),"file":\(text),"offset":\(count),
              "expected":\(text),"found":\(text)}}
            """
        ),
        ("JobList", #"{"type":"object","required":["jobs"],"properties":{"jobs":{"type":"array","items":\#(reference("JobDescription"))}}}"#),
    ]

    static let node: [(name: String, text: String)] = [
        ("Health", #"{"type":"object","required":["status"],"properties":{"status":{"type":"string"}}}"#),
        (
            "NodeStatus",
            """
            {"type":"object","required":["version","uptime_seconds","database_count","vector_count","simd_level","search_threads","memory"],
             "properties":{"version":\(text),"uptime_seconds":{"type":"number","minimum":0},"database_count":\(count),"vector_count":\(count),
              "simd_level":\(text),"search_threads":\(count),
              "memory":{"type":"object","description":"Bytes held, and for what; a limit of 0 is none.",
               "required":["limit_bytes","database_bytes","write_bytes","search_bytes","body_bytes"],
               "properties":{"limit_bytes":\(count),"database_bytes":\(count),"write_bytes":\(count),"search_bytes":\(count),"body_bytes":\(count)}}}}
            """
        ),
        ("OpenAPI", #"{"type":"object","required":["openapi","info","paths"],"properties":{"openapi":{"type":"string"}}}"#),
    ]
}
