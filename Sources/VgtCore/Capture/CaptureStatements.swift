/// The keys of a capture, without spaces.
enum CaptureKey: String {
  case capture = "vgt-ballooncapture"
  case sample, kernel, address, device, revision, `class`, command
  case gmchControl = "gmch_control"
  case bar0, bar2, driver, backend
  case driverLog = "driver_log"
  case driverRange = "driver_range"
  case driverAperture = "driver_aperture"
  case driverFences = "driver_fences"
  case enableGuC = "enable_guc"
  case unreadable, accesses
  case crc32
}

/// Reads the statements of one capture, whose order is fixed, from characters
/// that have lost their line breaks.
///
/// A value ends where the next key begins, since no value holds a key and its
/// colon.
struct CaptureStatements {
  private(set) var rest: CaptureCharacters
  private let firstLine: Int

  /// - Parameter characters: What follows the first key and its colon.
  init(_ characters: CaptureCharacters) {
    rest = characters
    firstLine = characters.line
  }

  mutating func capture() throws(CaptureError) -> Capture {
    try verifyVersion()
    let version = try value(.capture, upTo: .sample) { text in
      Capture.versions.first { "\($0)" == text }
    }
    let isSample = try value(.sample, upTo: .kernel) { ["yes": true, "no": false][$0] }
    let kernel = try value(.kernel, upTo: .address) { Capture.unescape($0) }
    var capture = Capture(
      kernelRelease: kernel,
      address: try value(.address, upTo: .device) { PCIAddress($0) },
      deviceID: try value(.device, upTo: .revision) { UInt16(hex: $0) },
      revision: try value(.revision, upTo: .class) { UInt8(hex: $0) },
      classCode: try value(.class, upTo: .command) { UInt32(hex: $0) },
      backend: .sysfs)
    capture.version = version
    capture.isSample = isSample
    capture.command = try optional(.command, upTo: .gmchControl) { UInt16(hex: $0) }
    capture.gmchControl = try optional(.gmchControl, upTo: .bar0) { UInt16(hex: $0) }
    capture.bar0 = try optional(.bar0, upTo: .bar2) { BAR(captureText: $0) }
    capture.bar2 = try optional(.bar2, upTo: .driver) { BAR(captureText: $0) }
    capture.driver = try optional(.driver, upTo: .backend) { Capture.unescape($0) }
    capture.backend = try value(.backend, upTo: .driverLog) { Backend(rawValue: $0) }
    capture.driverAnswers = try driverAnswers(upTo: version >= 2 ? .enableGuC : .unreadable)
    if version >= 2 {
      capture.enableGuC = try optional(.enableGuC, upTo: .unreadable) { Int32(canonical: $0) }
    }
    capture.unreadable = try optional(.unreadable, upTo: .accesses) {
      UnreadableCause(captureText: $0)
    }
    capture.accesses = try accesses()
    try verifyChecksum(of: capture)
    return capture
  }

  /// Later versions may have other keys, so this looks at nothing behind the
  /// number.
  private func verifyVersion() throws(CaptureError) {
    var ahead = rest
    let version = ahead.take(20, while: \.isDigit)
    guard Capture.versions.contains(where: { "\($0)" == version }) || version.isEmpty else {
      throw CaptureError(line: firstLine, reason: .unknownVersion(version))
    }
  }

  private mutating func driverAnswers(upTo end: CaptureKey) throws(CaptureError) -> DriverAnswers {
    let log = try field(upTo: [.driverRange, .driverAperture])
    var ranges: [GraphicsRange] = []
    var last = log
    while last.next == .driverRange {
      last = try field(upTo: [.driverRange, .driverAperture])
      ranges.append(try read(last, of: .driverRange) { GraphicsRange($0) })
    }
    return DriverAnswers(
      log: try read(log, of: .driverLog) {
        DriverAnswer(captureText: $0, evidence: { $0.isEmpty ? ranges : nil })
      },
      aperture: try value(.driverAperture, upTo: .driverFences) {
        DriverAnswer(captureText: $0, evidence: ApertureSize.init(captureFields:))
      },
      fences: try value(.driverFences, upTo: end) {
        DriverAnswer(captureText: $0) {
          $0.count == 1 ? UInt32(decimal: $0[0]) : nil
        }
      })
  }

  /// The accesses behind their count. Their digits tell where each ends.
  private mutating func accesses() throws(CaptureError) -> [Access] {
    guard let count = Int(rest.take(1)), count <= Register.all.count else {
      throw CaptureError(line: rest.line, reason: .unreadableValue(key: "accesses"))
    }
    var accesses: [Access] = []
    for register in Register.all.prefix(count) {
      let digits = register.width.rawValue / 4
      let offset = rest.take(7)
      let line = rest.line
      let (width, value) = (rest.take(2), rest.take(2 + digits))
      guard offset.hasPrefix("0x"), value.utf8.count == 2 + digits,
        let value = UInt64(hex: value)
      else {
        throw CaptureError(line: line, reason: .unreadableValue(key: "accesses"))
      }
      // `--from` answers the reader's own loads, so these must be there.
      guard offset == UInt64(register.offset).hex(digits: 5), Int(width) == register.width.rawValue
      else { throw CaptureError(line: line, reason: .otherAccesses) }
      accesses.append(Access(offset: register.offset, width: register.width, value: value))
    }
    return accesses
  }

