import SystemPackage
import VgtFiles
import VgtHardware
import VgtLog
import VgtReport

/// A log that is open, and is read as a stream.
enum LogInput {
  case file(OpenFile)
  /// The running kernel's log; where the ring no longer holds a probe, the
  /// journal of this boot.
  case kernel(KernelLog)

  /// The two places where the running kernel's log is.
  final class KernelLog {
    var ring: KernelRing?
    var journal: KernelJournal?

    init(_ ring: consuming KernelRing, _ journal: consuming KernelJournal?) {
      self.ring = consume ring
      self.journal = consume journal
    }
  }

  /// Bytes to read at once.
  private static let chunk = 1 << 18

  /// Opens a log that a user named.
  init(_ name: FileName) throws(CommandError) {
    do {
      self = .file(try OpenFile(name))
    } catch {
      throw Self.error(error, of: name)
    }
  }

  /// Opens the running kernel's log.
  static func kernel() throws(CommandError) -> LogInput {
    do {
      return .kernel(KernelLog(try KernelRing(), KernelJournal()))
    } catch {
      throw CommandError(.cannotTell, "cannot read /dev/kmsg: \(error); \(nextStep(after: error))")
    }
  }

  /// The probes in it; to be called once.
  func entries() throws(CommandError) -> [LogReport.Entry] {
    switch self {
    case .file(let file):
      do {
        return Self.entries(file.name.name, try Self.read(file.descriptor))
      } catch {
        throw Self.error(error, of: file.name)
      }
    case .kernel(let log):
      var reader = LogReader()
      do {
        try log.ring.take()?.read { reader.read($0) }
      } catch {
        throw CommandError(
          .cannotTell, "cannot read /dev/kmsg: \(error); \(Self.nextStep(after: error))")
      }
      let boots = reader.finish()
      guard boots.isEmpty else { return Self.entries("/dev/kmsg", boots) }
      var journal = LogReader()
      log.journal.take()?.read { journal.read($0) }
      return Self.entries("journal", journal.finish())
    }
  }

  private static func error(_ error: Errno, of name: FileName) -> CommandError {
    switch error {
    case .noSuchFileOrDirectory:
      CommandError(.noInput, "cannot read \(name): no such file; give the path of a log, or '-'")
    case .permissionDenied:
      CommandError(
        .cannotTell, "cannot read \(name): permission denied; read it as its owner or root")
    default: CommandError(.cannotTell, "cannot read \(name): \(error)")
    }
  }

  private static func nextStep(after error: Errno) -> String {
    switch error {
    case .permissionDenied, .notPermitted:
      "kernel.dmesg_restrict keeps it to root: run vgt-balloon log as root, or give it a file"
    default: "give vgt-balloon log a file: dmesg > FILE"
    }
  }

  private static func read(_ descriptor: FileDescriptor) throws(Errno) -> [LogBoot] {
    var reader = LogReader()
    while true {
      let bytes = try ByteInput.read(descriptor, upTo: chunk)
      if bytes.isEmpty { return reader.finish() }
      reader.read(bytes)
    }
  }

  private static func entries(_ source: String, _ boots: [LogBoot]) -> [LogReport.Entry] {
    boots.map { LogReport.Entry(source: source, boot: $0) }
  }
}
