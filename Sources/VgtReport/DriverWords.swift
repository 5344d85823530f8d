internal import VgtCore

/// The words that the driver logs for this page, as it loads and unloads.
///
/// Words: Linux 6.1 `i915_vgpu.c`, `intel_vgt_balloon`, `vgt_balloon_space`,
/// `intel_vgt_deballoon`, `vgt_deballoon_space`; `i915_driver.c`,
/// `i915_driver_hw_probe`.
struct DriverWords {
  let rule: BalloonRule
  private let page: VgtIf
  private let ggtt: GGTT
  private let result: Result<Balloon, BalloonError>
  /// Why the driver gives up before it balloons.
  private let refusal: String?

  /// `nil` when the driver does not come to balloon.
  init?(_ diagnosis: Diagnosis) {
    guard let page = diagnosis.page, let ggtt = diagnosis.ggtt,
      let outcome = diagnosis.balloon
    else { return nil }
    self.page = page
    self.ggtt = ggtt
    rule = outcome.rule
    result = outcome.result
    let refusals: [FindingCode] = [.fullPPGTTMissing, .hwspEmulationMissing]
    refusal =
      diagnosis.findings.first { $0.severity == .failure && refusals.contains($0.code) }?
      .code.reference.kernelMessage
  }

  /// Which drivers follow the rule.
  var ruleText: String {
    switch rule {
    case .exact: "rule exact: Linux 4.12 and later"
    case .guardPage: "rule guard-page: Linux 4.1 to 4.11"
    }
  }

  var lines: [String] {
    ["on load:"] + load.map { "  " + $0 }
      + (unload.isEmpty ? [] : ["on unload (debug level):"] + unload.map { "  " + $0 })
  }

  private static let detected = "Virtual GPU for Intel GVT-g detected."

  private var load: [String] {
    if let refusal { return [Self.detected, refusal] }
    var lines = [
      Self.detected,
      "VGT ballooning configuration:",
      "Mappable graphic memory: \(Self.words(page.mappable))",
      "Unmappable graphic memory: \(Self.words(page.unmappable))",
    ]
    switch result {
    case .failure(.reservationFailed):
      lines += requestsUpToTheRefused.map(Self.words) + ["VGT balloon fail"]
    case .failure: lines.append("Invalid ballooning configuration!")
    case .success(let balloon):
      lines += balloon.ranges.map(Self.words) + ["VGT balloon successfully"]
    }
    return lines
  }

  private var unload: [String] {
    guard refusal == nil, let balloon = try? result.get() else { return [] }
    // Drivers with a guard page do not name the ranges: Linux 4.13 is the first.
    if rule == .guardPage { return ["VGT deballoon."] }
    return ["VGT deballoon."]
      + balloon.deballoonOrder.map(\.range).map {
        "deballoon space: range [\($0.start.hex()) - \($0.end.hex())] \($0.size >> 10) KiB."
      }
  }

  /// The driver prints each range before it asks for it.
  private var requestsUpToTheRefused: [GraphicsRange] {
    let ranges = Balloon.requests(
      ggtt: ggtt, mappable: page.mappable.range, unmappable: page.unmappable.range, rule: rule
    ).map(\.range)
    let limit = rule.end(of: ggtt)
    let refused = ranges.firstIndex { $0.end > limit } ?? ranges.endIndex
    return Array(ranges.prefix(refused + 1))
  }

  private static func words(_ range: GraphicsRange) -> String {
    "balloon space: range [ \(range.start.hex()) - \(range.end.hex()) ] \(range.size >> 10) KiB."
  }

  private static func words(_ share: Share) -> String {
    "base \(share.base.hex()) size \(share.size / 1024)KiB"
  }
}
