import Foundation
import Support

/// What the tests look at in a report's JSON. All of it is checked by the
/// schema.
struct ReportDocument: Decodable, Hashable {
  var verdict: String
  var sample: Bool
  var kernel: Kernel
  var devices: [Device]

  struct Kernel: Decodable, Hashable {
    var release: String?
  }

  struct Device: Decodable, Hashable {
    var address: String
    var platform: String?
    var generation: Int?
    var driver: String?
    var backend: String
    var presence: String
    var ggtt: GGTT?
    var vgt_if: Page?
    var vgpu_type: String?
    var balloon: Balloon?
    var findings: [Finding]
    var capture: Capture

    /// The codes of the findings of one severity.
    func codes(_ severity: String) -> [String] {
      findings.filter { $0.severity == severity }.map(\.code)
    }
  }

  struct GGTT: Decodable, Hashable {
    var total: UInt64
    var aperture: UInt64?
  }

  struct Page: Decodable, Hashable {
    var magic: String
    var version_major: Int?
    var vgt_id: Int?
    var fence_count: Int?
  }

  struct Balloon: Decodable, Hashable {
    var rule: String
    var valid: Bool
    var error: String?
    var reserved: [Reservation]
    var reserved_bytes: UInt64
    var owned_bytes: UInt64
  }

  struct Reservation: Decodable, Hashable, CustomStringConvertible {
    var slot: String
    var start: UInt64
    var end: UInt64

    /// `slot start-end`, in hex.
    var description: String {
      "\(slot) \(String(start, radix: 16))-\(String(end, radix: 16))"
    }
  }

  struct Finding: Decodable, Hashable {
    var remedy: String?
    var code: String
    var severity: String
    var text: String
  }

  struct Capture: Decodable, Hashable {
    var unreadable: String?
    var accesses: [Access]
  }

  struct Access: Decodable, Hashable, CustomStringConvertible {
    var offset: UInt32
    var width: Int
    var value: String

    /// As a line of the capture.
    var description: String { "0x\(String(offset, radix: 16)) \(width) \(value)" }
  }
}

extension ToolRun {
  /// The report that this run printed as JSON.
  func report() throws -> ReportDocument {
    try JSONDecoder().decode(ReportDocument.self, from: Data(output.utf8))
  }
}

extension QuickBed {
  /// The report of a run in this bed, and the run.
  func report(
    _ arguments: [String] = [], under wrapper: [String] = []
  ) throws -> (report: ReportDocument, run: ToolRun) {
    let run = try run(["report", "--format", "json"] + arguments, under: wrapper)
    return (try run.report(), run)
  }
}

extension ReportDocument {
  /// The one device of this report.
  var device: Device {
    get throws {
      guard devices.count == 1 else { throw WrongCount(count: devices.count) }
      return devices[0]
    }
  }

  struct WrongCount: Error {
    var count: Int
  }
}
