import Foundation
import Support
import CoreFixtures
import Testing
import VgtCore
import VgtReport

/// JSON read by somebody else's parser.
private enum Value: Decodable {
  case null
  case bool(Bool)
  case number(Decimal)
  case string(String)
  case array([Value])
  case object([String: Value])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let bool = try? container.decode(Bool.self) {
      self = .bool(bool)
    } else if let number = try? container.decode(Decimal.self) {
      self = .number(number)
    } else if let string = try? container.decode(String.self) {
      self = .string(string)
    } else if let array = try? container.decode([Value].self) {
      self = .array(array)
    } else {
      self = .object(try container.decode([String: Value].self))
    }
  }

  /// One line a value: `bars.0.size = 16777216`, strings in quotation marks.
  func lines(_ path: String = "") -> [String] {
    let prefix = path.isEmpty ? "" : path + "."
    return switch self {
    case .null: ["\(path) = null"]
    case .bool(let value): ["\(path) = \(value)"]
    case .number(let value): ["\(path) = \(value)"]
    case .string(let value): ["\(path) = \"\(value)\""]
    case .array(let values):
      values.isEmpty
        ? ["\(path) = []"] : values.enumerated().flatMap { $1.lines(prefix + "\($0)") }
    case .object(let values):
      values.sorted { $0.key < $1.key }.flatMap { $0.value.lines(prefix + $0.key) }
    }
  }
}

/// The first device's values, but for the texts of findings and the capture.
private func device(_ guest: Guest) throws -> [String] {
  try lines(Report(guest)).filter { $0.hasPrefix("devices.0.") }
    .map { String($0.dropFirst("devices.0.".count)) }
    .filter { line in
      !line.hasPrefix("capture.")
        && ![".text = ", ".meaning = ", ".kernel_message = ", ".remedy = "].contains(
          where: line.contains)
    }
}

private func lines(_ report: Report) throws -> [String] {
  try JSONDecoder().decode(Value.self, from: Data(report.json.utf8)).lines()
}

