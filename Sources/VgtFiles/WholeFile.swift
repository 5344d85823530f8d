package import SystemPackage

/// Writes all bytes.
package enum WholeFile {
  /// Writes everything to an open descriptor.
  package static func write(
    _ bytes: some Sequence<UInt8>, to descriptor: FileDescriptor
  ) throws(Errno) {
    try SystemCalls.write(Array(bytes), to: descriptor)
  }
}
