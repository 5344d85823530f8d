package import VgtCore

/// What udev keeps of a vGPU: properties of its PCI function, which every user
/// may read.
///
/// Keys consist of A to Z, 0 to 9 and `_`, values of printable ASCII without
/// quotation marks: udev strips outer ones, drops a line with an unpaired one,
/// and lets control bytes through to terminals. A property without a value is
/// left out, since udev drops it with a complaint (systemd 252
/// `udev-rules.c`, `get_property_from_string`).
package struct UdevProperties: Hashable, Sendable {
  package struct Property: Hashable, Sendable {
    package let key: String
    package let value: String
  }

  package let properties: [Property]

  /// - Returns: `nil` when `diagnosis` is of no vGPU.
  package init?(_ diagnosis: Diagnosis) {
    guard diagnosis.presence == .present, let pvInfo = diagnosis.pvInfo else { return nil }
    var properties: [Property] = []
    func add(_ key: String, _ value: String?) {
      guard let value, !value.isEmpty else { return }
      properties.append(Property(key: "ID_GVTG\(key)", value: value))
    }
    add("", "1")
    add("_VERSION", "\(pvInfo.versionMajor).\(pvInfo.versionMinor)")
    add("_ID", "\(pvInfo.id)")
    add("_TYPE", diagnosis.vgpuType)
    // The host's words for the two shares: mappable is low, unmappable high.
    add("_LOW_BASE", pvInfo.mappable.base.hex(digits: 8))
    add("_LOW_SIZE", "\(pvInfo.mappable.size)")
    add("_HIGH_BASE", pvInfo.unmappable.base.hex(digits: 8))
    add("_HIGH_SIZE", "\(pvInfo.unmappable.size)")
    add("_RESERVED", diagnosis.balloon?.balloon?.ranges.map(\.description).joined(separator: " "))
    add("_FENCES", "\(pvInfo.fenceCount)")
    add("_VERDICT", diagnosis.verdict.rawValue)
    add("_FAILURES", diagnosis.findings(.failure).map(\.check.code).joined(separator: " "))
    for (number, line) in diagnosis.capture.lines.enumerated() {
      add("\(Self.captureSuffix)\(number < 10 ? "0" : "")\(number)", line)
    }
    self.properties = properties
  }

  /// One `KEY=value` a line, as udev's `IMPORT{program}` reads them.
  package var text: String {
    properties.reduce(into: "") { text, property in
      text += property.key
      text += "="
      text += property.value
      text += "\n"
    }
  }

  private static let captureSuffix = "_CAPTURE_"
}

extension UdevProperties {
  /// The file that holds a function's properties: the bus and the name of the
  /// device. Source: systemd 252 `sd-device.c`, `device_get_device_id`.
  package static func databaseFile(of address: PCIAddress) -> String {
    "/run/udev/data/+pci:\(address)"
  }

  /// The capture among the properties in a file of udev's database.
  ///
  /// - Parameter entry: The bytes of the file: `E:KEY=value` lines, among
  ///   others, in any order.
  /// - Returns: `nil` when it holds no line of a capture.
  /// - Throws: `CaptureError` when lines of it are missing or changed; counted
  ///   are the lines of the capture.
  package static func capture(inDatabase entry: [UInt8]) throws(CaptureError) -> Capture? {
    let prefix = "E:ID_GVTG\(captureSuffix)"
    let lines = entry.split(separator: UInt8(ascii: "\n"))
      .map { String(decoding: $0, as: UTF8.self) }
      .filter { $0.hasPrefix(prefix) }
      .sorted()
    let capture = lines.compactMap { line in
      line.firstIndex(of: "=").map { line[line.index(after: $0)...] }
    }
    return try CaptureParser.captures(in: Array(capture.joined(separator: "\n").utf8)).first
  }
}
