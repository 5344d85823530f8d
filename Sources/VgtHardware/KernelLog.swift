internal import CVgtShim
package import SystemPackage
internal import VgtFiles

/// The running kernel's messages.
package enum KernelLog {
  /// The records that the kernel still has, as `/dev/kmsg` gives them.
  ///
  /// - Parameter receive: Gets each record; the messages of every driver.
  /// - Throws: `Errno` of opening or reading `/dev/kmsg`.
  package static func readRing(_ receive: ([UInt8]) -> Void) throws(Errno) {
    let ring = try ByteInput.open("/dev/kmsg", options: .nonBlocking)
    defer { try? ring.close() }
    while true {
      do {
        let record = try SystemCalls.read(ring, upTo: recordLimit)
        if record.isEmpty { return }
        receive(record)
      } catch .brokenPipe {
        // The kernel overwrote the record in between; the next is there.
        continue
      } catch .resourceTemporarilyUnavailable {
        return
      }
    }
  }

  /// Linux 6.1 `kernel/printk/internal.h`, `CONSOLE_EXT_LOG_MAX`.
  private static let recordLimit = 8192

  /// The messages of this boot that the journal kept; none where there is no
  /// journal.
  package static func readJournal(_ receive: ([UInt8]) -> Void) {
    let journal = vgt_journal_open()
    guard journal.error == 0 else { return }
    defer { vgt_journal_close(journal) }
    let output = FileDescriptor(rawValue: journal.output)
    while let chunk = try? SystemCalls.read(output, upTo: 1 << 16), !chunk.isEmpty {
      receive(chunk)
    }
  }
}
