internal import CVgtProcess
package import SystemPackage

/// A file that gets its name when it has all its bytes: whole or not there,
/// whatever ends the process.
///
/// Made before the work begins: a name that is taken is said at once, and the
/// process can give up making files while it works.
package struct NewFile: ~Copyable {
  package let path: FilePath
  private let file: FileDescriptor
  /// The name beside `path` that it has until then, where the file system has
  /// no files without a name.
  private let temporary: FilePath?

  /// Makes the file. Never overwrites, and follows no symbolic link at `path`.
  ///
  /// - Throws: `Errno`; `fileExists` when anything is at `path`.
  package init(_ path: FilePath) throws(Errno) {
    let (file, temporary) = try Self.make(path)
    self.path = path
    self.file = file
    self.temporary = temporary
  }

  private static func make(
    _ path: FilePath
  ) throws(Errno) -> (file: FileDescriptor, temporary: FilePath?) {
    // With a link at `path`, what counts is the link.
    if (try? Stat(path, followTargetSymlink: false)) != nil { throw .fileExists }
    guard let name = path.lastComponent else { throw .noSuchFileOrDirectory }
    if let file = try openUnnamed(in: path.folder) { return (file, nil) }
    let beside = path.folder.appending(".\(name.string).\(SystemCalls.processID).part")
    let file = try open(beside, [.create, .exclusiveCreate])
    SystemCalls.removeWhenInterrupted(beside)
    return (file, beside)
  }

  /// Writes everything, and gives the file its name; to be called once.
  ///
  /// - Throws: `Errno`; `fileExists` when something took the name meanwhile.
  package mutating func write(_ text: String) throws(Errno) {
    try WholeFile.write(text, to: file)
    guard let temporary else {
      return try SystemCalls.link(Self.descriptorPath(file), to: path)
    }
    do {
      try SystemCalls.link(temporary, to: path)
    } catch .fileExists {
      throw .fileExists
    } catch {
      // FAT has no links, but renames without replacing; NFS is the other way.
      try SystemCalls.rename(temporary, to: path)
    }
  }

  deinit {
    try? file.close()
    if let temporary {
      try? SystemCalls.remove(temporary)
      vgt_interrupt_keep()
    }
  }

  /// O_TMPFILE: Linux 6.1 `include/uapi/asm-generic/fcntl.h`.
  private static let unnamed = FileDescriptor.OpenOptions(rawValue: 0o20_200_000)

  /// - Returns: `nil` where the file system or the kernel has no such files, or
  ///   no `/proc` by which they get a name.
  private static func openUnnamed(in folder: FilePath) throws(Errno) -> FileDescriptor? {
    let file: FileDescriptor
    do {
      file = try open(folder, unnamed)
    } catch .notSupported, .isDirectory, .invalidArgument {
      return nil
    }
    guard (try? Stat(descriptorPath(file), followTargetSymlink: false)) != nil else {
      try? file.close()
      return nil
    }
    return file
  }

  private static func descriptorPath(_ file: FileDescriptor) -> FilePath {
    FilePath("/proc/self/fd/\(file.rawValue)")
  }

  private static func open(
    _ path: FilePath, _ options: FileDescriptor.OpenOptions
  ) throws(Errno) -> FileDescriptor {
    do {
      return try FileDescriptor.open(
        path, .writeOnly, options: [options, .closeOnExec],
        permissions: [.ownerReadWrite, .groupRead, .otherRead])
    } catch {
      throw error as? Errno ?? .ioError
    }
  }
}
