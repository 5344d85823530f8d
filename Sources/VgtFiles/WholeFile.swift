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
    var file = try NewFile(path)
    try file.write(bytes)
  }

  /// Writes everything to an open descriptor.
  package static func write(
    _ bytes: some Sequence<UInt8>, to descriptor: FileDescriptor
  ) throws(Errno) {
    try SystemCalls.write(Array(bytes), to: descriptor)
  }
}
