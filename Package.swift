// swift-tools-version: 6.2
import PackageDescription

/// Settings for every Swift target. `strictMemorySafety` only warns, so all
/// warnings are errors: a new `unsafe` is a deliberate, reviewable word.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),  // SE-0458
  .treatAllWarnings(as: .error),  // SE-0480
  .enableUpcomingFeature("ExistentialAny"),  // SE-0335
  .enableUpcomingFeature("InternalImportsByDefault"),  // SE-0409
  .enableUpcomingFeature("MemberImportVisibility"),  // SE-0444
]

let strictC: [CSetting] = [.unsafeFlags(["-std=gnu17", "-Wall", "-Wextra", "-Werror"])]

let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")

// libFuzzer, to which scripts/fuzz links what it searches with, brings its own
// `main`.
let isSearch = Context.environment["VGT_FUZZ"] != nil

// The targets stand in the order in which data flows through them, and depend
// on those above them alone. Only VgtHardware may touch a device, only VgtDriver
// asks a driver, only vgt-balloon prints.
let package = Package(
  name: "vgt-balloon",
  products: [.executable(name: "vgt-balloon", targets: ["vgt-balloon"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
  ],
  targets: [
    .systemLibrary(
      name: "CPciAccess", pkgConfig: "pciaccess", providers: [.apt(["libpciaccess-dev"])]),
    .target(name: "CVgtProcess", cSettings: strictC),
    .target(name: "VgtFiles", dependencies: ["CVgtProcess", system], swiftSettings: strict),
    .target(name: "VgtCore", swiftSettings: strict),
    .target(name: "CVgtShim", dependencies: ["CPciAccess"], cSettings: strictC),
    .target(
      name: "VgtHardware", dependencies: ["CVgtShim", "VgtCore", "VgtFiles", system],
      swiftSettings: strict),
    .target(name: "VgtLog", dependencies: ["VgtCore"], swiftSettings: strict),
    .target(name: "CVgtDriver", cSettings: strictC),
    .target(
      name: "VgtDriver", dependencies: ["CVgtDriver", "VgtCore", "VgtFiles", "VgtLog", system],
      swiftSettings: strict),
    .target(name: "VgtHost", dependencies: ["VgtCore", "VgtLog"], swiftSettings: strict),
    .target(
      name: "VgtReport", dependencies: ["VgtCore", "VgtHost", "VgtLog"], swiftSettings: strict),
    .executableTarget(
      name: "vgt-balloon",
      dependencies: [
        "VgtCore", "VgtDriver", "VgtFiles", "VgtHardware", "VgtHost", "VgtLog", "VgtReport",
        system, argumentParser,
      ],
      swiftSettings: strict),

    .target(
      name: "CoreFixtures", dependencies: ["VgtCore"], path: "Tests/CoreFixtures",
      swiftSettings: strict),
    .target(name: "Support", path: "Tests/Support", swiftSettings: strict),
    .executableTarget(
      name: "vgt-bed", dependencies: ["Support"], path: "Tests/Bed", swiftSettings: strict),
    .executableTarget(
      name: "vgt-fuzz",
      dependencies: ["VgtCore", "VgtFiles", "VgtHost", "VgtLog", "VgtReport", system],
      path: "Tests/Fuzz", exclude: ["Corpus", "Dictionaries"] + (isSearch ? ["Again.swift"] : [])),
    .testTarget(
      name: "VgtCoreTests", dependencies: ["CoreFixtures", "VgtCore"], swiftSettings: strict),
    .testTarget(
      name: "VgtLogTests", dependencies: ["CoreFixtures", "VgtCore", "VgtLog"],
      swiftSettings: strict
    ),
    .testTarget(
      name: "VgtReportTests", dependencies: ["Support", "CoreFixtures", "VgtCore", "VgtReport"],
      exclude: ["Goldens"], swiftSettings: strict),
    .testTarget(
      name: "VgtFilesTests", dependencies: ["VgtFiles", system], swiftSettings: strict),
    .testTarget(
      name: "CommandLineTests", dependencies: ["Support", "CoreFixtures", "VgtCore", "VgtReport"],
      exclude: ["Goldens"], swiftSettings: strict),
    .testTarget(
      name: "VgtHostTests",
      dependencies: ["Support", "CoreFixtures", "VgtCore", "VgtHost", "VgtReport"],
      exclude: ["Goldens"], swiftSettings: strict),
  ]
)