  private mutating func verifyChecksum(of capture: Capture) throws(CaptureError) {
    guard rest.take(6) == "crc32:" else {
      throw CaptureError(line: rest.line, reason: .missing(key: "crc32"))
    }
    guard let recorded = UInt32(hex: rest.take(10)) else {
      throw CaptureError(line: rest.line, reason: .unreadableValue(key: "crc32"))
    }
    let computed = capture.checksum
    guard recorded == computed else {
      throw CaptureError(
        line: rest.line,
        reason: .checksum(recorded: recorded, computed: computed, start: firstLine))
    }
  }

  // The ways to a value.

  private mutating func value<Value>(
    _ key: CaptureKey, upTo next: CaptureKey, _ parse: (String) -> Value?
  ) throws(CaptureError) -> Value {
    try read(try field(upTo: [next]), of: key, parse)
  }

  private mutating func optional<Value>(
    _ key: CaptureKey, upTo next: CaptureKey, _ parse: (String) -> Value?
  ) throws(CaptureError) -> Value? {
    let field = try field(upTo: [next])
    return field.text == "none" ? nil : try read(field, of: key, parse)
  }

  private func read<Value>(
    _ field: Field, of key: CaptureKey, _ parse: (String) -> Value?
  ) throws(CaptureError) -> Value {
    guard let value = parse(field.text) else {
      throw CaptureError(line: field.line, reason: .unreadableValue(key: key.rawValue))
    }
    return value
  }

  /// What stands between two keys.
  private struct Field {
    let text: String
    /// The key behind it.
    let next: CaptureKey
    /// Of the key before it.
    let line: Int
  }

  /// The characters up to the next of `keys`.
  private mutating func field(upTo keys: [CaptureKey]) throws(CaptureError) -> Field {
    // Longer than any value: a driver's name, as a name of sysfs, has at most
    // 255 bytes, each escaped by three.
    let limit = 1024
    let line = rest.line
    var text = ""
    while text.utf8.count < limit, let character = rest.next() {
      text.unicodeScalars.append(Unicode.Scalar(character))
      guard character == UInt8(ascii: ":") else { continue }
      for next in keys where text.hasSuffix("\(next.rawValue):") {
        return Field(
          text: String(text.dropLast(next.rawValue.count + 1)), next: next, line: line)
      }
    }
    throw CaptureError(line: line, reason: .missing(key: keys[0].rawValue))
  }
}

extension FixedWidthInteger {
  /// Parses a number as it is printed: no sign but a minus, no leading zero.
  fileprivate init?(canonical text: String) {
    guard let value = Self(text), "\(value)" == text else { return nil }
    self = value
  }

  /// Parses decimal digits and nothing else.
  fileprivate init?(decimal text: some StringProtocol) {
    guard text.allSatisfy(\.isNumber) else { return nil }
    self.init(text, radix: 10)
  }
}

extension BAR {
  fileprivate init?(captureText text: String) {
    let fields = text.split(separator: "+", omittingEmptySubsequences: false)
    guard fields.count == 2, let address = UInt64(hex: String(fields[0])),
      let size = UInt64(hex: String(fields[1])), size > 0
    else { return nil }
    self.init(address: address, size: size)
  }
}

extension ApertureSize {
  fileprivate init?(captureFields fields: [Substring]) {
    guard fields.count == 2, let size = UInt64(decimal: fields[0]),
      let available = UInt64(decimal: fields[1])
    else { return nil }
    self.init(size: size, available: available)
  }
}

extension DriverAnswer {
  /// Reads `agrees/…`, `disagrees/…`, `absent/reason`, `unreadable/reason`.
  fileprivate init?(captureText text: String, evidence: ([Substring]) -> Value?) {
    let fields = text.split(separator: "/", omittingEmptySubsequences: false)
    let rest = Array(fields.dropFirst())
    let reason = rest.count == 1 ? String(rest[0]) : ""
    switch fields.first {
    case "agrees", "disagrees":
      guard let value = evidence(rest) else { return nil }
      self = .said(value, agrees: fields.first == "agrees")
    case "absent":
      guard let reason = DriverAnswers.AbsentReason(rawValue: reason) else { return nil }
      self = .absent(reason)
    case "unreadable":
      guard let reason = DriverAnswers.UnreadableReason(rawValue: reason) else { return nil }
      self = .unreadable(reason)
    default: return nil
    }
  }
}
