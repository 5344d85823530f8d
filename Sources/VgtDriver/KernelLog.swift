internal import CVgtDriver
package import SystemPackage
internal import VgtFiles
package import VgtLog

/// The running kernel's messages of this boot: those that its ring still has;
/// where it has lost its first ones, or may not be read, those that the journal
/// kept.
///
/// Opened while this process still may open, read when it no longer may.
package struct KernelLog: ~Copyable {
  package enum Source: String, Hashable, Sendable {
    case ring = "/dev/kmsg"
    case journal
  }

  /// What was looked for, and what stood in the way.
  package struct Finding<Value> {
    /// `nil` when neither source holds it.
    package internal(set) var value: Value?
    /// Where `value` was found.
    package internal(set) var source = Source.ring
    /// Why the ring could not be read, or not to its end.
    package internal(set) var ringRefusal: Errno?
    /// Whether the journal was given up: it had nothing to say for too long.
    package internal(set) var isJournalSilent = false
  }

  private let ring: KernelRing?
  private let refusal: Errno?
  private let journal: KernelJournal?

  package init() {
    do {
      let opened = try KernelRing()
      journal = opened.isWhole ? nil : KernelJournal()
      ring = consume opened
      refusal = nil
    } catch {
      journal = KernelJournal()
      ring = nil
      refusal = error
    }
  }

  /// Looks among the probes of the ring, then of the journal.
  ///
  /// - Parameter find: What is wanted of all the probes that a source holds;
  ///   `nil` when it is not among them.
  package consuming func first<Value>(_ find: ([LogBoot]) -> Value?) -> Finding<Value> {
    var finding = Finding<Value>(ringRefusal: refusal)
    if let ring {
      var reader = LogReader()
      do {
        try ring.read { reader.read($0) }
      } catch {
        finding.ringRefusal = error
      }
      finding.value = find(reader.finish())
      if finding.value != nil { return finding }
    }
    if let journal {
      finding.source = .journal
      var reader = LogReader()
      finding.isJournalSilent = !journal.read { reader.read($0) }
      finding.value = find(reader.finish())
    }
    return finding
  }
}

/// The records that the running kernel still has, as `/dev/kmsg` gives them;
/// the messages of every driver.
private struct KernelRing: ~Copyable {
  private let file: FileDescriptor
  private let first: [UInt8]

  /// Opens it, and reads its first record.
  ///
  /// - Throws: `Errno` of opening or reading `/dev/kmsg`.
  init() throws(Errno) {
    let file = try ByteInput.open("/dev/kmsg", options: .nonBlocking)
    do {
      first = try Self.record(of: file)
    } catch {
      try? file.close()
      throw error
    }
    self.file = file
  }

  deinit {
    try? file.close()
  }

  /// Whether nothing was overwritten since the kernel started: the first
  /// record has the number 0. Format: Linux 6.1 `Documentation/ABI/testing/
  /// dev-kmsg`, "priority,sequence number,...".
  var isWhole: Bool {
    let fields = first.split(
      separator: UInt8(ascii: ","), maxSplits: 2, omittingEmptySubsequences: false)
    return fields.count == 3 && fields[1].elementsEqual([UInt8(ascii: "0")])
  }

  /// Reads all records.
  ///
  /// - Throws: `Errno` of reading; `receive` has got the records before.
  consuming func read(_ receive: ([UInt8]) -> Void) throws(Errno) {
    var record = first
    while !record.isEmpty {
      receive(record)
      record = try Self.record(of: file)
    }
  }

  /// The next record; empty after the last.
  private static func record(of file: FileDescriptor) throws(Errno) -> [UInt8] {
    while true {
      do {
        return try SystemCalls.read(file, upTo: recordLimit)
      } catch .brokenPipe {
        // The kernel overwrote the record in between; the next is there.
        continue
      } catch .resourceTemporarilyUnavailable {
        return []
      }
    }
  }

  /// Linux 6.1 `kernel/printk/internal.h`, `CONSOLE_EXT_LOG_MAX`.
  private static let recordLimit = 8192
}

/// The kernel's messages of this boot that the journal kept.
private struct KernelJournal: ~Copyable {
  private let journal: vgt_journal

  /// Starts the program that reads the journal; `nil` where there is none.
  init?() {
    // Set only once it is open: a whole value that is given up is deinitialized.
    let opened = vgt_journal_open()
    guard opened.error == 0 else { return nil }
    journal = opened
  }

  deinit {
    vgt_journal_close(journal)
  }

  /// Reads all messages.
  ///
  /// - Returns: Whether they came to an end: `false` when the journal had
  ///   nothing to say for `patience` milliseconds.
  consuming func read(_ receive: ([UInt8]) -> Void) -> Bool {
    let output = FileDescriptor(rawValue: journal.output)
    while vgt_journal_wait(journal, Self.patience) {
      guard let chunk = try? SystemCalls.read(output, upTo: 1 << 16), !chunk.isEmpty else {
        return true
      }
      receive(chunk)
    }
    return false
  }

  /// Milliseconds. It answers within tens of them, from a slow disk within a
  /// second.
  private static let patience: Int32 = 5000
}
