import JadeCore

extension Schemas {
    static let searches: [(name: String, text: String)] = [
        (
            "EmbeddingRequest",
            """
            {"type":"object","required":["model","input"],"additionalProperties":false,
             "properties":{"model":{"type":"string","description":"The name of a provider of this server."},
              "input":{"anyOf":[\(embeddable),{"type":"array","minItems":1,"maxItems":\(Limits.maximumBatchOperations),"items":\(embeddable)}]},
              "encoding_format":{"enum":["float",null]},"user":\(orNull(text))}}
            """
        ),
        (
            "EmbeddingList",
            """
            {"type":"object","required":["object","data","model"],"properties":{"object":{"const":"list"},"model":{"type":"string"},
             "data":{"type":"array","items":{"type":"object","required":["object","index","embedding"],
              "properties":{"object":{"const":"embedding"},"index":\(count),"embedding":\(reference("Values"))}}}}}
            """
        ),
        (
            "SearchRequest",
            """
            {"type":"object","additionalProperties":false,"oneOf":[\(present("values")),\(present("id")),\(present("text"))],
             "not":{"allOf":[\(present("recall")),{"anyOf":[\(present("ef_search")),\(present("nprobe"))]}]},
             "anyOf":[\(present("radius")),{"properties":{"offset":{"enum":[0,null]}}}],
             "description":"Near `values`, or near the stored vector `id`, which is left out of its own results.",
             "properties":{"values":\(orNull(anyValues)),"id":\(orNull(reference("VectorID"))),"text":\(orNull(embeddable)),
              "top_k":{"type":["integer","null"],"minimum":1,"maximum":\(Limits.maximumTopK),"default":10},
              "ef_search":{"type":["integer","null"],"minimum":1,"maximum":\(Limits.maximumEfSearch),"description":"The database's own unless given."},
              "nprobe":\(orNull(probes)),"rescore":{"type":["boolean","null"]},"oversampling":\(orNull(oversampling)),
              "recall":{"type":["number","null"],"minimum":\(Limits.recallRange.lowerBound),"maximum":\(Limits.recallRange.upperBound),
               "description":"The part of the true results to find on average, in the place of `ef_search` or `nprobe`."},
              "filter":\(optionalFilter),
              "threshold":{"type":["number","null"],"exclusiveMinimum":-3.4028235677973366e38,"exclusiveMaximum":3.4028235677973366e38,
               "description":"Results must score at least this (similarities) or at most this (distances)."},
              "radius":{"type":["number","null"],"exclusiveMinimum":-3.4028235677973366e38,"exclusiveMaximum":3.4028235677973366e38,
               "description":"All that score at least this (similarities) or at most this (distances), in pages of `top_k`."},
              "offset":{"type":["integer","null"],"minimum":0,"maximum":\(Limits.maximumVectorsPerShard),"default":0,
               "description":"Where a page of a search with a radius begins."},
              \(parts(false, false)),
              "exact":{"type":["boolean","null"],"default":false,"description":"Compare with every vector."},
              "explain":{"type":["boolean","null"],"default":false,"description":"Report the plan."}}}
            """
        ),
        (
            "SearchResponse",
            """
            {"type":"object","required":["results"],"properties":{"results":{"type":"array","items":\(reference("SearchHit"))},
             "total":{"type":"integer","minimum":0,"description":"Of a search with a radius: how many are within it."},
             "plan":\(reference("SearchPlan"))}}
            """
        ),
        (
            "SearchHit",
            """
            {"type":"object","required":["id","score"],"properties":{"id":\(reference("VectorID")),
             "score":{"type":["number","null"],"description":"In the metric's own sense; null beyond a float's range."},
             "values":\(reference("Values")),"metadata":\(reference("Metadata"))}}
            """
        ),
        (
            "SearchPlan",
            """
            {"type":"object","required":["strategy","visible","tail","microseconds"],
             "properties":{"strategy":\(enumeration(SearchPlan.Strategy.allCases.map(\.rawValue))),
              "ef_search":\(count),"nprobe":\(count),"visible":\(count),"matching":\(count),"tail":\(count),"microseconds":\(count)}}
            """
        ),
        (
            "SearchBatchRequest",
            """
            {"type":"object","required":["searches"],"additionalProperties":false,
             "properties":{"searches":{"type":"array","maxItems":\(Limits.maximumBatchQueries),"items":\(reference("SearchRequest"))}}}
            """
        ),
        (
            "SearchBatchResponse",
            """
            {"type":"object","required":["responses"],"description":"In the order of the searches.",
             "properties":{"responses":{"type":"array","items":\(reference("SearchResponse"))}}}
            """
        ),
    ]
}
