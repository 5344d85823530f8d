package import VgtCore

extension SeededGenerator {
  /// A capture of any kind that a run may come to, and of some that none should:
  /// every cause, every answer of the driver, sound and unsound pages, odd names.
  package mutating func capture() -> Capture {
    var guest = guest()
    switch Int.random(in: 0..<8, using: &self) {
    case 0: guest.magic = pick([0, .max, UInt64.random(in: 0 ... .max, using: &self)])
    case 1: guest.surroundings.unreadable = cause()
    case 2: guest.surroundings.deviceID = UInt16.random(in: 0 ... .max, using: &self)
    default: break
    }
    var capture = guest.capture
    if guest.surroundings.unreadable == .busError {
      capture.accesses = Array(guest.accesses.prefix(Int.random(in: 0..<6, using: &self)))
    }
    return capture
  }

  /// A guest whose page is there, sound or not.
  package mutating func guest() -> Guest {
    var guest = Guest.healthy(pick(UpstreamType.allCases))
    guest.pvInfo = page()
    guest.surroundings.isSample = once(in: 10)
    guest.surroundings.kernelRelease = pick([
      "6.1.0-53-amd64", "4.10.0", "4.4.0-210-generic", "5.2.21", "3.10.0-957.el7.x86_64", "",
      name(),
    ])
    guest.surroundings.address = PCIAddress(
      domain: pick([0, 1, 0x10000, .max]), bus: UInt8.random(in: 0 ... .max, using: &self),
      device: UInt8.random(in: 0...31, using: &self),
      function: UInt8.random(in: 0...7, using: &self))
    guest.surroundings.deviceID = pick([0x0412, 0x1616, 0x1912, 0x5912, 0x3E92, 0x9BC5, 0x5A84])
    guest.surroundings.revision = UInt8.random(in: 0 ... .max, using: &self)
    guest.surroundings.classCode = pick([0x03_0000, 0x03_8000])
    guest.surroundings.command = once(in: 5) ? nil : UInt16.random(in: 0 ... .max, using: &self)
    guest.surroundings.gmchControl =
      once(in: 10) ? nil : pick([0, 0x40, 0x80, 0xC0, 0x0100, 0x02C0, 0x0300, 0xFFFF])
    guest.surroundings.bar0 = once(in: 5) ? nil : bar(size: pick([4 << 20, 16 << 20]))
    guest.surroundings.bar2 =
      once(in: 10) ? nil : bar(size: pick([1 << 12, 256 << 20, 512 << 20, 1 << 30, 4 << 30, .max]))
    guest.surroundings.driver = pick([nil, "i915", "xe", "vfio-pci", "none", "", name()])
    guest.surroundings.enableGuC = pick([nil, -1, 0, 3, .min, .max])
    guest.surroundings.backend = pick(Backend.allCases)
    guest.surroundings.driverAnswers = driverAnswers()
    return guest
  }

  /// Shares at and around every border, and anywhere.
  package mutating func page() -> VgtIf {
    VgtIf(
      versionMajor: once(in: 10) ? pick([0, 2, .max]) : 1,
      versionMinor: once(in: 10) ? UInt16.random(in: 0 ... .max, using: &self) : 0,
      id: pick([0, 1, 3, 7, 8, .max]),
      caps: Capabilities(rawValue: pick([0, 4, 0xC, 0x1C, 0x3C, 0x1D, .max, 0x8000_001C])),
      mappable: Share(
        base: pick([0, 0x1000, 0x31C_7000, 0x800_0000, 0xC00_0000, 0xFFF_F000, .max]),
        size: pick([0, 1, 0x1000, 0x400_0000, 0x800_0000, 0x1000_0000, 0x4000_0000, .max])),
      unmappable: Share(
        base: pick([0, 0x1000_0000, 0x1000_1000, 0x4000_0000, 0xE7EF_8000, 0xFFFF_F000, .max]),
        size: pick([0, 1, 0x1000, 0x1000_0000, 0x1800_0000, 0x8000_0000, 0xF000_0000, .max])),
      fenceCount: pick([0, 1, 4, 8, 32, 33, .max]))
  }

  /// Up to 64 characters that nobody expects in a name.
  package mutating func name() -> String {
    let odd: [Character] = [
      "a", "Z", "0", ".", "-", "_", "+", "~", "%", ":", "/", " ", "\t", "\n", "\r", "\u{1B}", "\\",
      "\"", "'", "=", "&", ";", ">", "<", "`", "|", "*", "#", "é", "€", "😀", "\u{202E}", "\u{0}",
      "\u{7F}",
    ]
    return String((0..<Int.random(in: 1...64, using: &self)).map { _ in pick(odd) })
  }

  package mutating func cause() -> UnreadableCause {
    pick([
      .permission, .lockdown, .configShort, .barUnassigned, .barSize, .memoryDecodingOff,
      .resourceMissing, .devmemMissing, .resourceShort, .claimed, .mapFailed(12), .mapFailed(.max),
      .asleep,
      .deviceGone, .busError, .allOnes,
    ])
  }

  private mutating func bar(size: UInt64) -> BAR {
    BAR(address: pick([0x1000, 0xFD00_0000, 0x40_0000_0000, .max]), size: size)
  }

  private mutating func driverAnswers() -> DriverAnswers {
    var ranges: [GraphicsRange] = []
    for _ in 0..<Int.random(in: 0...4, using: &self) {
      let start = UInt64.random(in: 0...0xFFFF_FFFF, using: &self)
      ranges.append(GraphicsRange(start: start, end: once(in: 9) ? .max : start + 4096))
    }
    return DriverAnswers(
      log: answer(ranges),
      aperture: answer(
        ApertureSize(size: pick([0, 4 << 30, .max]), available: pick([0, 448 << 20]))),
      fences: answer(pick([0, 4, .max])))
  }

  private mutating func answer<Value>(_ value: Value) -> DriverAnswer<Value> {
    switch Int.random(in: 0..<4, using: &self) {
    case 0: .said(value, agrees: true)
    case 1: .said(value, agrees: false)
    case 2: .absent(pick(DriverAnswers.AbsentReason.allCases))
    default: .unreadable(pick(DriverAnswers.UnreadableReason.allCases))
    }
  }
}
