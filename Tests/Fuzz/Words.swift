import VgtCore

/// Numbers out of an input, which are 0 after its end.
struct Words {
  private var bytes: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) {
    self.bytes = bytes[...]
  }

  var isEmpty: Bool { bytes.isEmpty }

  mutating func byte() -> UInt8 { bytes.popFirst() ?? 0 }

  /// As many bytes as the number has, the lowest first.
  mutating func next<Number: FixedWidthInteger>(_ type: Number.Type = Number.self) -> Number {
    var number: Number = 0
    for index in 0..<Number.bitWidth / 8 {
      number |= Number(truncatingIfNeeded: byte()) << (8 * index)
    }
    return number
  }

  /// - Parameter limit: At most 256.
  mutating func next(below limit: Int) -> Int { Int(byte()) % limit }

  /// One of the values, of which there is one at least.
  mutating func pick<Value>(_ values: [Value]) -> Value { values[next(below: values.count)] }

  /// A capture of any kind that a run may come to, and of some that none should.
  mutating func capture() -> Capture {
    var capture = Capture(
      kernelRelease: "\(next(below: 7)).\(next(below: 20)).0",
      address: PCIAddress(
        domain: 0, bus: byte(), device: UInt8(next(below: 32)), function: UInt8(next(below: 8))),
      // A platform without a page is not worth most of the inputs.
      deviceID: pick([0x1912, 0x5912, 0x0412, 0x1612, 0x9A49]), revision: byte(),
      classCode: 0x030000, backend: pick(Backend.allCases))
    capture.command = next()
    capture.gmchControl = once(in: 8) ? nil : next()
    capture.bar0 = BAR(address: 0xFD00_0000, size: 16 << 20)
    capture.bar2 = once(in: 8) ? nil : BAR(address: 0xC000_0000, size: 1 << next(below: 36))
    capture.driver = pick(["i915", nil, "xe"])
    capture.driverAnswers = driverAnswers()
    capture.version = pick(Array(Capture.versions))
    if capture.version >= 2 { capture.enableGuC = pick([nil, -1, 0, 2, 3]) }
    let isWrong = once(in: 8)
    capture.accesses = (isWrong ? [.magic] : Register.all).map { register in
      let value = register == .magic && !isWrong ? VgtIf.magic : next()
      return Access(
        offset: register.offset, width: register.width, value: value & register.width.allOnes)
    }
    return capture
  }

  private mutating func driverAnswers() -> DriverAnswers {
    var ranges: [GraphicsRange] = []
    for _ in 0..<next(below: 5) {
      let start = UInt64(next(UInt32.self))
      ranges.append(GraphicsRange(start: start, end: start + UInt64(next(UInt32.self))))
    }
    return DriverAnswers(
      log: answer(ranges),
      aperture: answer(ApertureSize(size: next(), available: UInt64(next(UInt32.self)))),
      fences: answer(UInt32(byte())))
  }

  private mutating func answer<Value>(_ value: Value) -> DriverAnswer<Value> {
    switch next(below: 4) {
    case 0: .said(value, agrees: true)
    case 1: .said(value, agrees: false)
    case 2: .absent(pick(DriverAnswers.AbsentReason.allCases))
    default: .unreadable(pick(DriverAnswers.UnreadableReason.allCases))
    }
  }

  private mutating func once(in count: Int) -> Bool { next(below: count) == count - 1 }
}
