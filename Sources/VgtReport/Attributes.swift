internal import VgtCore

/// One fact of a device, as a label and a phrase.
struct Attribute: Hashable, Sendable {
  let label: String
  let text: String

  init(_ label: String, _ text: String) {
    self.label = label
    self.text = text
  }
}

extension Diagnosis {
  /// The facts that every form for people begins with.
  var attributes: [Attribute] { functionFacts + pageFacts }

  private var functionFacts: [Attribute] {
    let platform = platform.map { "Intel \($0.name), generation \($0.generation)" } ?? "Intel"
    let loads =
      switch capture.accesses.count {
      case 0: "nothing of BAR0"
      case 1: "1 load of BAR0 through \(capture.backend.rawValue)"
      default: "\(capture.accesses.count) loads of BAR0 through \(capture.backend.rawValue)"
      }
    var facts = [
      Attribute(
        "GPU",
        "\(platform), \(Platform.pciID(capture.deviceID)) revision"
          + " \(capture.revision.hex(digits: 2))"),
      Attribute(
        "driver",
        "\(capture.driver?.ascii ?? "none"), kernel \(capture.kernelRelease.ascii)"),
      Attribute(
        "read", "\(loads); nothing was written"),
      Attribute(
        "config",
        "COMMAND \(capture.command.map(Self.text(command:)) ?? "unreadable"),"
          + " GMCH control \(capture.gmchControl?.hex(digits: 4) ?? "unreadable")"),
      Attribute("BAR0", capture.bar0?.text ?? "no address"),
      Attribute(
        "BAR2",
        capture.bar2.map {
          pvInfo == nil ? $0.text : "\($0.text): the size of the host's aperture"
        } ?? "no address"),
    ]
    if kernel.text != capture.kernelRelease {
      facts.insert(
        Attribute("judged", "by the rules of the driver in Linux \(kernel.text.ascii)"), at: 2)
    }
    if let ggttTotal {
      let aperture = ggtt.map { ", the first \(bytesText($0.aperture)) is the aperture" } ?? ""
      facts.append(Attribute("GGTT", bytesText(ggttTotal) + aperture))
    }
    return facts
  }

  /// PCI Local Bus Specification 3.0, table 6-1: COMMAND bit 1.
  private static func text(command: UInt16) -> String {
    "\(command.hex(digits: 4)) (memory decoding \(command & 0x2 == 0 ? "off" : "on"))"
  }

  private var pageFacts: [Attribute] {
    guard let pvInfo else { return [] }
    let names = pvInfo.caps.names + (pvInfo.caps.unknown == 0 ? [] : ["unknown bits"])
    return [
      Attribute(
        "vGPU",
        "id \(pvInfo.id): \"vgpu \(pvInfo.id)\" in the host's log and vgpu\(pvInfo.id) in its debugfs"
          + " are this guest"),
      Attribute("type", typeText ?? "not an upstream vGPU type"),
      Attribute(
        "interface",
        "version \(pvInfo.versionMajor).\(pvInfo.versionMinor), caps \(pvInfo.caps.rawValue.hex())"
          + (names.isEmpty ? "" : " (\(names.joined(separator: ", ")))")),
    ]
      + (hostKernels.map { [Attribute("host", "Linux \($0), by these caps")] } ?? [])
      + (workingKernels.map { [Attribute("works with", $0)] } ?? [])
      + [
        Attribute("fences", "\(pvInfo.fenceCount)"),
        Attribute("mappable", pvInfo.mappable.text),
        Attribute("unmappable", pvInfo.unmappable.text),
      ]
  }
}

extension Diagnosis {
  private var typeText: String? {
    guard let vgpuType, let type = pvInfo.flatMap({ VgpuType(of: $0) }) else { return nil }
    guard let resolution = type.resolution, let weight = type.weight else {
      return "\(vgpuType) of a host with Linux 4.10"
    }
    return "\(vgpuType): \(resolution), weight \(weight) of 16"
  }

  /// The kernels of a mainline host that offers what this one does; hosts for
  /// Haswell are older.
  var hostKernels: String? {
    platform?.typePrefix == nil ? nil : pvInfo?.caps.hostKernels
  }
}

extension BAR {
  fileprivate var text: String { "\(address.hex()), \(bytesText(size))" }
}

extension Share {
  fileprivate var text: String {
    "\(range.start.hex(digits: 8)) to \(range.end.hex(digits: 8)), \(bytesText(range.size))"
  }
}
