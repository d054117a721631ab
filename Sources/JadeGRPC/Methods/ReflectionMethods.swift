internal import JadeAPI
internal import JadeCore
internal import JadeProto

extension Methods {
    /// Open to everybody: what it tells stands in proto/.
    static let reflection: [Method] = ["grpc.reflection.v1", "grpc.reflection.v1alpha"].map { package in
        .each("/\(package).ServerReflection/ServerReflectionInfo", needs: .nothing, atATime: 1) {
            (request: Grpc_Reflection_V1_ServerReflectionRequest, _) throws(JadeError) in
            var answer = Grpc_Reflection_V1_ServerReflectionResponse()
            answer.validHost = request.host
            answer.originalRequest = request
            answer.messageResponse = reflected(request.messageRequest)
            return answer
        }
    }

    private static func reflected(
        _ question: Grpc_Reflection_V1_ServerReflectionRequest.OneOf_MessageRequest?
    ) -> Grpc_Reflection_V1_ServerReflectionResponse.OneOf_MessageResponse {
        switch question {
        case .fileByFilename(let name): files(Reflected.byName[name], "file \(name.debugDescription)")
        case .fileContainingSymbol(let symbol): files(Reflected.file(of: symbol), "symbol \(symbol.debugDescription)")
        case .listServices: .listServicesResponse(services)
        case .fileContainingExtension(let asked): missing("an extension of \(asked.containingType.debugDescription)")
        case .allExtensionNumbersOfType(let name): missing("an extension of \(name.debugDescription)")
        case nil: .errorResponse(error(.invalidArgument, "the question is missing"))
        }
    }

    /// A file and everything that it imports.
    private static func files(
        _ file: Reflected.File?, _ what: String
    ) -> Grpc_Reflection_V1_ServerReflectionResponse.OneOf_MessageResponse {
        guard let file else { return missing(what) }
        var answer = Grpc_Reflection_V1_FileDescriptorResponse()
        answer.fileDescriptorProto = Reflected.closure(of: file).map(\.bytes)
        return .fileDescriptorResponse(answer)
    }

    private static var services: Grpc_Reflection_V1_ListServiceResponse {
        var answer = Grpc_Reflection_V1_ListServiceResponse()
        answer.service = Reflected.services.sorted().map { name in
            var service = Grpc_Reflection_V1_ServiceResponse()
            service.name = name
            return service
        }
        return answer
    }

    private static func missing(_ what: String) -> Grpc_Reflection_V1_ServerReflectionResponse.OneOf_MessageResponse {
        .errorResponse(error(.notFound, "there is no \(what)"))
    }

    private static func error(_ code: StatusCode, _ message: String) -> Grpc_Reflection_V1_ErrorResponse {
        var answer = Grpc_Reflection_V1_ErrorResponse()
        answer.errorCode = Int32(code.rawValue)
        answer.errorMessage = message
        return answer
    }
}
