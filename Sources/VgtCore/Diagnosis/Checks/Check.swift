/// One thing that a diagnosis can find: its code, how much it weighs, what it
/// means, what the guest's kernel logs for it, what to do, and how it is judged.
package struct Check: Sendable {
  /// Stable.
  package let code: String
  /// One or two sentences.
  package let meaning: String
  /// What the driver prints for it; `nil` when it prints nothing.
  package let message: DriverMessage?
  /// What to do; `nil` when there is nothing to do.
  package let remedy: String?
  private let exception: (@Sendable (Diagnosis) -> String?)?
  private let severity: Severity
  private let isFailure: (@Sendable (Diagnosis) -> Bool)?
  private let judge: @Sendable (Diagnosis) -> String?

  /// - Parameters:
  ///   - severity: How much it weighs where it is found.
  ///   - isFailure: Where it is a failure all the same.
  ///   - exception: What to do instead of `remedy`, where there is a better way.
  ///   - judge: What was found, in one sentence without the remedy; `nil` where
  ///     it was not found. Without captures, as all arguments: a check is then a
  ///     constant, which nothing has to make at run time.
  init(
    _ code: String, _ severity: Severity, failsIf isFailure: (@Sendable (Diagnosis) -> Bool)? = nil,
    _ meaning: String, says message: DriverMessage? = nil, do remedy: String? = nil,
    unless exception: (@Sendable (Diagnosis) -> String?)? = nil,
    judge: @escaping @Sendable (Diagnosis) -> String?
  ) {
    self.code = code
    self.meaning = meaning
    self.message = message
    self.remedy = remedy
    self.exception = exception
    self.severity = severity
    self.isFailure = isFailure
    self.judge = judge
  }

  func finding(in diagnosis: Diagnosis) -> Finding? {
    judge(diagnosis).map { text in
      Finding(self, isFailure?(diagnosis) == true ? .failure : severity, text)
    }
  }

  /// What to do where it was found; `nil` when there is nothing to do.
  package func remedy(in diagnosis: Diagnosis) -> String? { exception?(diagnosis) ?? remedy }

  /// Every check, in the order of the driver's probe: what it tests, what the
  /// page says beyond that, and what surrounds it.
  package static var all: [Check] { topics.flatMap { $0 } }

  fileprivate static var topics: [[Check]] {
    [presence, capabilities, space, balloon, page, kernel, driver]
  }
}

extension Check: Hashable, CustomStringConvertible {
  package static func == (left: Check, right: Check) -> Bool { left.code == right.code }
  package func hash(into hasher: inout Hasher) { hasher.combine(code) }
  package var description: String { code }
}

/// How much a finding weighs.
package enum Severity: String, Hashable, Sendable, CaseIterable, Comparable {
  /// A test that passed.
  case ok
  case info
  /// Doubtful, but the driver loads and balloons.
  case warning
  /// The driver refuses, fails or does not balloon, or contradicts the page.
  case failure

  package static func < (left: Severity, right: Severity) -> Bool { left.weight < right.weight }

  private var weight: Int {
    switch self {
    case .ok: 0
    case .info: 1
    case .warning: 2
    case .failure: 3
    }
  }
}

/// One thing found, with its numbers.
package struct Finding: Hashable, Sendable {
  package let check: Check
  package let severity: Severity
  /// One sentence, ASCII, without the remedy.
  package let text: String

  init(_ check: Check, _ severity: Severity, _ text: String) {
    self.check = check
    self.severity = severity
    self.text = text.ascii
  }
}

extension Diagnosis {
  package func findings(_ severity: Severity) -> [Finding] {
    findings.filter { $0.severity == severity }
  }

  /// Everything found, in the order of the checks.
  var allFindings: [Finding] {
    let topics = presence == .present ? Check.topics : [Check.presence]
    return topics.flatMap { $0.compactMap { $0.finding(in: self) } }
  }
}
