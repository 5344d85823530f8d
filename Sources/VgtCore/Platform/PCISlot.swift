/// Which PCI functions are meant, as `lspci -s` takes it:
/// `[[[[DDDD]:]BB]:][DD][.[F]]`, all hex. A part that is left out, or is `*`,
/// means any.
///
/// Source: pciutils 3.9 `lib/filter.c`, `pci_filter_parse_slot`.
package struct PCISlot: Hashable, Sendable {
  package let domain: UInt32?
  package let bus: UInt8?
  package let device: UInt8?
  package let function: UInt8?

  /// Parses `text`; `nil` when a part is no number, or too large.
  package init?(_ text: String) {
    let fields = text.split(separator: ":", omittingEmptySubsequences: false)
    guard fields.count <= 3, let slot = fields.last else { return nil }
    let slotFields = slot.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let domain = Part(fields.count == 3 ? fields[0] : "", upTo: .max),
      let bus = Part(fields.count >= 2 ? fields[fields.count - 2] : "", upTo: 0xFF),
      let device = Part(slotFields[0], upTo: 0x1F),
      let function = Part(slotFields.count == 2 ? slotFields[1] : "", upTo: 7)
    else { return nil }
    self.domain = domain.value
    self.bus = bus.value.map { UInt8($0) }
    self.device = device.value.map { UInt8($0) }
    self.function = function.value.map { UInt8($0) }
  }

  package func matches(_ address: PCIAddress) -> Bool {
    (domain ?? address.domain) == address.domain && (bus ?? address.bus) == address.bus
      && (device ?? address.device) == address.device
      && (function ?? address.function) == address.function
  }

  /// The one address that is meant, where bus, device and function are named;
  /// in domain 0 where that is not.
  package var address: PCIAddress? {
    guard let bus, let device, let function else { return nil }
    return PCIAddress(domain: domain ?? 0, bus: bus, device: device, function: function)
  }

  /// One part of the text.
  private struct Part {
    /// `nil` for any.
    let value: UInt32?

    init?(_ text: Substring, upTo limit: UInt32) {
      guard !text.isEmpty, text != "*" else {
        value = nil
        return
      }
      guard text.utf8.count <= 8, text.allSatisfy(\.isHexDigit),
        let number = UInt32(text, radix: 16), number <= limit
      else { return nil }
      value = number
    }
  }
}

extension PCISlot: CustomStringConvertible {
  /// All parts, `*` for any.
  package var description: String {
    "\(Self.text(domain, digits: 4)):\(Self.text(bus, digits: 2))"
      + ":\(Self.text(device, digits: 2)).\(Self.text(function, digits: 1))"
  }

  private static func text(_ part: (some UnsignedInteger)?, digits: Int) -> String {
    part.map { $0.bareHex(digits: digits) } ?? "*"
  }
}
