/// A PCI function as sysfs shows it. A fault is one change to `healthy`.
package struct SyntheticFunction: Hashable, Sendable {
  package var address = "0000:00:02.0"
  package var vendor: UInt16 = 0x8086
  package var deviceID: UInt16 = 0x1912
  package var revision: UInt8 = 0x06
  package var classCode: UInt32 = 0x03_0000
  package var command: UInt16 = 0x0407
  /// 16 bits at 0x50 of config space: GGMS 3 is 8 MiB of table, so 4 GiB.
  package var gmchControl: UInt16 = 0x00C0
  /// Bytes of config space that can be read; a user without root gets 64.
  package var configLength = 256
  /// Config space answers ones, as it does when the function is gone.
  package var isGone = false
  package var bar0: Region? = Region(address: 0xFD00_0000, size: 0x100_0000, flags: 0x14_0204)
  package var bar2: Region? = Region(address: 0xC000_0000, size: 0x1000_0000, flags: 0x14_220C)
  package var resource0: Resource0 = .whole
  package var page = InfoPage()
  /// Further bytes of BAR0, by offset.
  package var barBytes: [Int: [UInt8]] = [:]
  package var driver: String?
  /// What `power_state` says; no such file when `nil`.
  package var powerState: String? = "D0"
  /// What `power/runtime_status` says.
  package var runtimeStatus: String? = "active"

  package enum Resource0: Hashable, Sendable {
    /// As long as BAR0.
    case whole
    case length(Int)
    case missing
  }

  /// A line of sysfs's `resource`.
  package struct Region: Hashable, Sendable {
    package var address: UInt64
    package var size: UInt64
    /// Linux `include/linux/ioport.h`: 0x200 is memory, 0x2000 prefetchable.
    package var flags: UInt64

    package init(address: UInt64, size: UInt64, flags: UInt64) {
      self.address = address
      self.size = size
      self.flags = flags
    }
  }

  /// A Skylake vGPU that no driver is bound to.
  package static let healthy = SyntheticFunction()

  package init() {}

  /// The same, but for one thing.
  package func with<Value>(
    _ property: WritableKeyPath<Self, Value>, _ value: Value
  ) -> SyntheticFunction {
    var copy = self
    copy[keyPath: property] = value
    return copy
  }
}

extension SyntheticFunction: CustomStringConvertible {
  /// Short, for the lists of tests: what is changed, the test's table says.
  package var description: String { "\(vendor.hexDigits(4)):\(deviceID.hexDigits(4)) \(address)" }
}

extension SyntheticFunction {
  /// The bytes of config space. Offsets: PCI Local Bus Specification 3.0,
  /// section 6.1.
  var config: [UInt8] {
    var config = [UInt8](repeating: isGone ? 0xFF : 0, count: 256)
    if !isGone {
      config.put(vendor, at: 0x00)
      config.put(deviceID, at: 0x02)
      config.put(command, at: 0x04)
      config.put(UInt32(revision) | classCode << 8, at: 0x08)
      config.put((bar0?.address ?? 0) | 0x4, at: 0x10)
      config.put((bar2?.address ?? 0) | 0xC, at: 0x18)
      config.put(gmchControl, at: 0x50)
    }
    return Array(config.prefix(configLength))
  }

  /// Thirteen lines: six BARs, the ROM and six of a bridge.
  var resourceLines: String {
    let regions = [bar0, nil, bar2] + [Region?](repeating: nil, count: 10)
    return regions.map { region in
      let fields: [UInt64] =
        region.map { [$0.address, $0.address + $0.size - 1, $0.flags] } ?? [0, 0, 0]
      return fields.map { "0x" + $0.hexDigits(16) }.joined(separator: " ") + "\n"
    }.joined()
  }

  /// The small files of the function's folder, by name.
  var attributes: [String: String] {
    var files = [
      "vendor": "0x\(vendor.hexDigits(4))\n",
      "device": "0x\(deviceID.hexDigits(4))\n",
      "class": "0x\(classCode.hexDigits(6))\n",
      "revision": "0x\(revision.hexDigits(2))\n",
      "subsystem_vendor": "0x8086\n",
      "subsystem_device": "0x2212\n",
      "irq": "11\n",
      "resource": resourceLines,
    ]
    files["power_state"] = powerState.map { $0 + "\n" }
    files["power/runtime_status"] = runtimeStatus.map { $0 + "\n" }
    return files
  }
}

extension FixedWidthInteger {
  /// Lower-case hex without `0x`.
  func hexDigits(_ count: Int) -> String {
    let bare = String(self, radix: 16)
    return String(repeating: "0", count: Swift.max(0, count - bare.count)) + bare
  }
}
