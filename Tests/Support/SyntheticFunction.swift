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

  /// The same with a GGTT as i915 leaves it: in each share one scratch page,
  /// with objects between.
  package static var ballooned: SyntheticFunction {
    var function = SyntheticFunction.healthy
    function.page.rest = 0
    let page = function.page
    for (base, size) in [
      (page.mappableBase, page.mappableSize), (page.unmappableBase, page.unmappableSize),
    ] {
      var entries = [UInt8](repeating: 0, count: Int(size >> 12) * 8)
      for index in 0..<UInt64(size) >> 12 {
        // Present, and where in memory: an object's page, or the scratch page.
        let isObject = index % 4096 < 1500
        let entry = isObject ? 0x2_0000_0001 + UInt64(base) + index << 12 : 0x1337_0001
        entries.put(entry, at: Int(index) * 8)
      }
      function.barBytes[0x80_0000 + Int(base) / 4096 * 8] = entries
    }
    return function
  }

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
  /// What BAR0 holds, by offset.
  var barContent: [Int: [UInt8]] { barBytes.merging([0x78000: page.bytes]) { $1 } }

  /// Writes the function's folder into one that stands in for
  /// /sys/bus/pci/devices.
  package func write(to folder: ScratchFolder, below prefix: String = "") throws {
    let name = prefix + address
    for (file, text) in attributes { try folder.write(text, to: "\(name)/\(file)") }
    try folder.write(config, to: "\(name)/config")
    if let driver {
      try folder.link("\(name)/driver", to: "../../../bus/pci/drivers/\(driver)")
    }
    let length: Int? =
      switch resource0 {
      case .whole: bar0.map { Int($0.size) }
      case .length(let length): length
      case .missing: nil
      }
    if let length {
      try folder.writeSparse(barContent, length: length, to: "\(name)/resource0")
    }
  }

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
    let ids = [vendor, deviceID].map { String($0, radix: 16, uppercase: true) }
    files["uevent"] = """
      PCI_CLASS=\(String(classCode, radix: 16, uppercase: true))
      PCI_ID=\(ids.joined(separator: ":"))
      PCI_SLOT_NAME=\(address)

      """
    files["power_state"] = powerState.map { $0 + "\n" }
    files["power/runtime_status"] = runtimeStatus.map { $0 + "\n" }
    return files
  }
}

extension FixedWidthInteger {
  /// Lower-case hex without `0x`.
  package func hexDigits(_ count: Int) -> String {
    let bare = String(self, radix: 16)
    return String(repeating: "0", count: Swift.max(0, count - bare.count)) + bare
  }
}
