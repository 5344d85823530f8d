import SystemPackage
import VgtDriver
import VgtFiles
import VgtLog
import VgtReport

/// Reads logs as streams.
enum LogInput {
  /// Bytes to read at once.
  private static let chunk = 1 << 18

  /// The probes in a file.
  ///
  /// - Parameter name: A path, or `-` for standard input.
  static func file(_ name: String) throws(Failure) -> [LogReport.Entry] {
    do {
      guard name != "-" else { return entries(name, try read(.standardInput, size: nil)) }
      let descriptor = try ByteInput.open(FilePath(name))
      defer { try? descriptor.close() }
      let size = try? Int(descriptor.seek(offset: 0, from: .end))
      _ = try? descriptor.seek(offset: 0, from: .start)
      return entries(name, try read(descriptor, size: size))
    } catch .noSuchFileOrDirectory {
      throw Failure(.noInput, "cannot read \(name): no such file; give the path of a log, or '-'")
    } catch .permissionDenied {
      throw Failure(
        .cannotTell, "cannot read \(name): permission denied; read it as its owner or root")
    } catch {
      throw Failure(.cannotTell, "cannot read \(InputFile.title(name)): \(error)")
    }
  }

  /// The probes in the running kernel's log; where the ring no longer holds
  /// one, in the journal of this boot.
  static func kernel() throws(Failure) -> [LogReport.Entry] {
    let found = KernelLog().probes { !$0.isEmpty }
    if found.isJournalSilent { Messages.say("the journal did not answer; it was left out") }
    guard found.boots.isEmpty, let error = found.ringRefusal else {
      return entries(found.source.rawValue, found.boots)
    }
    throw Failure(.cannotTell, "cannot read /dev/kmsg: \(error); \(nextStep(after: error))")
  }

  private static func nextStep(after error: Errno) -> String {
    switch error {
    case .permissionDenied, .notPermitted:
      "kernel.dmesg_restrict keeps it to root: run vgt-balloon log as root, or give it a file"
    default: "give vgt-balloon log a file: dmesg > FILE"
    }
  }

  private static func read(
    _ descriptor: FileDescriptor, size: Int?
  ) throws(Errno) -> [LogBoot] {
    var reader = LogReader()
    var bar = ProgressBar("MiB", total: size.flatMap { $0 > 0 ? UInt64($0 >> 20) : nil })
    defer { bar.end() }
    var done = 0
    while true {
      let bytes = try SystemCalls.read(descriptor, upTo: chunk)
      if bytes.isEmpty { return reader.finish() }
      reader.read(bytes)
      done += bytes.count
      bar.update(done: UInt64(done >> 20))
    }
  }

  private static func entries(_ source: String, _ boots: [LogBoot]) -> [LogReport.Entry] {
    boots.map { LogReport.Entry(source: source, boot: $0) }
  }
}
