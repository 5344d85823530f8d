// One of the two files that may hold `unsafe`: bytes come in here and are
// plain Swift arrays from then on.

internal import Glibc
package import SystemPackage

/// Bytes from files and streams.
package enum ByteInput {
  /// More than any report or log kept for one has.
  package static let sizeLimit = 256 << 20

  /// Reads a descriptor to its end.
  ///
  /// - Throws: `Errno`; `fileTooLarge` when more than `sizeLimit` bytes come.
  package static func readAll(_ descriptor: FileDescriptor) throws(Errno) -> [UInt8] {
    var bytes: [UInt8] = []
    while true {
      let chunk = try read(descriptor, upTo: 1 << 16)
      if chunk.isEmpty { return bytes }
      guard bytes.count + chunk.count <= sizeLimit else { throw .fileTooLarge }
      bytes += chunk
    }
  }

  /// Reads a whole file.
  ///
  /// - Throws: `Errno` of opening or reading it.
  package static func readAll(path: FilePath) throws(Errno) -> [UInt8] {
    let descriptor = try open(path)
    defer { try? descriptor.close() }
    return try readAll(descriptor)
  }

  /// Opens a file for reading; never made a controlling terminal.
  package static func open(
    _ path: FilePath, options: FileDescriptor.OpenOptions = []
  ) throws(Errno) -> FileDescriptor {
    do {
      return try FileDescriptor.open(path, .readOnly, options: [options, .closeOnExec])
    } catch {
      throw error as? Errno ?? .ioError
    }
  }

  /// Reads once; empty at the end of the file.
  package static func read(
    _ descriptor: FileDescriptor, upTo count: Int
  ) throws(Errno) -> [UInt8] {
    do {
      // SAFETY: the buffer is the array's own, live for the call, and holds
      // `count` bytes; the kernel initialises as many as it returns.
      return unsafe try [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
        initialized = unsafe try descriptor.read(into: UnsafeMutableRawBufferPointer(buffer))
      }
    } catch {
      throw error as? Errno ?? .ioError
    }
  }

  /// The text of a small file without its last line break; `nil` when it
  /// cannot be read.
  package static func text(path: FilePath) -> String? {
    guard let bytes = try? readAll(path: path) else { return nil }
    let text = String(decoding: bytes, as: UTF8.self)
    return text.hasSuffix("\n") ? String(text.dropLast()) : text
  }

  /// The last component of what a symbolic link points to; `nil` when `path`
  /// is no link.
  package static func linkTargetName(_ path: FilePath) -> String? {
    let capacity = Int(PATH_MAX)
    // SAFETY: `path` is NUL-terminated for the call, and readlink writes at
    // most `capacity` bytes, which the buffer holds, and returns how many.
    let target = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, initialized in
      guard let start = buffer.baseAddress else { return }
      let count = unsafe path.withPlatformString { link in
        unsafe start.withMemoryRebound(to: CChar.self, capacity: capacity) { target in
          unsafe readlink(link, target, capacity)
        }
      }
      initialized = max(0, count)
    }
    return FilePath(String(decoding: target, as: UTF8.self)).lastComponent?.string
  }

  /// The running kernel's release, as `uname -r` prints it.
  package static var kernelRelease: String {
    text(path: "/proc/sys/kernel/osrelease") ?? "unknown"
  }
}
