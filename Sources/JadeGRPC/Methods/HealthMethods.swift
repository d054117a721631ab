internal import JadeAPI
internal import JadeCore
internal import JadeProto

extension Methods {
    /// Open to everybody: who probes has no credentials.
    static let health: [Method] = [
        .unary("/grpc.health.v1.Health/Check", needs: .nothing) { (request: Grpc_Health_V1_HealthCheckRequest, call) throws(JadeError) in
            guard isKnown(request.service, call) else { throw .notFound("there is no service \(request.service.prefix(256).debugDescription)") }
            return health(await state(call))
        },
        .answers("/grpc.health.v1.Health/Watch", needs: .nothing) {
            (request: Grpc_Health_V1_HealthCheckRequest, call, answers) throws(JadeError) in
            guard isKnown(request.service, call) else {
                try await answers.send(health(.serviceUnknown))
                return await call.door.draining.wait()
            }
            let state = await state(call)
            try await answers.send(health(state))
            await call.door.draining.wait()
            if state != .notServing, !Task.isCancelled { try await answers.send(health(.notServing)) }
        },
    ]

    private static func isKnown(_ service: String, _ call: Call) -> Bool {
        service.isEmpty || Reflected.services.contains(service)
    }

    private static func state(_ call: Call) async -> Grpc_Health_V1_HealthCheckResponse.ServingStatus {
        guard !call.door.draining.isBegun else { return .notServing }
        do throws(JadeError) { try await call.door.access.probe() } catch { return .notServing }
        return .serving
    }

    private static func health(_ state: Grpc_Health_V1_HealthCheckResponse.ServingStatus) -> Grpc_Health_V1_HealthCheckResponse {
        var answer = Grpc_Health_V1_HealthCheckResponse()
        answer.status = state
        return answer
    }
}
