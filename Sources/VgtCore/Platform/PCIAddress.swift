/// Where a PCI function is: domain, bus, device, function (BDF).
package struct PCIAddress: Hashable, Sendable {
  /// 0 on most machines; VMD and Hyper-V use more than 16 bits.
  package let domain: UInt32
  package let bus: UInt8
  /// 0 to 31.
  package let device: UInt8
  /// 0 to 7.
  package let function: UInt8

  package init(domain: UInt32, bus: UInt8, device: UInt8, function: UInt8) {
    self.domain = domain
    self.bus = bus
    self.device = device
    self.function = function
  }
}

extension PCIAddress: LosslessStringConvertible {
  /// Parses `[DDDD:]BB:DD.F`, all hex; without a domain it is 0.
  package init?(_ text: String) {
    let fields = text.split(separator: ":", omittingEmptySubsequences: false)
    guard fields.count == 2 || fields.count == 3, let slot = fields.last else { return nil }
    let slotFields = slot.split(separator: ".", omittingEmptySubsequences: false)
    guard slotFields.count == 2,
      let bus = Self.parse(fields[fields.count - 2], digits: 1...2, below: 0x100),
      let device = Self.parse(slotFields[0], digits: 1...2, below: 32),
      let function = Self.parse(slotFields[1], digits: 1...1, below: 8)
    else { return nil }
    var domain: UInt32 = 0
    if fields.count == 3 {
      guard let parsed = Self.parse(fields[0], digits: 1...8, below: 1 << 32) else { return nil }
      domain = UInt32(parsed)
    }
    self.init(domain: domain, bus: UInt8(bus), device: UInt8(device), function: UInt8(function))
  }

  private static func parse(
    _ text: Substring, digits: ClosedRange<Int>, below limit: UInt64
  ) -> UInt64? {
    guard digits.contains(text.utf8.count), text.allSatisfy(\.isHexDigit),
      let value = UInt64(text, radix: 16), value < limit
    else { return nil }
    return value
  }

  /// As sysfs names it: `0000:00:02.0`.
  package var description: String {
    "\(domain.bareHex(digits: 4)):\(bus.bareHex(digits: 2)):\(device.bareHex(digits: 2))"
      + ".\(function.bareHex())"
  }
}

extension DefaultStringInterpolation {
  /// Without the generic one's tables.
  package mutating func appendInterpolation(_ address: PCIAddress) {
    appendLiteral(address.description)
  }
}

extension PCIAddress: Comparable {
  package static func < (left: PCIAddress, right: PCIAddress) -> Bool {
    (left.domain, left.bus, left.device, left.function)
      < (right.domain, right.bus, right.device, right.function)
  }
}
