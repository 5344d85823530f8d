import SystemPackage
import VgtDriver
import VgtFiles
import VgtLog
import VgtReport

/// A log that is open, and is read as a stream.
enum LogInput {
  case file(OpenFile)
  /// The running kernel's log; where the ring no longer holds a probe, the
  /// journal of this boot.
  case kernel(OpenKernelLog)

  /// Where the running kernel's log is; read once.
  final class OpenKernelLog {
    fileprivate var log: KernelLog? = KernelLog()
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

  /// The probes in it; to be called once.
  func entries() throws(CommandError) -> [LogReport.Entry] {
    switch self {
    case .file(let file):
      do {
        return Self.entries(file.name.name, try Self.read(file.descriptor))
      } catch {
        throw Self.error(error, of: file.name)
      }
    case .kernel(let kernel):
      guard let found = kernel.log.take()?.probes(where: { !$0.isEmpty }) else { return [] }
      if found.isJournalSilent {
        StandardError.print("the journal did not answer; it was left out")
      }
      guard found.boots.isEmpty, let error = found.ringRefusal else {
        return Self.entries(found.source.rawValue, found.boots)
      }
      throw CommandError(
        .cannotTell, "cannot read /dev/kmsg: \(error); \(Self.nextStep(after: error))")
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
