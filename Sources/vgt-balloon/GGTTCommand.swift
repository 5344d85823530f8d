import SystemPackage
import VgtCore
import VgtFiles
import VgtHardware
import VgtReport

/// The audit of one guest's GGTT.
struct GGTTCommand: Command {
  enum Format: String, CaseIterable {
    case text, json
  }

  var devices = DeviceChoice()
  /// The whole GGTT when `nil`.
  var range: GraphicsRange?
  var format = Format.text
  var output = OutputChoice()

  /// The table of the guest to audit, or the report of why there is none.
  private enum Finding: ~Copyable {
    case table(MappedWindow, Diagnosis, GGTTAudit)
    case report(GGTTReport)
  }

  private struct Evidence: ~Copyable {
    let finding: Finding
    /// Outlives the window, which it unmaps.
    let bus: PCIBus?
  }

  func run() throws(CommandError) -> ExitStatus {
    try output.answer(gather: gather, judge: judge)
  }

  private func judge(_ evidence: consuming Evidence) -> Answer {
    let report =
      switch consume evidence.finding {
      case .table(let window, let diagnosis, let audit): Self.report(window, diagnosis, audit)
      case .report(let report): report
      }
    let text =
      switch format {
      case .text: report.text(coloured: output.isColoured)
      case .json: report.json
      }
    return Answer(text, ExitStatus(report.verdict))
  }

  private func gather() throws(CommandError) -> Evidence {
    let bus: PCIBus
    do {
      bus = try PCIBus()
    } catch {
      StandardError.print(CommandError(busUnreadable: error).message)
      return Evidence(finding: .report(GGTTReport(without: nil, isUnreadable: true)), bus: nil)
    }
    return Evidence(finding: try find(on: bus), bus: bus)
  }

  private func find(on bus: borrowing PCIBus) throws(CommandError) -> Finding {
    let probe = PVInfoCapturer(backend: devices.backend, kernelRelease: ByteInput.kernelRelease)
    let found = try DeviceScan.select(devices.slots, on: bus).map { display in
      (display: display, diagnosis: Diagnosis(probe.capture(of: display, on: bus)))
    }
    for (_, diagnosis) in found {
      guard let cause = diagnosis.unreadableCause else { continue }
      StandardError.print(CommandError(cause, of: diagnosis.capture).message)
    }
    let guests = found.filter { $0.diagnosis.presence == .present }
    guard let (display, diagnosis) = guests.first else {
      let unreadable = found.first { $0.diagnosis.presence == .unreadable }
      return .report(
        GGTTReport(
          without: (unreadable ?? found.first)?.diagnosis, isUnreadable: unreadable != nil))
    }
    guard guests.count == 1 else {
      let names = guests.map { "\($0.display.address)" }.joined(separator: ", ")
      throw CommandError(.usage, "several vGPUs: \(names); choose one with --device")
    }
    return try find(display, diagnosis, on: bus)
  }

  private func find(
    _ display: PCIDisplay, _ diagnosis: Diagnosis, on bus: borrowing PCIBus
  ) throws(CommandError) -> Finding {
    guard let pvInfo = diagnosis.pvInfo, let platform = diagnosis.platform,
      let total = diagnosis.ggttTotal
    else { return .report(GGTTReport(without: diagnosis, isUnreadable: true)) }
    let table = GGTTTable(generation: platform.generation, total: total)
    guard UInt64(table.window.upperBound) <= platform.bar0Size else {
      StandardError.print(
        "cannot map the GGTT of \(display.address): by GMCH control its table ends past BAR0; check"
          + " how the virtual machine presents config space")
      return .report(GGTTReport(without: diagnosis, isUnreadable: true))
    }
    let range = self.range ?? table.space
    guard range.end <= table.total else {
      throw CommandError(
        .usage, "the range \(range) ends past the GGTT, which ends at \(table.total.hex())")
    }
    let audit = GGTTAudit(
      table: table, range: range, shares: [pvInfo.mappable.range, pvInfo.unmappable.range])
    guard !range.isEmpty else { return .report(GGTTReport(diagnosis, audit, ending: .complete)) }
    do {
      let window = try bus.map(table.window, of: display, through: diagnosis.capture.backend)
      return .table(window, diagnosis, audit)
    } catch {
      let cause = PVInfoCapturer.cause(of: error)
      StandardError.print(
        "cannot map the GGTT of \(display.address): \(cause.reason);"
          + " \(cause.nextStep(withDriver: diagnosis.capture.driver))")
      return .report(GGTTReport(without: diagnosis, isUnreadable: true))
    }
  }

  private static func report(
    _ window: consuming MappedWindow, _ diagnosis: Diagnosis, _ audit: GGTTAudit
  ) -> GGTTReport {
    var audit = audit
    let ending = read(audit.table.loads(of: audit.range), from: window, into: &audit)
    sayEnding(ending, audit)
    return GGTTReport(diagnosis, audit, ending: ending)
  }

  /// Some milliseconds' worth on a guest: Ctrl-C and the bar are seen to after
  /// as many loads.
  private static let loadsAtOnce = 1024

  private static func read(
    _ loads: (offset: UInt32, count: Int), from window: borrowing MappedWindow,
    into audit: inout GGTTAudit
  ) -> GGTTReport.Ending {
    var bar = ProgressBar(total: audit.range.pageCount)
    defer { bar.end() }
    Interruption.note()
    for first in stride(from: 0, to: loads.count, by: loadsAtOnce) {
      if Interruption.isNoted { return .interrupted }
      do {
        audit.add(
          try window.loadRuns(
            at: loads.offset + UInt32(first * 8), count: min(loadsAtOnce, loads.count - first)))
      } catch {
        return .deviceLost
      }
      bar.update(done: audit.entriesRead)
    }
    return .complete
  }

  private static func sayEnding(_ ending: GGTTReport.Ending, _ audit: GGTTAudit) {
    let done = "after \(audit.entriesRead) of \(audit.range.pageCount) entries"
    switch ending {
    case .complete: break
    case .interrupted:
      StandardError.print("interrupted \(done); go on with --range \(audit.remaining)")
    case .deviceLost:
      StandardError.print("the device went away \(done); run vgt-balloon again once it is back")
    }
  }
}

extension GGTTAudit {
  /// The part of `range` whose entries have not come.
  fileprivate var remaining: GraphicsRange {
    GraphicsRange(start: covered.end, end: range.end)
  }
}
