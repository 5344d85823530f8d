package import VgtCore

/// What the inputs hold, one after the other: vGPUs and problems. Every input
/// is in one of the two.
package struct HostInputs: Hashable, Sendable {
  /// In the order of the inputs.
  package private(set) var guests: [Guest] = []
  package private(set) var problems: [InputProblem] = []

  package init() {}

  /// Takes in one report: text, Markdown or JSON, pasted or not.
  ///
  /// - Parameter isStray: Whether nobody named it: it was met in a folder.
  package mutating func add(report: [UInt8], from source: String, isStray: Bool = false) {
    if let version = ReportSchema.otherVersion(in: report) {
      return add(InputProblem(source, .otherSchema(version)))
    }
    let captures: [Capture]
    do {
      captures = try CaptureParser.captures(in: report)
    } catch {
      return add(InputProblem(source, .damaged(error)))
    }
    guard !captures.isEmpty else {
      let reason: InputProblem.Reason =
        report.isEmpty ? .empty : report.contains(0) ? .binary : .noCapture
      return add(InputProblem(source, reason, isStray: isStray))
    }
    add(captures: captures, from: source)
  }

  /// Takes in the captures of one report.
  package mutating func add(captures: [Capture], from source: String) {
    let diagnoses = captures.map { Diagnosis($0) }
    for diagnosis in diagnoses {
      let address = diagnosis.capture.address
      switch diagnosis.presence {
      case .absent, .unsupported: break
      case .unreadable:
        add(InputProblem(source, .unreadableDevice(address, diagnosis.capture.unreadable)))
      case .present:
        guard let page = diagnosis.page, let ggtt = diagnosis.ggtt else {
          add(InputProblem(source, .sizesUnknown(address)))
          continue
        }
        let host = HostIdentity(ggtt: ggtt, deviceID: diagnosis.capture.deviceID)
        add(
          Guest(
            source: source, address: address, host: host, page: page,
            verdict: diagnosis.verdict, isSample: diagnosis.capture.isSample))
      }
    }
    if diagnoses.allSatisfy({ $0.presence == .absent || $0.presence == .unsupported }) {
      add(InputProblem(source, .noVgpu))
    }
  }

  package mutating func add(_ guest: Guest) {
    guests.append(guest)
  }

  package mutating func add(_ problem: InputProblem) {
    problems.append(problem)
  }
}
