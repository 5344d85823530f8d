package import SystemPackage

/// A file that was made and waits for its bytes; removed again by `deinit`
/// unless it got them all.
///
/// Made before the work begins: a name that is taken is said at once, and the
/// process can give up making files while it works.
package struct NewFile: ~Copyable {
  package let path: FilePath
  private let file: FileDescriptor
  private var isWhole = false

  /// Makes the file. Never overwrites, and follows no symbolic link at `path`.
  ///
  /// - Throws: `Errno`; `fileExists` when anything is at `path`.
  package init(_ path: FilePath) throws(Errno) {
    do {
      // With O_EXCL a symbolic link at `path` counts as existing.
      file = try FileDescriptor.open(
        path, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec],
        permissions: [.ownerReadWrite, .groupRead, .otherRead])
    } catch {
      throw error as? Errno ?? .ioError
    }
    self.path = path
  }

  /// Writes everything; to be called once.
  package mutating func write(_ bytes: some Sequence<UInt8>) throws(Errno) {
    try WholeFile.write(bytes, to: file)
    isWhole = true
  }

  deinit {
    if !isWhole {
      do {
        try SystemCalls.remove(path)
      } catch {
        // Root's right to someone else's folder is gone by now: an empty file
        // is the least that can stay.
        try? file.resize(to: 0)
      }
    }
    try? file.close()
  }
}
