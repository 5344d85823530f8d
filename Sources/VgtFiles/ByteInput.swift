package import SystemPackage

/// Bytes from files and streams.
package enum ByteInput {
  /// More than any report, and any log that is kept for one, has.
  package static let sizeLimit = 256 << 20

  /// Opens a file for reading.
  package static func open(
    _ path: FilePath, options: FileDescriptor.OpenOptions = []
  ) throws(Errno) -> FileDescriptor {
    do {
      return try FileDescriptor.open(path, .readOnly, options: [options, .closeOnExec])
    } catch {
      throw error as? Errno ?? .ioError
    }
  }

  /// Reads once, waiting where the descriptor does not block; empty at the end.
  package static func read(
    _ descriptor: FileDescriptor, upTo count: Int
  ) throws(Errno) -> [UInt8] {
    while true {
      do {
        return try SystemCalls.read(descriptor, upTo: count)
      } catch .resourceTemporarilyUnavailable {
        SystemCalls.waitReadable(descriptor)
      }
    }
  }

  /// Reads a descriptor to its end.
  ///
  /// - Throws: `Errno`; `fileTooLarge` when more than `sizeLimit` bytes come.
  package static func readAll(_ descriptor: FileDescriptor) throws(Errno) -> [UInt8] {
    var bytes: [UInt8] = []
    while true {
      // Most files are of sysfs, and short.
      let chunk = try read(descriptor, upTo: bytes.count < 1 << 12 ? 1 << 12 : 1 << 16)
      if chunk.isEmpty { return bytes }
      guard bytes.count + chunk.count <= sizeLimit else { throw .fileTooLarge }
      bytes += chunk
    }
  }

  /// Reads a whole file.
  package static func readAll(path: FilePath) throws(Errno) -> [UInt8] {
    let descriptor = try open(path)
    defer { try? descriptor.close() }
    return try readAll(descriptor)
  }

  /// The regular files in a directory, symbolic links to them included, by
  /// name, without those that begin with a dot; `nil` when `path` is not a
  /// directory.
  package static func regularFiles(in path: FilePath) throws(Errno) -> [FilePath]? {
    guard try Stat(path).type == .directory else { return nil }
    return try SystemCalls.entries(of: path)
      .filter { !$0.string.hasPrefix(".") }
      .sorted { $0.string < $1.string }
      .map { path.appending($0) }
      .filter { (try? Stat($0))?.type == .regular }
  }

  package static func isFolder(_ path: FilePath) -> Bool {
    (try? Stat(path))?.type == .directory
  }

  /// The text of a small file without its last line break; `nil` when it
  /// cannot be read.
  package static func text(path: FilePath) -> String? {
    guard var bytes = try? readAll(path: path) else { return nil }
    if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The last component of what a symbolic link points to; `nil` when `path`
  /// is no link.
  package static func linkTargetName(_ path: FilePath) -> String? {
    (try? SystemCalls.readLink(path))?.lastComponent?.string
  }

  /// The running kernel's release, as `uname -r` prints it.
  package static var kernelRelease: String {
    text(path: "/proc/sys/kernel/osrelease") ?? "unknown"
  }
}
