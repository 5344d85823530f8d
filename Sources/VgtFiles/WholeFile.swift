package import SystemPackage

/// Bytes that go out whole or not at all.
package enum WholeFile {
  /// Writes a new file.
  ///
  /// Never overwrites, and follows no symbolic link at `path`. What could not
  /// be written whole is removed again.
  ///
  /// - Throws: `Errno`; `fileExists` when anything is at `path`.
  package static func create(_ path: FilePath, holding bytes: some Sequence<UInt8>) throws(Errno) {
    do {
      // With O_EXCL a symbolic link at `path` counts as existing.
      let file = try FileDescriptor.open(
        path, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec],
        permissions: [.ownerReadWrite, .groupRead, .otherRead])
      do {
        defer { try? file.close() }
        try SystemCalls.write(Array(bytes), to: file)
      } catch {
        try? SystemCalls.remove(path)
        throw error
      }
    } catch {
      throw error as? Errno ?? .ioError
    }
  }

  /// Writes everything to an open descriptor.
  package static func write(
    _ bytes: some Sequence<UInt8>, to descriptor: FileDescriptor
  ) throws(Errno) {
    try SystemCalls.write(Array(bytes), to: descriptor)
  }
}
