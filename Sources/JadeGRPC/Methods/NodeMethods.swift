internal import JadeAPI
internal import JadeCore
internal import JadeProto

extension Methods {
    static let node: [Method] = [
        .unary(path("NodeService", "GetStatus"), needs: .node(.nodeRead)) { (_: ProtoGetStatusRequest, call) throws(JadeError) in
            ProtoNodeStatus(try await call.services.databases.status())
        }
    ]

    static let jobs: [Method] = [
        .unary(path("JobService", "StartVerification"), needs: .node(.nodeManage)) { (request: ProtoStartVerificationRequest, call) throws(JadeError) in
            ProtoJob(try await call.services.maintenance.startVerification(try VerificationRequest(request)))
        },
        .unary(path("JobService", "ListJobs"), needs: .node(.nodeManage)) { (_: ProtoListJobsRequest, call) throws(JadeError) in
            var answer = ProtoListJobsResponse()
            answer.jobs = try await call.services.maintenance.jobs().map(ProtoJob.init)
            return answer
        },
        .unary(path("JobService", "GetJob"), needs: .node(.nodeManage)) { (request: ProtoGetJobRequest, call) throws(JadeError) in
            ProtoJob(try await call.services.maintenance.job(request.id))
        },
        .unary(path("JobService", "CancelJob"), needs: .node(.nodeManage)) { (request: ProtoCancelJobRequest, call) throws(JadeError) in
            ProtoJob(try await call.services.maintenance.cancelJob(request.id))
        },
    ]
}
