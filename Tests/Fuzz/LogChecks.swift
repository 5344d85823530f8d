import VgtLog
import VgtReport

/// What must hold of every kernel log.
enum LogCheck: CaseIterable {
  /// Chunks may end anywhere.
  case chunks
  /// The fast way through a long log is gone.
  case sieve
  case text, json

  static func make(_ choice: Choice, of bytes: [UInt8]) {
    for check in choice.of(allCases) { check.make(bytes) }
  }

  private func make(_ bytes: [UInt8]) {
    switch self {
    case .chunks:
      let length = 1 + bytes.count % 61
      expect(
        Self.boots(bytes, chunk: length) == Self.boots(bytes),
        "chunks of \(length) bytes change what is read")
    case .sieve: _ = Self.boots(bytes, chunk: 1 + bytes.count / 3, attention: 0)
    case .text: _ = Self.report(bytes).text()
    case .json: _ = Self.report(bytes).json
    }
  }

  private static func report(_ bytes: [UInt8]) -> LogReport {
    LogReport(boots: boots(bytes).map { LogReport.Entry(source: "-", boot: $0) })
  }

  private static func boots(
    _ bytes: [UInt8], chunk: Int = .max, attention: Int = .max
  ) -> [LogBoot] {
    var reader = LogReader(attention: attention)
    var rest = bytes[...]
    while !rest.isEmpty {
      reader.read(Array(rest.prefix(chunk)))
      rest = rest.dropFirst(chunk)
    }
    return reader.finish()
  }
}
