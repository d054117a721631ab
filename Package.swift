// swift-tools-version: 6.2
import PackageDescription

/// Every target of the product, in order: a target may depend only on targets that stand above it.
/// `Tests/TidyTests` reads this file and fails on any other arrow.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableExperimentalFeature("Lifetimes"),
]

func library(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: strict)
}

func system(_ name: String, pkgConfig: String, apt: String) -> Target {
    .systemLibrary(name: name, path: "CSources/\(name)", pkgConfig: pkgConfig, providers: [.apt([apt])])
}

let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let sqlite: Target.Dependency = .product(name: "GRDBSQLite", package: "GRDB.swift")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let cryptoExtras: Target.Dependency = .product(name: "CryptoExtras", package: "swift-crypto")
let jwt: Target.Dependency = .product(name: "JWTKit", package: "jwt-kit")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore: Target.Dependency = .product(name: "HummingbirdCore", package: "hummingbird")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let nioHTTPTypes: Target.Dependency = .product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let signals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let httpClient: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "JadeVectorDB",
    platforms: [.macOS(.v26)],
    products: [
        .executable(name: "jadevectordb", targets: ["jadevectordb"]),
        .library(name: "JadeVectorDB", targets: ["JadeVectorDB"]),
        .library(name: "JadeIndex", targets: ["JadeIndex"]),
        .library(name: "JadeEngine", targets: ["JadeEngine"]),
        .library(name: "JadeClient", targets: ["JadeClient"]),
    ],
    dependencies: [
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
    ],
    targets: [
        // C and C++ below everything
        system("CHwloc", pkgConfig: "hwloc", apt: "libhwloc-dev"),
        system("CNuma", pkgConfig: "numa", apt: "libnuma-dev"),
        system("CCrypt", pkgConfig: "libcrypt", apt: "libcrypt-dev"),
        .target(name: "CJadeKernels", path: "CSources/CJadeKernels"),
        .target(name: "CJadeTopology", dependencies: ["CHwloc", "CNuma"], path: "CSources/CJadeTopology"),
        .target(name: "CJadeSQLite", path: "CSources/CJadeSQLite", linkerSettings: [.linkedLibrary("sqlite3")]),
        .target(name: "CJadeJSON", path: "CSources/CJadeJSON", linkerSettings: [.linkedLibrary("simdjson")]),
        .target(
            name: "CJadeCompression", path: "CSources/CJadeCompression", linkerSettings: [.linkedLibrary("z"), .linkedLibrary("zstd")]),

        // values, kernels, files
        library("JadeCore", []),
        library("JadeJSON", ["CJadeJSON", "JadeCore"]),
        library("JadeAPI", ["JadeCore", "JadeJSON"]),
        library("JadeKernels", ["CJadeKernels", "CJadeTopology", "JadeCore"]),
        library("JadeIO", ["JadeCore"]),

        // the database
        library("JadeQuantization", ["JadeCore", "JadeKernels", "JadeIO"]),
        library("JadeIndex", ["JadeCore", "JadeKernels", "JadeIO", "JadeQuantization"]),
        library("JadeMetadata", ["CJadeSQLite", "JadeCore", "JadeJSON", "JadeIO", grdb, sqlite]),
        library("JadeStorage", ["JadeCore", "JadeKernels", "JadeIO", "JadeMetadata", crypto]),
        library(
            "JadeEngine",
            ["JadeCore", "JadeJSON", "JadeAPI", "JadeKernels", "JadeIO", "JadeIndex", "JadeMetadata", "JadeStorage", logging]),

        library("JadeSecurity", ["CCrypt", "JadeCore", "JadeJSON", "JadeAPI", "JadeIO", "JadeMetadata", grdb, crypto, jwt]),

        // doors and programs
        library("JadeEmbedding", ["JadeCore", "JadeJSON", "JadeAPI", "JadeIO", httpClient, nioCore, nioHTTP1]),
        library("JadeS3", ["JadeCore", "JadeIO", "JadeStorage", crypto, httpClient, nioCore, nioHTTP1]),
        library(
            "JadeREST",
            [
                "CJadeCompression", "JadeCore", "JadeJSON", "JadeAPI", hummingbird, hummingbirdCore, nioCore, nioHTTP1, httpTypes,
                nioHTTPTypes, logging,
            ]),
        library(
            "JadeServer",
            ["JadeCore", "JadeAPI", "JadeKernels", "JadeIO", "JadeStorage", "JadeEngine", "JadeSecurity", "JadeEmbedding", "JadeREST", "JadeS3", hummingbird, hummingbirdCore, httpClient, nioCore, nioHTTP1, nioSSL, lifecycle, signals, logging]),
        library("JadeClient", ["JadeCore", "JadeJSON", "JadeAPI", httpClient, nioCore, nioHTTP1, nioSSL]),
        library("JadeVectorDB", ["JadeCore", "JadeAPI", "JadeIndex", "JadeEngine"]),
        .executableTarget(
            name: "jadevectordb",
            dependencies: [
                "JadeCore", "JadeJSON", "JadeAPI", "JadeKernels", "JadeIndex", "JadeEngine", "JadeServer", "JadeClient", arguments,
            ],
            swiftSettings: strict),

        // tests
        .target(name: "JadeTestSupport", dependencies: [crypto, cryptoExtras], path: "Tests/JadeTestSupport", swiftSettings: strict),
        tests("TidyTests", []),
        tests("JadeCoreTests", ["JadeCore"]),
        tests("JadeJSONTests", ["JadeCore", "JadeJSON"]),
        tests("JadeAPITests", ["JadeCore", "JadeJSON", "JadeAPI"]),
        tests("JadeKernelsTests", ["JadeCore", "JadeKernels", "CJadeKernels"]),
        tests("JadeIOTests", ["JadeCore", "JadeIO"]),
        tests(
            "JadeQuantizationTests", ["JadeCore", "JadeKernels", "JadeIO", "JadeQuantization", "JadeTestSupport"], exclude: ["Golden"]),
        tests(
            "JadeIndexTests", ["JadeCore", "JadeKernels", "JadeIO", "JadeQuantization", "JadeIndex", "JadeTestSupport"],
            exclude: ["Golden"]),
        tests("JadeMetadataTests", ["JadeCore", "JadeJSON", "JadeIO", "JadeMetadata", grdb], exclude: ["Golden"]),
        tests("JadeStorageTests", ["JadeCore", "JadeIO", "JadeKernels", "JadeMetadata", "JadeStorage"], exclude: ["Golden"]),
        tests("ObjectStoreTests", ["JadeCore", "JadeAPI", "JadeIO", "JadeStorage", "JadeEngine", "JadeS3", "JadeTestSupport", logging]),
        tests("JadeEngineTests", ["JadeCore", "JadeAPI", "JadeIO", "JadeIndex", "JadeStorage", "JadeEngine", "JadeTestSupport", logging]),
        tests(
            "JadeSecurityTests",
            ["JadeCore", "JadeAPI", "JadeIO", "JadeMetadata", "JadeEngine", "JadeSecurity", "JadeTestSupport", grdb, crypto, cryptoExtras]),
        tests(
            "JadeEmbeddingTests", ["JadeCore", "JadeJSON", "JadeAPI", "JadeEmbedding", "JadeTestSupport", httpClient, nioCore, nioHTTP1],
            exclude: ["embedding-server.py"]),
        tests("JadeServerTests", ["JadeCore", "JadeJSON", "JadeAPI", "JadeIO", "JadeMetadata", "JadeEngine", "JadeSecurity", "JadeREST", "JadeServer", "JadeClient", "JadeTestSupport", httpClient, logging, nioCore, nioHTTP1, nioSSL, httpTypes]),
        tests("CommandLineTests", ["JadeCore", "JadeJSON", "JadeAPI", "JadeClient", "JadeTestSupport"]),
        tests("VerifyTests", ["JadeCore", "JadeAPI", "JadeIO", "JadeKernels", "JadeIndex", "JadeEngine", "JadeTestSupport", sqlite]),
        .target(name: "CJadeRecordingVFS", path: "Tests/CJadeRecordingVFS", linkerSettings: [.linkedLibrary("sqlite3")]),
        tests(
            "CrashTests",
            ["CJadeRecordingVFS", "JadeCore", "JadeAPI", "JadeIO", "JadeEngine", "JadeClient", "JadeTestSupport", logging]),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .gnu17,
    cxxLanguageStandard: .cxx17
)
