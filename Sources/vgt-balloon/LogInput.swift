import SystemPackage
import VgtCore
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

  /// Bytes to read at once: what is much larger malloc gives back to the kernel
  /// each time, and every page of it is made anew.
  private static let chunk = 1 << 15

  /// Opens a log that a user named.
  init(_ name: FileName) throws(CommandError) {
    // Read as a file it would never end.
    if name.name == KernelLogContents.Source.ring.rawValue {
      self = .kernel(OpenKernelLog())
      return
    }
    do {
      self = .file(try OpenFile(name))
    } catch {
      throw Self.error(error, of: name)
    }
  }

  /// What it holds; to be called once.
  func contents() throws(CommandError) -> LogReport.Input {
    switch self {
    case .file(let file):
      do {
        return LogReport.Input(source: file.name.name, contents: try Self.read(file.descriptor))
      } catch {
        throw Self.error(error, of: file.name)
      }
    case .kernel(let kernel):
      guard let found = kernel.log.take()?.contents(where: { !$0.probes.isEmpty }) else {
        return LogReport.Input(source: KernelLogContents.Source.ring.rawValue)
      }
      if found.isJournalSilent {
        StandardError.print("the journal did not answer; it was left out")
      }
      guard found.contents == LogContents(), let error = found.ringRefusal else {
        return LogReport.Input(source: found.source.rawValue, contents: found.contents)
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

  /// Why bytes are no log.
  private enum ReadError: Error {
    case compressed(Compression)
    case binary
    case system(Errno)
  }

  private static func error(_ error: ReadError, of name: FileName) -> CommandError {
    switch error {
    case .compressed(let compression):
      CommandError(
        .malformedInput, "\(name): \(compression.advice(file: name.argument, command: "log -"))")
    case .binary:
      CommandError(
        .malformedInput,
        "\(name): the file is binary, not a kernel log; give the text that dmesg or journalctl"
          + " prints")
    case .system(let error): Self.error(error, of: name)
    }
  }

  private static func read(_ descriptor: FileDescriptor) throws(ReadError) -> LogContents {
    var reader = LogReader()
    do {
      // What comes through a pipe may come in pieces.
      var beginning = try ByteInput.read(descriptor, upTo: chunk)
      while !beginning.isEmpty, beginning.count < LogReader.sampleSize {
        let more = try ByteInput.read(descriptor, upTo: chunk)
        if more.isEmpty { break }
        beginning += more
      }
      if let compression = Compression(beginning.prefix(8)) {
        throw ReadError.compressed(compression)
      }
      if LogReader.isBinary(beginning) { throw ReadError.binary }
      reader.read(beginning)
      while true {
        let bytes = try ByteInput.read(descriptor, upTo: chunk)
        if bytes.isEmpty { return reader.finish() }
        reader.read(bytes)
      }
    } catch let error as ReadError {
      throw error
    } catch {
      throw .system(error as? Errno ?? .ioError)
    }
  }
}
