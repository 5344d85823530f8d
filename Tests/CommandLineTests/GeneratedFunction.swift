import Support
import CoreFixtures

extension SeededGenerator {
  /// A function of any kind a machine may show: sound vGPUs, shares at and past
  /// every border, other platforms, and all that can make one unreadable.
  mutating func function(address: String) -> SyntheticFunction {
    var function = SyntheticFunction.healthy
    function.address = address
    function.deviceID = pick([0x0412, 0x1616, 0x1912, 0x5912, 0x3E92, 0x9BC5, 0x5A84])
    let isHaswell = function.deviceID == 0x0412
    function.bar0?.size = isHaswell ? 0x40_0000 : 0x100_0000
    function.gmchControl = isHaswell ? pick([0x100, 0x200]) : pick([0x40, 0x80, 0xC0])
    function.bar2?.size = pick([0x1000_0000, 0x2000_0000, 0x4000_0000])
    function.revision = UInt8.random(in: 0 ... .max, using: &self)
    function.driver = pick([nil, nil, "i915", "vfio-pci", "odd driver: 100%=\"x\""])
    function.page = page(aperture: UInt32(function.bar2?.size ?? 0))
    if once(in: 4) { spoil(&function) }
    return function
  }

  /// A page with shares that fit mostly, and end at a border often.
  private mutating func page(aperture: UInt32) -> InfoPage {
    var page = InfoPage()
    page.id = UInt32.random(in: 1...7, using: &self)
    page.caps = pick([0, 0x4, 0xC, 0x1C, 0x3C, .max])
    page.fenceCount = pick([0, 4, 4, 4, 8, 33])
    page.mappableSize = pick([0x400_0000, 0x800_0000, 0x1000_0000, 0x1234_5000 / 4])
    let lowRoom = aperture - min(aperture, page.mappableSize)
    page.mappableBase = pick([0, lowRoom, UInt32.random(in: 0...lowRoom, using: &self) & ~0xFFF])
    page.unmappableSize = pick([0x1800_0000, 0x2000_0000, 0x4000_0000, 0x1000])
    page.unmappableBase = pick([
      aperture, aperture + 0x1000, 0x2000_0000, 0x6789_A000, 0 &- page.unmappableSize,
      UInt32.random(in: 0 ... .max, using: &self),
    ])
    return page
  }

  /// Makes one thing wrong.
  private mutating func spoil(_ function: inout SyntheticFunction) {
    switch Int.random(in: 0..<14, using: &self) {
    case 0: function.page = .filled(with: pick([0x00, 0xFF, 0x5A]))
    case 1: function.page.magic ^= 1 << UInt64.random(in: 0..<64, using: &self)
    case 2: function.page.versionMajor = pick([0, 2, .max])
    case 3: function.deviceID = pick([0x9A49, 0x4680, 0xFFFF])
    case 4: function.command = pick([0, 0x0405])
    case 5: function.configLength = pick([0, 64, 81])
    case 6: function.isGone = true
    case 7: function.bar0 = nil
    case 8: function.bar0?.size = pick([0x1000, 0x20_0000, 0x1_0000_0000])
    case 9: function.resource0 = pick([.missing, .length(0), .length(0x78FFF)])
    case 10: function.bar2 = nil
    case 11: function.bar2?.size = pick([0x1000, 0x200_0000, 0x2_0000_0000])
    case 12: function.gmchControl = pick([0, 0xFFFF])
    default:
      function.page = .filled(with: 0xFF)
      function.powerState = "D3hot"
    }
  }

  /// A machine with functions at addresses of any kind.
  mutating func machine(functions count: Int) -> SyntheticMachine {
    let functions = (0..<count).map { index in
      let domain = pick(["0000", "0001", "10000"])
      let slot = String(index % 32 + 32, radix: 16).suffix(2)
      return function(address: "\(domain):\(slot):\(pick(["00", "02", "1f"])).\(pick([0, 7]))")
    }
    return SyntheticMachine(functions)
      .with(
        \.kernelRelease,
        pick(["6.1.0-53-amd64", "5.14.0-rc2+", "4.8.0", "4.4.0 (odd) 100%=\"x\"", "unknown"]))
  }
}
