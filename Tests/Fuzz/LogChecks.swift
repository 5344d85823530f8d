import VgtLog
import VgtReport

/// What must hold of every kernel log.
enum LogCheck: CaseIterable {
  /// Chunks may end anywhere.
  case chunks
  /// Before it comes more than is looked at one by one.
  case prefilter
  case text, json

  static func make(_ choice: Choice, of bytes: [UInt8]) {
    for check in choice.of(allCases) { check.make(bytes) }
  }

  private func make(_ bytes: [UInt8]) {
    switch self {
    case .chunks:
      let length = 1 + bytes.count % 61
      expect(
        Self.contents(bytes, chunk: length) == Self.contents(bytes),
        "chunks of \(length) bytes change what is read")
    case .prefilter: _ = Self.contents(Self.padding + bytes)
    case .text: _ = Self.report(bytes).text()
    case .json: _ = Self.report(bytes).json
    }
  }

  private static let padding = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 18)

  private static func report(_ bytes: [UInt8]) -> LogReport {
    LogReport([LogReport.Input(source: "-", contents: contents(bytes))])
  }

  private static func contents(_ bytes: [UInt8], chunk: Int = .max) -> LogContents {
    var reader = LogReader()
    var rest = bytes[...]
    while !rest.isEmpty {
      reader.read(Array(rest.prefix(chunk)))
      rest = rest.dropFirst(chunk)
    }
    return reader.finish()
  }
}
