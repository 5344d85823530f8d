internal import CVgtShim
package import SystemPackage
internal import VgtFiles

/// The records that the running kernel still has, as `/dev/kmsg` gives them;
/// the messages of every driver.
package struct KernelRing: ~Copyable {
  private let file: FileDescriptor
  private let first: [UInt8]

  /// Opens it, and reads its first record.
  ///
  /// - Throws: `Errno` of opening or reading `/dev/kmsg`.
  package init() throws(Errno) {
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
  package var isWhole: Bool {
    let fields = first.split(
      separator: UInt8(ascii: ","), maxSplits: 2, omittingEmptySubsequences: false)
    return fields.count == 3 && fields[1].elementsEqual([UInt8(ascii: "0")])
  }

  /// Reads all records.
  ///
  /// - Throws: `Errno` of reading; `receive` has got the records before.
  package consuming func read(_ receive: ([UInt8]) -> Void) throws(Errno) {
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
package struct KernelJournal: ~Copyable {
  private let journal: vgt_journal

  /// Starts the program that reads the journal; `nil` where there is none.
  package init?() {
    // Set only once it is open: a whole value that is given up is deinitialized.
    let opened = vgt_journal_open()
    guard opened.error == 0 else { return nil }
    journal = opened
  }

  deinit {
    vgt_journal_close(journal)
  }

  /// Reads all messages.
  package consuming func read(_ receive: ([UInt8]) -> Void) {
    let output = FileDescriptor(rawValue: journal.output)
    while let chunk = try? SystemCalls.read(output, upTo: 1 << 16), !chunk.isEmpty {
      receive(chunk)
    }
  }
}
