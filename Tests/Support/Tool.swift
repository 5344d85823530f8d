import Foundation

/// How one run of a program ended.
package struct ToolRun: Hashable, Sendable {
  /// As a shell has it: above 128 a signal; 124 when the run was ended after
  /// `Tool.timeLimit`.
  package let status: Int32
  package let output: String
  /// What it said on standard error.
  package let errors: String

  /// The messages, one a line.
  package var messages: [Substring] { errors.split(separator: "\n") }
}

/// The built binary.
package enum Tool {
  /// Seconds after which a run counts as hanging: more than any takes on the
  /// busiest machine.
  static let timeLimit = 600

  /// What the environment variable VGT_BALLOON names, else the product beside
  /// the test bundle.
  package static let path: String =
    if let path = ProcessInfo.processInfo.environment["VGT_BALLOON"] {
      path
    } else {
      URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
        .appending(path: "vgt-balloon").path
    }

  /// Whether it is the binary that is shipped: only that one is named.
  package static let isOptimised = ProcessInfo.processInfo.environment["VGT_BALLOON"] != nil

  /// Runs the binary on this machine as it is: for what needs no device.
  package static func run(
    _ arguments: [String], input: [UInt8] = [], environment: [String: String] = [:]
  ) throws -> ToolRun {
    try execute([path] + arguments, input: input, environment: environment)
  }

  /// Runs a shell script, in which `$TOOL` is the binary.
  package static func shell(
    _ script: String, _ arguments: String..., input: [UInt8] = []
  ) throws -> ToolRun {
    try execute(["sh", "-c", script, "sh"] + arguments, input: input, environment: ["TOOL": path])
  }

  /// Runs any command with an environment of its own.
  package static func execute(
    _ command: [String], input: [UInt8] = [], environment: [String: String] = [:]
  ) throws -> ToolRun {
    let folder = try ScratchFolder()
    try folder.write(input, to: "input")
    try folder.write("", to: "output")
    try folder.write("", to: "errors")
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/timeout")
    process.arguments = ["--kill-after=5", "\(timeLimit)"] + command
    process.environment = baseEnvironment.merging(environment) { $1 }
    process.standardInput = try FileHandle(forReadingFrom: folder.url.appending(path: "input"))
    process.standardOutput = try FileHandle(forWritingTo: folder.url.appending(path: "output"))
    process.standardError = try FileHandle(forWritingTo: folder.url.appending(path: "errors"))
    try process.run()
    process.waitUntilExit()
    let isSignal = process.terminationReason == .uncaughtSignal
    return ToolRun(
      status: process.terminationStatus + (isSignal ? 128 : 0),
      output: String(decoding: folder.read("output") ?? [], as: UTF8.self),
      errors: String(decoding: folder.read("errors") ?? [], as: UTF8.self))
  }

  /// A path for programs, what a sanitized binary is told, and the place for
  /// the profile of an instrumented one: one a process, in the folder that
  /// VGT_PROFILES names. Runs that share a file damage it where they may no
  /// longer read it.
  private static var baseEnvironment: [String: String] {
    let own = ProcessInfo.processInfo.environment
    var environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"]
    environment["ASAN_OPTIONS"] = own["ASAN_OPTIONS"]
    environment["LLVM_PROFILE_FILE"] = own["VGT_PROFILES"].map { "\($0)/%p.profraw" } ?? "/dev/null"
    return environment
  }
}
