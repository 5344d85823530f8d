/// The text form of a capture: one line a fact, under one checksum.
///
/// The lines are short and made so that they can be read back after every
/// space, line break and quotation mark in them was lost or added: a key ends
/// with a colon, no value holds one but the address, and the keys have a fixed
/// order.
extension Capture {
  /// The lines under the checksum. A diagnosis has compared the answers: its
  /// capture is the one to print.
  package var canonicalLines: [String] {
    var lines = [
      "vgt-balloon capture: \(version)",
      "sample: \(isSample ? "yes" : "no")",
      "kernel: \(Self.escape(kernelRelease))",
      "address: \(address)",
      "device: \(deviceID.hex(digits: 4))",
      "revision: \(revision.hex(digits: 2))",
      "class: \(classCode.hex(digits: 6))",
      "command: \(command?.hex(digits: 4) ?? "none")",
      "gmch_control: \(gmchControl?.hex(digits: 4) ?? "none")",
      "bar0: \(bar0?.captureText ?? "none")",
      "bar2: \(bar2?.captureText ?? "none")",
      "driver: \(driver.map(Self.escapeName) ?? "none")",
      "backend: \(backend.rawValue)",
      "driver_log: \(driverAnswers.log.captureText { _ in "" })",
    ]
    lines += (driverAnswers.log.value ?? []).map { "driver_range: \($0)" }
    lines += [
      "driver_aperture: \(driverAnswers.aperture.captureText { "/\($0.size)/\($0.available)" })",
      "driver_fences: \(driverAnswers.fences.captureText { "/\($0)" })",
    ]
    if version >= 2 { lines.append("enable_guc: \(enableGuC.map { "\($0)" } ?? "none")") }
    lines += [
      "unreadable: \(unreadable?.captureText ?? "none")",
      "accesses: \(accesses.count)",
    ]
    lines += accesses.map(\.description)
    return lines.flatMap(Self.folded)
  }

  /// zlib's CRC-32 over the canonical lines joined by line feeds.
  package var checksum: UInt32 { linesAndChecksum.checksum }

  /// The canonical lines and the checksum's.
  package var lines: [String] { linesAndChecksum.lines }

  package var linesAndChecksum: (lines: [String], checksum: UInt32) {
    let lines = canonicalLines
    let checksum = crc32(lines.joined(separator: "\n").utf8)
    return (lines + ["crc32: \(checksum.hex(digits: 8))"], checksum)
  }

  /// The bytes that a value stands in as they are. All others are written as
  /// `%` and two hex digits.
  private static func isPlain(_ byte: UInt8) -> Bool {
    byte.isLetterOrDigit || "._+~-".utf8.contains(byte)
  }

  /// A line in pieces that leave room for the report's indentation. Only odd
  /// names are that long: each of their bytes takes three columns.
  private static func folded(_ line: String) -> [String] {
    let width = 74
    guard line.utf8.count > width else { return [line] }
    return stride(from: 0, to: line.count, by: width).map {
      String(line.dropFirst($0).prefix(width))
    }
  }

  /// `none` stands for no name, so a name that reads so is escaped.
  private static func escapeName(_ name: String) -> String {
    name == "none" ? "%6eone" : escape(name)
  }

  private static func escape(_ text: String) -> String {
    text.percentEscaped { !isPlain($0) }
  }

  /// Undoes `escape`; `nil` when a byte should have been escaped, or the bytes
  /// are no UTF-8.
  static func unescape(_ text: String) -> String? {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%") {
        guard rest.count >= 2,
          let decoded = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
        else { return nil }
        bytes.append(decoded)
        rest = rest.dropFirst(2)
      } else if isPlain(byte) {
        bytes.append(byte)
      } else {
        return nil
      }
    }
    return String(validating: bytes, as: UTF8.self)
  }
}

extension BAR {
  fileprivate var captureText: String { "\(address.hex())+\(size.hex())" }
}

extension DriverAnswer {
  fileprivate func captureText(_ evidence: (Value) -> String) -> String {
    switch self {
    case .said(let value, _): outcome + evidence(value)
    case .absent(let reason): "absent/\(reason.rawValue)"
    case .unreadable(let reason): "unreadable/\(reason.rawValue)"
    }
  }
}
