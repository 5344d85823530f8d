import Foundation
import SystemPackage
import Testing
import VgtFiles

/// Acts that a process may have given up. Each runs in a process of its own,
/// whose exit status is the errno, 0 where the act was done.
enum Act: String, Codable, CaseIterable {
  case makeFile, writeFile, truncateFile, removeFile, makeFolder, renameFile
  case readFile, listFolder, runProgram
  case linkFile

  static let writing: [Act] = [
    .makeFile, .writeFile, .truncateFile, .removeFile, .makeFolder, .renameFile, .linkFile,
  ]
  static let reaching: [Act] = [.readFile, .listFolder, .runProgram]

  /// Does it in `folder`, in which a file `old` stands.
  func errno(in folder: String) -> Int32 {
    let old = FilePath("\(folder)/old")
    let new = FilePath("\(folder)/new")
    switch self {
    case .makeFile: return Self.open(new, .writeOnly, [.create, .exclusiveCreate])
    case .writeFile: return Self.open(old, .writeOnly)
    case .truncateFile: return unsafe truncate(old.string, 0) == 0 ? 0 : Glibc.errno
    case .removeFile: return unsafe unlink(old.string) == 0 ? 0 : Glibc.errno
    case .makeFolder: return unsafe mkdir(new.string, 0o700) == 0 ? 0 : Glibc.errno
    case .renameFile: return unsafe rename(old.string, new.string) == 0 ? 0 : Glibc.errno
    case .readFile: return Self.open(old, .readOnly)
    case .listFolder: return Self.open(FilePath(folder), .readOnly, .directory)
    case .linkFile:
      return unsafe linkat(AT_FDCWD, old.string, AT_FDCWD, new.string, 0) == 0 ? 0 : Glibc.errno
    case .runProgram:
      unsafe execv("/bin/true", [nil])
      return Glibc.errno
    }
  }

  private static func open(
    _ path: FilePath, _ mode: FileDescriptor.AccessMode, _ options: FileDescriptor.OpenOptions = []
  ) -> Int32 {
    do {
      try FileDescriptor.open(path, mode, options: options, permissions: .ownerReadWrite).close()
      return 0
    } catch {
      return (error as? Errno)?.rawValue ?? -1
    }
  }
}

/// A folder with a file `old`, removed at the end.
private final class Folder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "vgt-confinement-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try Data("old".utf8).write(to: URL(filePath: "\(path)/old"))
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }
}

@Suite(.enabled(if: Confinement.hasLandlock, "this kernel has no Landlock"))
struct `A confined process` {
  @Test(arguments: Act.allCases)
  func `could do everything before`(act: Act) async throws {
    let folder = try Folder()
    await #expect(processExitsWith: .success) { [act, path = folder.path as String] in
      exit(act.errno(in: path))
    }
  }

  @Test(arguments: Act.writing)
  func `that gave up writing changes no file`(act: Act) async throws {
    let folder = try Folder()
    await #expect(processExitsWith: .exitCode(EACCES)) { [act, path = folder.path as String] in
      try Confinement.denyWrites()
      exit(act.errno(in: path))
    }
  }

  @Test(arguments: Act.reaching)
  func `that gave up writing still reads`(act: Act) async throws {
    let folder = try Folder()
    await #expect(processExitsWith: .success) { [act, path = folder.path as String] in
      try Confinement.denyWrites()
      exit(act.errno(in: path))
    }
  }

  @Test(arguments: Act.allCases)
  func `that gave up both reaches nothing`(act: Act) async throws {
    let folder = try Folder()
    await #expect(processExitsWith: .success) { [act, path = folder.path as String] in
      try Confinement.denyWrites()
      try Confinement.denyAccess()
      // Of Landlock and of the filter of system calls.
      exit([EACCES, EPERM].contains(act.errno(in: path)) ? 0 : 1)
    }
  }

  @Test func `may still give its result a name`() async throws {
    let folder = try Folder()
    await #expect(processExitsWith: .success) { [path = folder.path as String] in
      let result = FilePath("\(path)/result")
      try Confinement.denyWrites(exceptNaming: result)
      try Confinement.denyAccess(exceptNaming: result)
      exit(Act.linkFile.errno(in: path))
    }
  }

  @Test func `still writes to the file that it made before`() async throws {
    let folder = try Folder()
    await #expect(processExitsWith: .success) { [path = folder.path as String] in
      var file = try NewFile(FilePath("\(path)/result"))
      try Confinement.denyWrites(exceptNaming: file.path)
      try Confinement.denyAccess(exceptNaming: file.path)
      try file.write("whole")
    }
    #expect(try String(contentsOfFile: "\(folder.path)/result", encoding: .utf8) == "whole")
  }
}

@Suite struct `Privileges` {
  /// What the kernel says of a process that `prepare` ran in.
  private static func status(_ key: String, of status: FileHandle) -> String? {
    let text = (try? status.readToEnd()).flatMap { $0 }.map { String(decoding: $0, as: UTF8.self) }
    return text?.split(separator: "\n").first { $0.hasPrefix("\(key):") }
      .map { $0.dropFirst(key.count + 1).trimmingCharacters(in: .whitespaces) }
  }

  @Test(.enabled(if: geteuid() == 0, "only root has capabilities to lose"))
  func `are there before`() async {
    await #expect(processExitsWith: .exitCode(1)) {
      let status = FileHandle(forReadingAtPath: "/proc/thread-self/status")
      exit(status.flatMap { Self.status("CapEff", of: $0) } == "0000000000000000" ? 0 : 1)
    }
  }

  @Test(arguments: ["CapEff", "CapPrm", "CapInh", "CapAmb"])
  func `are gone afterwards`(set: String) async {
    await #expect(processExitsWith: .success) { [set] in
      let status = FileHandle(forReadingAtPath: "/proc/thread-self/status")
      try Confinement.denyAccess()
      exit(status.flatMap { Self.status(set, of: $0) } == "0000000000000000" ? 0 : 1)
    }
  }

  @Test func `cannot be gained any more`() async {
    await #expect(processExitsWith: .success) {
      let status = FileHandle(forReadingAtPath: "/proc/thread-self/status")
      try Confinement.denyWrites()
      exit(status.flatMap { Self.status("NoNewPrivs", of: $0) } == "1" ? 0 : 1)
    }
  }
}
