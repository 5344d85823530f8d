import Foundation

/// A synthetic machine on disk, and runs of the built binary inside it.
///
/// The binary runs with the real libpciaccess in a user and a mount namespace
/// of its own, in which the bed's folders lie over /sys and /dev. It is root
/// there, and nobody outside: the machine's own devices and memory are out of
/// its reach.
package final class QuickBed: Sendable {
  private let folder: ScratchFolder

  package convenience init(_ functions: SyntheticFunction...) throws {
    try self.init(SyntheticMachine(functions))
  }

  package init(_ machine: SyntheticMachine) throws {
    folder = try ScratchFolder()
    try folder.makeFolder("sys/kernel/security")
    if machine.hasPCITree { try folder.makeFolder("sys/bus/pci/devices") }
    for device in ["dev/null", "dev/full"] { try folder.write("", to: device) }
    try folder.write(machine.kernelRelease + "\n", to: "osrelease")
    if let lockdown = machine.lockdown {
      try folder.write(lockdown + "\n", to: "sys/kernel/security/lockdown")
    }
    for (path, text) in machine.files { try folder.write(text, to: String(path.dropFirst())) }
    for (path, target) in machine.links { try folder.link(String(path.dropFirst()), to: target) }
    try writeJournal(machine.journal)
    for function in machine.functions {
      try function.write(to: folder, below: "sys/bus/pci/devices/")
    }
    try writeDevMem(machine)
  }

  /// The path of a file in the bed that is neither of /sys nor of /dev; the
  /// same inside a run.
  package func path(_ name: String) -> String { folder.path(name) }

  /// Puts a file into the bed, at the path that `path` gives.
  package func write(_ text: String, to name: String) throws { try folder.write(text, to: name) }

  /// A file that a run left in the bed.
  package func read(_ name: String) -> [UInt8]? { folder.read(name) }

  /// Runs the binary in the bed.
  ///
  /// - Parameters:
  ///   - wrapper: A command that runs the binary: strace, for example.
  ///   - preparation: A shell script that is run in the namespace before; the
  ///     bed's own folder is `$BED`.
  ///   - isOnTerminal: Whether a terminal takes output and errors, mixed.
  package func run(
    _ arguments: [String], input: [UInt8] = [], under wrapper: [String] = [],
    after preparation: String = ":", environment: [String: String] = [:],
    isOnTerminal: Bool = false
  ) throws -> ToolRun {
    try Tool.execute(
      (isOnTerminal ? ["python3", "-c", Self.terminal] : []) + [
        "unshare", "--user", "--map-root-user", "--mount", "sh", "-ec", Self.script, "sh",
      ]
        + wrapper + [Tool.path] + arguments,
      input: input,
      environment: environment.merging(["BED": folder.url.path, "PREPARATION": preparation]) {
        $1
      })
  }

  /// Runs the binary in the bed.
  package func run(_ arguments: String...) throws -> ToolRun {
    try run(arguments)
  }

  /// Runs its arguments on a terminal of their own, and copies what they print.
  private static let terminal = """
    import os, pty, sys
    sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))
    """

  private static let script = """
    mount --bind /dev/null "$BED/dev/null"
    mount --bind /dev/full "$BED/dev/full"
    if [ -e "$BED/refuse-mem" ]; then
      mount --bind /dev/null "$BED/dev/mem"
      mount -o remount,bind,nodev "$BED/dev/mem"
    fi
    if [ -e /usr/bin/journalctl ]; then mount --bind "$BED/journalctl" /usr/bin/journalctl; fi
    mount --bind "$BED/osrelease" /proc/sys/kernel/osrelease
    mount --rbind "$BED/dev" /dev
    mount --bind "$BED/sys" /sys
    eval "$PREPARATION"
    exec "$@"
    """

  private func writeDevMem(_ machine: SyntheticMachine) throws {
    switch machine.devMem {
    case .missing: break
    case .refused:
      try folder.write("", to: "dev/mem")
      try folder.write("", to: "refuse-mem")
    case .memory:
      var parts: [Int: [UInt8]] = [:]
      for function in machine.functions {
        guard let bar0 = function.bar0 else { continue }
        for (offset, bytes) in function.barContent { parts[Int(bar0.address) + offset] = bytes }
      }
      try folder.writeSparse(parts, length: 1 << 32, to: "dev/mem")
    }
  }

  private func writeJournal(_ journal: String?) throws {
    try folder.write("#!/bin/sh\nexec cat \(folder.path("journal"))\n", to: "journalctl")
    guard let journal else { return }
    try folder.write(journal, to: "journal")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: folder.path("journalctl"))
  }
}
