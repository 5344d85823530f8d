package import SystemPackage

/// Writes all of a text.
package enum WholeFile {
  /// Writes everything to an open descriptor.
  package static func write(_ text: String, to descriptor: FileDescriptor) throws(Errno) {
    try SystemCalls.write(Array(text.utf8), to: descriptor)
  }
}
