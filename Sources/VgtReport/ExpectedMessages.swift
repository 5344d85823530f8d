internal import VgtCore

/// What the driver of a kernel prints for a page, computed, and what follows.
struct ExpectedMessages {
  /// What is computed, and for which driver.
  let heading: String
  let lines: [Line]

  /// A line of the list, to be wrapped under its indent.
  struct Line {
    let indent: Int
    let text: String
  }

  init(_ probe: ExpectedProbe, of diagnosis: Diagnosis) {
    let kernel =
      diagnosis.isTakenForVgpu ? diagnosis.balloon.map { ", rule \($0.rule.rawValue)" } : nil
    heading =
      "EXPECTED i915 MESSAGES (computed; Linux \(diagnosis.kernel.text.ascii)\(kernel ?? ""))"
    var lines: [Line] = []
    func add(_ indent: Int, _ text: String) { lines.append(Line(indent: indent, text: text)) }
    if probe.messages.isEmpty {
      add(2, "none")
    } else {
      add(2, "on load:")
      probe.messages.forEach { add(4, $0) }
    }
    if let ending = probe.ending.text { add(2, "then: \(ending)") }
    if !probe.debugMessages.isEmpty {
      add(
        2, probe.ending.isUnloaded ? "on unload (debug level):" : "as it cleans up (debug level):")
      probe.debugMessages.forEach { add(4, $0) }
    }
    self.lines = lines
  }

  /// The list, unwrapped.
  var text: [String] { lines.map { .run(of: " ", $0.indent - 2) + $0.text } }
}

extension ExpectedProbe.Ending {
  /// Whether it is only on unload that ranges are given back.
  fileprivate var isUnloaded: Bool {
    switch self {
    case .refuses, .oopses: false
    default: true
    }
  }

  /// `nil` where nothing goes wrong.
  fileprivate var text: String? {
    switch self {
    case .balloons: nil
    case .ignoresVgpu: "it drives the vGPU as a whole GPU and reserves nothing"
    case .reservesNothing: "it goes on with nothing reserved"
    case .refuses(let errno): "the probe fails (\(-errno))"
    case .asserts: "it stops on an assertion (BUG_ON)"
    case .oopses: "it dereferences NULL as it cleans up (oops)"
    case .corruptsMemory: "anything: it writes past its array of fences"
    case .hangs: "nothing that is submitted ever completes"
    case .unknown: "unknown, since the sizes are not known"
    }
  }
}
