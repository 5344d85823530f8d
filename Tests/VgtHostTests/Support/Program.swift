import Foundation

/// A program that a test runs, and what came of it.
struct Program {
  let status: Int32
  let output: String
  let errors: String

  /// The directory that this build's products are in.
  static let products = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent()

  /// Runs `vgt-balloon` of this build.
  static func tool(_ arguments: String..., input: Data = Data()) throws -> Program {
    try run(products.appending(path: "vgt-balloon").path, arguments, input: input)
  }

  /// Runs a program by its path, or by its name.
  static func run(
    _ name: String, _ arguments: [String], input: Data = Data()
  ) throws -> Program {
    try Scratch.directory { directory in
      let files = ["in", "out", "err"].map { directory.appending(path: $0) }
      try input.write(to: files[0])
      for file in files.dropFirst() { try Data().write(to: file) }
      let process = Process()
      process.executableURL = URL(filePath: "/usr/bin/env")
      process.arguments = [name] + arguments
      process.standardInput = try FileHandle(forReadingFrom: files[0])
      process.standardOutput = try FileHandle(forWritingTo: files[1])
      process.standardError = try FileHandle(forWritingTo: files[2])
      try process.run()
      process.waitUntilExit()
      return Program(
        status: process.terminationStatus,
        output: String(decoding: try Data(contentsOf: files[1]), as: UTF8.self),
        errors: String(decoding: try Data(contentsOf: files[2]), as: UTF8.self))
    }
  }

  /// Whether a program can be run here.
  static func exists(_ name: String, _ arguments: [String]) -> Bool {
    (try? run(name, arguments))?.status == 0
  }
}

/// Directories that last as long as a test.
enum Scratch {
  static func directory<Result>(_ body: (URL) throws -> Result) throws -> Result {
    let directory = FileManager.default.temporaryDirectory
      .appending(path: "vgt-balloon-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    return try body(directory)
  }

  /// A directory with these files in it.
  static func files<Result>(
    _ files: KeyValuePairs<String, [UInt8]>, _ body: (URL) throws -> Result
  ) throws -> Result {
    try directory { directory in
      for (name, bytes) in files { try Data(bytes).write(to: directory.appending(path: name)) }
      return try body(directory)
    }
  }
}
