package import Foundation

/// A new folder that goes away with its last reference.
package final class ScratchFolder: Sendable {
  package let url: URL
  private let isKept: Bool

  /// - Parameter files: What is in it, by name.
  package init(_ files: KeyValuePairs<String, [UInt8]> = [:]) throws {
    url = FileManager.default.temporaryDirectory.appending(path: "vgt-bed-\(UUID().uuidString)")
    isKept = false
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
    for (name, bytes) in files { try write(bytes, to: name) }
  }

  /// A new folder at this path, which stays.
  package init(keptAt path: String) throws {
    url = URL(filePath: path)
    isKept = true
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit {
    guard !isKept else { return }
    try? FileManager.default.removeItem(at: url)
  }

  /// The path of a file in the folder.
  package func path(_ name: String) -> String { url.appending(path: name).path }

  /// Makes a folder, and those it is in.
  package func makeFolder(_ name: String) throws {
    try FileManager.default.createDirectory(
      at: url.appending(path: name), withIntermediateDirectories: true)
  }

  /// Writes a file, and the folders it is in.
  package func write(_ text: String, to name: String) throws {
    try write(Array(text.utf8), to: name)
  }

  package func write(_ bytes: [UInt8], to name: String) throws {
    let file = url.appending(path: name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
  }

  /// Writes a file of `length` bytes that is zero but for `parts`.
  package func writeSparse(_ parts: [Int: [UInt8]], length: Int, to name: String) throws {
    try write([], to: name)
    let file = try FileHandle(forWritingTo: url.appending(path: name))
    defer { try? file.close() }
    for (offset, bytes) in parts where offset + bytes.count <= length {
      try file.seek(toOffset: UInt64(offset))
      try file.write(contentsOf: bytes)
    }
    try file.truncate(atOffset: UInt64(length))
  }

  package func link(_ name: String, to target: String) throws {
    let file = url.appending(path: name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(atPath: file.path, withDestinationPath: target)
  }

  /// The bytes of a file; `nil` when there is none.
  package func read(_ name: String) -> [UInt8]? {
    (try? Data(contentsOf: url.appending(path: name))).map(Array.init)
  }
}
