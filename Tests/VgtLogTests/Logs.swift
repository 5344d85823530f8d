import Foundation
import CoreFixtures
import VgtCore
import VgtLog

/// The logs in `Tests/Fixtures/logs`.
enum Fixture: String, CaseIterable {
  case guest = "kernel-log-5.14-guest"
  case quotedPrintable = "kernel-log-5.14-quoted-printable"
  case barNotMapped = "kernel-log-bar0-not-mapped"
  case kvmgt = "kernel-log-kvmgt-3.14"
  case serialConsole = "kernel-log-5.14-serial-console"

  var bytes: [UInt8] {
    get throws {
      let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Fixtures/logs")
      return Array(try Data(contentsOf: folder.appending(path: rawValue + ".txt")))
    }
  }

  var text: String {
    get throws { String(decoding: try bytes, as: UTF8.self) }
  }

  var boots: [LogProbe] {
    get throws { read(try bytes) }
  }
}

/// Reads a log in chunks of a size.
func contents(
  of bytes: [UInt8], chunk: Int = .max, _ origin: LogReader.Origin = .paste
) -> LogContents {
  var reader = LogReader(origin)
  var rest = bytes[...]
  while !rest.isEmpty {
    reader.read(Array(rest.prefix(chunk)))
    rest = rest.dropFirst(chunk)
  }
  return reader.finish()
}

func contents(of text: String, _ origin: LogReader.Origin = .paste) -> LogContents {
  contents(of: Array(text.utf8), origin)
}

func read(_ bytes: [UInt8], chunk: Int = .max) -> [LogProbe] {
  contents(of: bytes, chunk: chunk).probes
}

func read(_ text: String) -> [LogProbe] { contents(of: text).probes }

/// A range as written in a test.
func range(_ start: UInt64, _ end: UInt64) -> GraphicsRange {
  GraphicsRange(start: start, end: end)
}

/// Every place, or every seventh where the time is short.
let step = isQuick ? 7 : 1

/// Where lines are broken.
let columns = stride(from: 4, through: 110, by: step)
