import Support

/// Makes PCI functions on disk, for tests that are not Swift.
@main
struct Bed {
  private static let usage = """
    usage: vgt-bed FOLDER [PROPERTY=NUMBER...] [address=ADDRESS]

    Makes FOLDER, which may stand in for /sys/bus/pci/devices: a Skylake vGPU, whose
    GGTT is as i915 leaves it, but for the properties vendor, class and magic;
    functions=N puts network functions around it, N functions in all.
    """

  static func main() throws {
    guard CommandLine.arguments.count > 1, let made = Bed(CommandLine.arguments.dropFirst(2)) else {
      print(usage)
      throw Usage()
    }
    let folder = try ScratchFolder(keptAt: CommandLine.arguments[1])
    try made.vgpu.write(to: folder)
    for index in 0..<made.count - 1 { try Self.network(index).write(to: folder) }
  }

  private struct Usage: Error {}

  private var vgpu = SyntheticFunction.ballooned
  /// Functions in all.
  private var count = 1

  /// `nil` when an argument is none of those in `usage`.
  private init?(_ arguments: ArraySlice<String>) {
    for argument in arguments {
      guard let equals = argument.firstIndex(of: "=") else { return nil }
      let text = argument[argument.index(after: equals)...]
      if argument[..<equals] == "address" {
        vgpu.address = String(text)
        continue
      }
      let number =
        text.hasPrefix("0x") ? UInt64(text.dropFirst(2), radix: 16) : UInt64(text)
      guard let number else { return nil }
      switch argument[..<equals] {
      case "vendor": vgpu.vendor = UInt16(truncatingIfNeeded: number)
      case "class": vgpu.classCode = UInt32(truncatingIfNeeded: number)
      case "magic": vgpu.page.magic = number
      case "functions": count = max(1, Int(truncatingIfNeeded: number))
      default: return nil
      }
    }
  }

  private static func network(_ index: Int) -> SyntheticFunction {
    var function = SyntheticFunction.healthy
    let (bus, slot) = (index / 32 + 1, index % 32)
    function.address = "0000:\(bus.hexDigits(2)):\(slot.hexDigits(2)).0"
    (function.vendor, function.deviceID) = (0x1AF4, 0x1000)
    function.classCode = 0x02_0000
    function.bar0 = .init(address: 0xE000_0000 + UInt64(index) << 12, size: 4096, flags: 0x4_0200)
    function.bar2 = nil
    function.resource0 = .missing
    return function
  }
}
