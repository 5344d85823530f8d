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

  /// What the ring holds; where that is not enough, what the journal does.
  ///
  /// - Parameter isEnough: Whether what is wanted is among them.
  package consuming func contents(where isEnough: (LogContents) -> Bool) -> KernelLogContents {
    var found = KernelLogContents(ringRefusal: refusal)
    if let ring {
      var reader = LogReader(.kernel)
      do {
        try ring.read { reader.read($0) }
      } catch {
        found.ringRefusal = error
      }
      found.contents = reader.finish()
      if isEnough(found.contents) { return found }
    }
    if let journal {
      var reader = LogReader(.kernel)
      found.isJournalSilent = !journal.read { reader.read($0) }
      let kept = reader.finish()
      // One that is empty, or broke off, says less than the ring.
      if isEnough(kept) || kept.hostMessages.count >= found.contents.hostMessages.count {
        found.contents = kept
        found.source = .journal
      }
    }
    return found
  }
}

/// What the running kernel's messages hold, and what stood in the way.
package struct KernelLogContents: Sendable {
  package enum Source: String, Hashable, Sendable {
    case ring = "/dev/kmsg"
    case journal
  }

  package internal(set) var contents = LogContents()
  /// Where they were found.
  package internal(set) var source = Source.ring
  /// Why the ring could not be read, or not to its end.
  package internal(set) var ringRefusal: Errno?
  /// Whether the journal was given up: it had nothing to say for too long.
  package internal(set) var isJournalSilent = false
}

/// The records that the running kernel still has, as `/dev/kmsg` gives them;
/// the messages of every driver.
struct KernelRing: ~Copyable {
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
struct KernelJournal: ~Copyable {
  private let journal: vgt_journal

  /// Starts the program that reads the journal; `nil` where there is none.
  init?() {
    // Set only once it is open: a whole value that is given up is deinitialized.
    let opened = vgt_journal_open()
    guard opened.error == 0 else { return nil }
    journal = opened
    Confinement.keepRight(toEnd: journal.process)
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
