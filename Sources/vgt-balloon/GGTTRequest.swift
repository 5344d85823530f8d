import SystemPackage
import VgtCore
import VgtFiles
import VgtHardware
import VgtReport

/// The audit of one guest's GGTT.
struct GGTTRequest: Request {
  enum Format: String, CaseIterable {
    case text, json
  }

  var devices = DeviceChoice()
  /// The whole GGTT when `nil`.
  var range: GraphicsRange?
  var format = Format.text
  var output = OutputChoice()

  func answer() throws(Failure) -> ExitStatus {
    try output.writeConfined { () throws(Failure) in
      let report = try report()
      let text =
        switch format {
        case .text: report.text(coloured: output.isColoured)
        case .json: report.json
        }
      return (text, ExitStatus(report.verdict))
    }
  }

  private func report() throws(Failure) -> GGTTReport {
    let bus: PCIBus
    do {
      bus = try PCIBus()
    } catch {
      Messages.say(Failure(busUnreadable: error).message)
      return GGTTReport(without: nil, isUnreadable: true)
    }
    return try audit(on: bus)
  }

  private func audit(on bus: borrowing PCIBus) throws(Failure) -> GGTTReport {
    let probe = PVInfoCapturer(
      backend: devices.backend, kernelRelease: ByteInput.kernelRelease)
    let found = try DeviceScan.select(devices.addresses, on: bus).map { display in
      (display: display, diagnosis: Diagnosis(probe.capture(of: display, on: bus)))
    }
    for (display, diagnosis) in found {
      guard let cause = diagnosis.capture.unreadable else { continue }
      Messages.say(Failure(cause, at: display.address).message)
    }
    let guests = found.filter { $0.diagnosis.presence == .present }
    guard let (display, diagnosis) = guests.first else {
      let unreadable = found.first { $0.diagnosis.presence == .unreadable }
      return GGTTReport(
        without: (unreadable ?? found.first)?.diagnosis, isUnreadable: unreadable != nil)
    }
    guard guests.count == 1 else {
      let names = guests.map { "\($0.display.address)" }.joined(separator: ", ")
      throw Failure(.usage, "several vGPUs: \(names); choose one with --device")
    }
    return try audit(display, diagnosis, on: bus)
  }

  private func audit(
    _ display: PCIDisplay, _ diagnosis: Diagnosis, on bus: borrowing PCIBus
  ) throws(Failure) -> GGTTReport {
    guard let page = diagnosis.page, let platform = diagnosis.platform,
      let total = diagnosis.ggttTotal
    else { return GGTTReport(without: diagnosis, isUnreadable: true) }
    let table = GGTTTable(generation: platform.generation, total: total)
    let range = self.range ?? table.space
    guard range.end <= table.total else {
      throw Failure(
        .usage, "the range \(range) ends past the GGTT, which ends at \(table.total.hex())")
    }
    var audit = GGTTAudit(
      table: table, range: range, shares: [page.mappable.range, page.unmappable.range])
    guard !range.isEmpty else { return GGTTReport(diagnosis, audit, ending: .complete) }
    do {
      let path = DevicePath(diagnosis.capture.backend)
      let window = try bus.map(table.window, of: display, through: path)
      Confinement.giveUpReaching()
      let ending = Self.read(table.loads(of: range), from: window, into: &audit)
      sayEnding(ending, audit)
      return GGTTReport(diagnosis, audit, ending: ending)
    } catch {
      let cause = PVInfoCapturer.cause(of: error)
      Messages.say(
        "cannot map the GGTT of \(display.address): \(cause.reason); \(cause.nextStep)")
      return GGTTReport(without: diagnosis, isUnreadable: true)
    }
  }

  /// Some milliseconds' worth on a guest: Ctrl-C and the bar are seen to after
  /// as many loads.
  private static let loadsAtOnce = 1024

  private static func read(
    _ loads: (offset: UInt32, count: Int), from window: borrowing MappedWindow,
    into audit: inout GGTTAudit
  ) -> GGTTReport.Ending {
    var bar = ProgressBar("entries", total: audit.range.size / GGTT.pageSize)
    defer { bar.end() }
    Interruption.note()
    for first in stride(from: 0, to: loads.count, by: loadsAtOnce) {
      if Interruption.isNoted { return .interrupted }
      do {
        try window.loadRuns(
          at: loads.offset + UInt32(first * 8), count: min(loadsAtOnce, loads.count - first)
        ) { audit.add($0, times: $1) }
      } catch {
        return .deviceLost
      }
      bar.update(done: audit.entriesRead)
    }
    return .complete
  }

  private func sayEnding(_ ending: GGTTReport.Ending, _ audit: GGTTAudit) {
    let done = "after \(audit.entriesRead) of \(audit.range.size / GGTT.pageSize) entries"
    switch ending {
    case .complete: break
    case .interrupted:
      Messages.say("interrupted \(done); go on with --range \(audit.remaining)")
    case .deviceLost:
      Messages.say("the device went away \(done); run vgt-balloon again once it is back")
    }
  }
}

extension GGTTAudit {
  /// The part of `range` whose entries have not come.
  fileprivate var remaining: GraphicsRange {
    GraphicsRange(start: covered.end, end: range.end)
  }
}
