// swift-tools-version: 6.2
import PackageDescription

// The index alone, as a library: no server, no storage, no metadata.
let package = Package(
    name: "embedded-index",
    platforms: [.macOS(.v26)],
    dependencies: [.package(name: "JadeVectorDB", path: "../..")],
    targets: [
        .executableTarget(
            name: "embedded-index",
            dependencies: [
                .product(name: "JadeIndex", package: "JadeVectorDB"),
            ])
    ],
    swiftLanguageModes: [.v6]
)
