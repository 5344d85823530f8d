package import VgtCore

/// The vGPU types of the mainline host, by hand from its table (Linux 6.1
/// `gvt/vgpu.c`, `vgpu_types`), with the ranges that a driver reserves around
/// shares at 0x08000000 and 0x60000000 in 1 GiB of aperture and 4 GiB of GGTT.
package enum UpstreamType: Int, CaseIterable, Sendable {
  case eighth = 8
  case fourth = 4
  case half = 2
  case whole = 1

  package var lowSize: UInt32 {
    switch self {
    case .eighth: 0x400_0000
    case .fourth: 0x800_0000
    case .half: 0x1000_0000
    case .whole: 0x2000_0000
    }
  }

  package var highSize: UInt32 {
    switch self {
    case .eighth: 0x1800_0000
    case .fourth: 0x2000_0000
    case .half: 0x4000_0000
    case .whole: 0x8000_0000
    }
  }

  /// Bytes of both shares.
  package var owned: UInt64 {
    switch self {
    case .eighth: 0x1C00_0000
    case .fourth: 0x2800_0000
    case .half: 0x5000_0000
    case .whole: 0xA000_0000
    }
  }

  /// In the driver's order.
  package var reserved: [GraphicsRange] {
    let ends: (low: UInt64, high: UInt64) =
      switch self {
      case .eighth: (0xC00_0000, 0x7800_0000)
      case .fourth: (0x1000_0000, 0x8000_0000)
      case .half: (0x1800_0000, 0xA000_0000)
      case .whole: (0x2800_0000, 0xE000_0000)
      }
    return [
      GraphicsRange(start: 0x4000_0000, end: 0x6000_0000),
      GraphicsRange(start: ends.high, end: 0x1_0000_0000),
      GraphicsRange(start: 0x0, end: 0x800_0000),
      GraphicsRange(start: ends.low, end: 0x4000_0000),
    ]
  }
}

/// A guest as a test thinks of it: a page and what surrounds it.
///
/// Every fault in the tests is a healthy guest with one thing changed.
package struct Guest: Changing, Hashable, Sendable {
  package var magic: UInt64 = 0x4776_5447_7654_4776
  package var pvInfo: VgtIf
  /// All but the accesses, which come from the page.
  package var surroundings: Capture
  /// What `--kernel` says.
  package var kernel: String?

  /// A live Kaby Lake guest of Linux 6.1 whose driver agrees in everything.
  package static func healthy(_ type: UpstreamType = .eighth) -> Guest {
    var surroundings = Capture(
      kernelRelease: "6.1.0-53-amd64",
      address: PCIAddress(domain: 0, bus: 0, device: 4, function: 0), deviceID: 0x5912,
      revision: 0x04, classCode: 0x03_0000, backend: .sysfs)
    surroundings.command = 0x0407
    surroundings.gmchControl = 0x00C0
    surroundings.bar0 = BAR(address: 0xFD00_0000, size: 0x100_0000)
    surroundings.bar2 = BAR(address: 0x40_0000_0000, size: 0x4000_0000)
    surroundings.driver = "i915"
    surroundings.driverAnswers = DriverAnswers(
      log: .agrees(type.reserved),
      aperture: .agrees(ApertureSize(size: 0x1_0000_0000, available: type.owned)),
      fences: .agrees(4))
    return Guest(
      pvInfo: VgtIf(
        versionMajor: 1, versionMinor: 0, id: 1, caps: Capabilities(rawValue: 0x1C),
        mappable: Share(base: 0x800_0000, size: type.lowSize),
        unmappable: Share(base: 0x6000_0000, size: type.highSize), fenceCount: 4),
      surroundings: surroundings)
  }

  /// A Haswell guest of Linux 4.4, on a host of the XenGT line: 512 MiB of
  /// aperture, 2 GiB of GGTT, no driver loaded yet.
  package static var haswell: Guest {
    var guest = Guest.healthy()
    guest.pvInfo.caps = []
    guest.surroundings.kernelRelease = "4.4.0"
    guest.surroundings.deviceID = 0x0412
    guest.surroundings.gmchControl = 0x0200
    guest.surroundings.bar0 = BAR(address: 0xFD00_0000, size: 0x40_0000)
    guest.surroundings.bar2 = BAR(address: 0xC000_0000, size: 0x2000_0000)
    guest.surroundings.driver = nil
    guest.surroundings.driverAnswers = .notAsked(.noDriver)
    return guest
  }

  /// The guest of July 2021 whose log is public (intel-gvt-dev list, Linux
  /// 5.14-rc2, Kaby Lake). What the log does not tell is as in a healthy guest.
  package static var july2021: Guest {
    var guest = Guest.healthy()
    guest.surroundings.kernelRelease = "5.14.0-rc2+"
    guest.surroundings.bar2 = BAR(address: 0xC000_0000, size: 0x1000_0000)
    guest.pvInfo.mappable = Share(base: 0x31C_7000, size: 0x400_0000)
    guest.pvInfo.unmappable = Share(base: 0xE7EF_8000, size: 0x1800_0000)
    guest.surroundings.driverAnswers.log = .agrees([
      GraphicsRange(start: 0x1000_0000, end: 0xE7EF_8000),
      GraphicsRange(start: 0xFFEF_8000, end: 0x1_0000_0000),
      GraphicsRange(start: 0x0, end: 0x31C_7000),
      GraphicsRange(start: 0x71C_7000, end: 0x1000_0000),
    ])
    return guest
  }

  package var capture: Capture {
    var capture = surroundings
    if capture.unreadable == nil { capture.accesses = accesses }
    return capture
  }

  /// What the six loads answer; one alone when the magic is wrong.
  package var accesses: [Access] {
    let first = Access(offset: 0x78000, width: .bits64, value: magic)
    guard magic == 0x4776_5447_7654_4776 else { return [first] }
    let version = UInt64(pvInfo.versionMajor) | UInt64(pvInfo.versionMinor) << 16
    return [
      first,
      Access(offset: 0x78008, width: .bits64, value: version | UInt64(pvInfo.id) << 32),
      Access(offset: 0x78010, width: .bits32, value: UInt64(pvInfo.caps.rawValue)),
      Access(offset: 0x78040, width: .bits64, value: Self.pair(pvInfo.mappable)),
      Access(offset: 0x78048, width: .bits64, value: Self.pair(pvInfo.unmappable)),
      Access(offset: 0x78050, width: .bits32, value: UInt64(pvInfo.fenceCount)),
    ]
  }

  package var diagnosis: Diagnosis { Diagnosis(capture, kernel: kernel.map(KernelRelease.init)) }

  private static func pair(_ share: Share) -> UInt64 {
    UInt64(share.base) | UInt64(share.size) << 32
  }
}

extension DriverAnswer {
  /// Said, and found to be what was computed.
  package static func agrees(_ value: Value) -> DriverAnswer { .said(value, agrees: true) }
  /// Said, and found to be something else.
  package static func disagrees(_ value: Value) -> DriverAnswer { .said(value, agrees: false) }
}
