// One of the two files that may hold `unsafe`: the few system calls that
// swift-system does not wrap. Every pointer here is made, used and gone within
// one call.

internal import CVgtProcess
internal import Glibc
package import SystemPackage

package enum SystemCalls {
  /// Reads once; empty at the end of the file.
  ///
  /// - Parameter count: The most bytes to read.
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

  /// Writes everything; waits for room where the descriptor does not block.
  ///
  /// - Throws: `Errno`; what was written before it stays written.
  package static func write(
    _ bytes: [UInt8], to descriptor: FileDescriptor
  ) throws(Errno) {
    var count = 0
    while count < bytes.count {
      do {
        // SAFETY: the buffer is the array's own and live for the call.
        count += unsafe try bytes[count...].withUnsafeBytes { rest in
          unsafe try descriptor.write(rest)
        }
      } catch Errno.resourceTemporarilyUnavailable {
        vgt_wait_ready(descriptor.rawValue, true)
      } catch {
        throw error as? Errno ?? .ioError
      }
    }
  }

  /// Waits until a descriptor that does not block has something to read.
  package static func waitReadable(_ descriptor: FileDescriptor) {
    vgt_wait_ready(descriptor.rawValue, false)
  }

  /// What a symbolic link holds.
  ///
  /// The corresponding C function is `readlink`.
  package static func readLink(_ path: FilePath) throws(Errno) -> FilePath {
    let capacity = Int(PATH_MAX)
    var count = -1
    // SAFETY: `path` is NUL-terminated for the call, and readlink writes at
    // most `capacity` bytes, which the buffer holds, and returns how many.
    let target = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, initialized in
      guard let start = buffer.baseAddress else { return }
      count = unsafe path.withPlatformString { link in
        unsafe start.withMemoryRebound(to: CChar.self, capacity: capacity) { target in
          unsafe readlink(link, target, capacity)
        }
      }
      initialized = max(0, count)
    }
    guard count >= 0 else { throw Errno(rawValue: errno) }
    return SystemCalls.path(target)
  }

  /// The path of these bytes, of which none is NUL.
  package static func path(_ bytes: [UInt8]) -> FilePath {
    let terminated = bytes.map { CChar(bitPattern: $0) } + [0]
    return FilePath(platformString: terminated)
  }

  /// The names in a directory, without `.` and `..`, in the system's order.
  ///
  /// The corresponding C functions are `opendir` and `readdir`.
  package static func entries(of path: FilePath) throws(Errno) -> [FilePath.Component] {
    // SAFETY: `path` is NUL-terminated for the call.
    guard let stream = unsafe path.withPlatformString({ unsafe opendir($0) }) else {
      throw Errno(rawValue: errno)
    }
    // SAFETY: `stream` is open, and closed only here.
    defer { _ = unsafe closedir(stream) }
    var entries: [FilePath.Component] = []
    while true {
      errno = 0
      // SAFETY: `stream` is open; nothing else reads it.
      guard let entry = unsafe readdir(stream) else { break }
      // SAFETY: readdir's entry lives until the next call on `stream`, and its
      // name is NUL-terminated inside it. The pointer is made from the entry's
      // own, since the kernel's record may be longer than the C type.
      let name = unsafe FilePath(
        platformString: UnsafeRawPointer(entry)
          .advanced(by: MemoryLayout<dirent>.offset(of: \.d_name) ?? 0)
          .assumingMemoryBound(to: CChar.self))
      if let name = name.lastComponent, name.kind == .regular { entries.append(name) }
    }
    guard errno == 0 else { throw Errno(rawValue: errno) }
    return entries
  }

  /// Removes a file's name.
  ///
  /// The corresponding C function is `unlink`.
  package static func remove(_ path: FilePath) throws(Errno) {
    // SAFETY: `path` is NUL-terminated for the call.
    let result = unsafe path.withPlatformString { unsafe unlink($0) }
    guard result == 0 else { throw Errno(rawValue: errno) }
  }

  /// Gives a file a further name, which must not be taken.
  ///
  /// The corresponding C function is `linkat` with `AT_SYMLINK_FOLLOW`.
  static func link(_ file: FilePath, to name: FilePath) throws(Errno) {
    // SAFETY: both paths are NUL-terminated for the call.
    let result = unsafe file.withPlatformString { file in
      unsafe name.withPlatformString { name in
        unsafe linkat(AT_FDCWD, file, AT_FDCWD, name, AT_SYMLINK_FOLLOW)
      }
    }
    guard result == 0 else { throw Errno(rawValue: errno) }
  }

  /// Renames a file; the new name must not be taken.
  ///
  /// The corresponding C function is `renameat2` with `RENAME_NOREPLACE`.
  static func rename(_ file: FilePath, to name: FilePath) throws(Errno) {
    // SAFETY: both paths are NUL-terminated for the call.
    let result = unsafe file.withPlatformString { file in
      unsafe name.withPlatformString { name in unsafe vgt_rename_new(file, name) }
    }
    guard result == 0 else { throw Errno(rawValue: errno) }
  }

  /// From here on a signal that ends the process removes the file.
  static func removeWhenInterrupted(_ path: FilePath) {
    // SAFETY: `path` is NUL-terminated for the call, which copies it.
    unsafe path.withPlatformString { unsafe vgt_interrupt_remove($0) }
  }

  /// The words of the command line, the program's name first, as the bytes
  /// that they are.
  package static var arguments: [[UInt8]] {
    (0..<Int(CommandLine.argc)).compactMap { index in
      // SAFETY: the runtime keeps argc and argv for the process's life, each
      // word NUL-terminated, and nothing changes them.
      guard let word = unsafe CommandLine.unsafeArgv[index] else { return nil }
      return unsafe [UInt8](UnsafeRawBufferPointer(start: word, count: strlen(word)))
    }
  }

  static var processID: Int32 { getpid() }

  /// Columns of the terminal at the other end; `nil` where it does not tell.
  package static func columns(of descriptor: FileDescriptor) -> Int? {
    let columns = vgt_terminal_columns(descriptor.rawValue)
    return columns == 0 ? nil : Int(columns)
  }

  /// Whether a terminal is at the other end.
  package static func isTerminal(_ descriptor: FileDescriptor) -> Bool {
    isatty(descriptor.rawValue) == 1
  }

  /// The value of an environment variable; `nil` when it is not set.
  ///
  /// The corresponding C function is `getenv`.
  package static func environment(_ name: String) -> String? {
    // SAFETY: this process has one thread and never changes its environment,
    // so the text stays where it is while it is copied.
    unsafe getenv(name).map { unsafe String(cString: $0) }
  }

  /// See `Confinement.denyWrites`.
  static func denyWrites(exceptNamingIn folder: FilePath?) throws(Errno) {
    // SAFETY: `folder` is NUL-terminated for the call.
    let error = unsafe folder?.withPlatformString { unsafe vgt_deny_writes($0) }
    let result = error ?? vgt_deny_writes(nil)
    guard result == 0 else { throw Errno(rawValue: result) }
  }

  /// See `Confinement.denyAccess`.
  static func denyAccess(exceptNamingIn folder: FilePath?) throws(Errno) {
    // SAFETY: `folder` is NUL-terminated for the call.
    let error = unsafe folder?.withPlatformString { unsafe vgt_deny_access($0) }
    let result = error ?? vgt_deny_access(nil)
    guard result == 0 else { throw Errno(rawValue: result) }
  }

  /// Nanoseconds of a clock that only goes forward.
  ///
  /// The corresponding C function is `clock_gettime` with `CLOCK_MONOTONIC`.
  package static var monotonicNanoseconds: UInt64 {
    var time = timespec()
    // SAFETY: the call fills `time` and keeps no pointer to it.
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(clamping: time.tv_sec) * 1_000_000_000 + UInt64(clamping: time.tv_nsec)
  }
}