@Suite struct `the JSON report` {
  @Test func `of the guest of July 2021`() throws {
    #expect(
      try Golden("july-2021.json").difference(from: Report(.july2021).json) == nil)
  }

  /// Decimal throughout: worked out by hand from the log.
  @Test func `gives every quantity of a vGPU in bytes`() throws {
    #expect(
      try device(.july2021) == [
        #"address = "0000:00:04.0""#,
        #"backend = "sysfs""#,
        "balloon.error = null",
        "balloon.owned_bytes = 469762048",
        "balloon.reserved.0.end = 3891232768",
        #"balloon.reserved.0.size = 3622797312"#,
        #"balloon.reserved.0.slot = "below-unmappable""#,
        "balloon.reserved.0.start = 268435456",
        "balloon.reserved.1.end = 4294967296",
        "balloon.reserved.1.size = 1081344",
        #"balloon.reserved.1.slot = "above-unmappable""#,
        "balloon.reserved.1.start = 4293885952",
        "balloon.reserved.2.end = 52195328",
        "balloon.reserved.2.size = 52195328",
        #"balloon.reserved.2.slot = "below-mappable""#,
        "balloon.reserved.2.start = 0",
        "balloon.reserved.3.end = 268435456",
        "balloon.reserved.3.size = 149131264",
        #"balloon.reserved.3.slot = "above-mappable""#,
        "balloon.reserved.3.start = 119304192",
        "balloon.reserved_bytes = 3825205248",
        #"balloon.rule = "exact""#,
        "balloon.valid = true",
        "bars.0.address = 4244635648",
        "bars.0.index = 0",
        "bars.0.size = 16777216",
        "bars.1.address = 3221225472",
        "bars.1.index = 2",
        "bars.1.size = 268435456",
        "device_id = 22802",
        #"driver = "i915""#,
        #"driver_check.aperture = "agrees""#,
        #"driver_check.fences = "agrees""#,
        #"driver_check.log = "agrees""#,
        "enable_guc = null",
      ]
        + [
          "page-valid", "full-ppgtt", "hwsp-emulation", "mappable-inside-aperture",
          "unmappable-above-aperture", "unmappable-inside-ggtt", "reserved", "fences-valid",
          "vgpu-type", "driver-bound", "log-agrees", "aperture-agrees", "fences-agree",
        ].enumerated().flatMap {
          [
            #"findings.\#($0.offset).code = "\#($0.element)""#,
            #"findings.\#($0.offset).severity = "ok""#,
          ]
        }
        + [
          "generation = 9",
          "ggtt.aperture = 268435456",
          "ggtt.gmch_control = 192",
          "ggtt.total = 4294967296",
          #"host_kernels = "about 4.19 or later""#,
          #"platform = "Kaby Lake""#,
          #"presence = "present""#,
          "revision = 4",
          "vendor_id = 32902",
          #"vgpu_resolution = "1024x768""#,
          #"vgpu_type = "GVTg_V5_8""#,
          "vgpu_weight = 2",
          #"vgt_if.caps.names.0 = "full-ppgtt""#,
          #"vgt_if.caps.names.1 = "hwsp-emulation""#,
          #"vgt_if.caps.names.2 = "huge-gtt""#,
          "vgt_if.caps.raw = 28",
          "vgt_if.caps.unknown = 0",
          "vgt_if.fence_count = 4",
          #"vgt_if.magic = "0x4776544776544776""#,
          "vgt_if.mappable.base = 52195328",
          "vgt_if.mappable.size = 67108864",
          "vgt_if.unmappable.base = 3891232768",
          "vgt_if.unmappable.size = 402653184",
          "vgt_if.version_major = 1",
          "vgt_if.version_minor = 0",
          "vgt_if.vgt_id = 1",
          "works_with = null",
        ])
  }

  private func holds(
    _ guest: Guest, _ expected: [String], sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let lines = Set(try device(guest))
    #expect(expected.filter { !lines.contains($0) } == [], sourceLocation: sourceLocation)
  }

  @Test func `knows of an absent page only what is not the magic`() throws {
    try holds(
      .healthy().changing(\.magic, to: 0x1234),
      [
        #"presence = "absent""#, #"vgt_if.magic = "0x0000000000001234""#,
        "vgt_if.version_major = null", "vgt_if.version_minor = null", "vgt_if.vgt_id = null",
        "vgt_if.caps = null", "vgt_if.mappable = null", "vgt_if.unmappable = null",
        "vgt_if.fence_count = null", "vgpu_type = null", "balloon = null",
        "ggtt.total = 4294967296", "generation = 9",
      ])
  }

  @Test func `has no page where the platform never has one`() throws {
    try holds(
      .healthy().changing(\.surroundings.deviceID, to: 0x9A49),
      [
        #"presence = "absent""#, "vgt_if = null", "platform = null", "generation = null",
        "ggtt = null", "vgpu_type = null", "balloon = null",
      ])
  }

  @Test func `decodes a page of an unsupported version without a balloon`() throws {
    try holds(
      .healthy().changing(\.pvInfo.versionMajor, to: 0),
      [
        #"presence = "unsupported""#, "vgt_if.version_major = 0", "vgt_if.fence_count = 4",
        "vgt_if.mappable.base = 134217728", "vgpu_type = null", "balloon = null",
      ])
  }

  @Test func `has no page where it could not be read`() throws {
    var guest = Guest.healthy().changing(\.surroundings.unreadable, to: .configShort)
    guest.surroundings.gmchControl = nil
    guest.surroundings.command = nil
    guest.surroundings.driver = nil
    try holds(
      guest,
      [
        #"presence = "unreadable""#, "vgt_if = null", "ggtt = null", "balloon = null",
        "vgpu_type = null", "driver = null", #"findings.0.code = "page-unreadable""#,
      ])
    let all = try lines(Report(guest))
    #expect(all.contains(#"verdict = "unreadable""#))
    #expect(all.contains(#"devices.0.capture.unreadable = "config-short""#))
  }

  @Test func `has no page either where every load answered ones`() throws {
    try holds(
      .healthy().changing(\.magic, to: .max), [#"presence = "unreadable""#, "vgt_if = null"])
  }

  @Test func `has no aperture and no balloon without BAR2`() throws {
    try holds(
      .healthy().changing(\.surroundings.bar2, to: nil),
      [
        #"presence = "present""#, "balloon = null", "ggtt.aperture = null",
        "ggtt.total = 4294967296", #"findings.3.code = "bar2-missing""#,
        #"findings.3.severity = "failure""#,
      ])
  }

  @Test(arguments: [
    (
      Guest.healthy().changing(\.pvInfo.mappable.base, to: 0x3C00_1000),
      "mappable-ends-past-aperture"
    ),
    (
      Guest.healthy().changing(\.pvInfo.unmappable.base, to: 0x3FFF_F000),
      "unmappable-starts-inside-aperture"
    ),
    (
      Guest.healthy().changing(\.pvInfo.unmappable.base, to: 0xE800_1000),
      "unmappable-ends-past-ggtt"
    ),
  ])
  func `reserves nothing for an invalid configuration, and names the test that fails`(
    guest: Guest, error: String
  ) throws {
    try holds(
      guest,
      [
        "balloon.valid = false", #"balloon.error = "\#(error)""#, "balloon.reserved = []",
        "balloon.reserved_bytes = 0", "balloon.owned_bytes = 469762048",
        #"balloon.rule = "exact""#,
      ])
  }

  @Test func `names the bits of caps that it knows and keeps the others`() throws {
    try holds(
      .healthy().changing(\.pvInfo.caps, to: Capabilities(rawValue: 0x8000_003D)),
      [
        "vgt_if.caps.raw = 2147483709", "vgt_if.caps.unknown = 2147483648",
        #"vgt_if.caps.names.0 = "preemption""#, #"vgt_if.caps.names.4 = "pv""#,
      ])
  }

  @Test func `begins with the schema's version, the tool, the kernel and the verdict`() throws {
    let all = try lines(Report(.healthy()))
    #expect(
      all.filter { !$0.hasPrefix("devices.") } == [
        #"kernel.release = "6.1.0-53-amd64""#, "sample = false", "schema_version = 1",
        #"tool.name = "vgt-balloon""#, #"tool.version = "0.1.0""#, #"verdict = "ok""#,
      ])
  }

  @Test func `a capture without its loads has the cause that the text names`() {
    var capture = Guest.healthy().capture
    capture.accesses = []
    let report = Report(captures: [capture], kernel: nil)
    #expect(report.verdict == .unreadable)
    #expect(report.json.contains(#""unreadable": "all-ones""#))
  }

  @Test func `of no device has an empty list`() throws {
    let report = Report(devices: [], isFromCapture: false, kernelRelease: nil)
    let all = try lines(report)
    #expect(all.contains("devices = []"))
    #expect(all.contains(#"verdict = "no-vgpu""#))
    #expect(all.contains("kernel.release = null"))
  }

  @Test func `from a capture is the live one but for the backend`() throws {
    for seed in seeds(1000) {
      var generator = SeededGenerator(seed: seed)
      let capture = generator.capture()
      let live = Report(
        devices: [Diagnosis(capture)], isFromCapture: false,
        kernelRelease: capture.kernelRelease
      ).json
      let parsed = try CaptureParser.captures(in: Array(live.utf8))
      let again = Report(
        devices: parsed.map { Diagnosis($0) }, isFromCapture: true,
        kernelRelease: parsed.first?.kernelRelease
      ).json
      #expect(
        again
          == live.replacing(
            #"      "backend": "\#(capture.backend.rawValue)","#,
            with: #"      "backend": "capture","#), "seed \(seed)")
    }
  }
}
