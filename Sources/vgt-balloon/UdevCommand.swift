import SystemPackage
import VgtCore
import VgtFiles
import VgtHardware
import VgtReport

/// Properties of one function, for udev's `IMPORT{program}`.
struct UdevCommand: Command {
  /// A PCI address; the one that udev puts into the environment when `nil`.
  let address: String?

  func run() throws(CommandError) -> ExitStatus {
    try OutputChoice().answer(gather: gather, judge: judge)
  }

  /// - Returns: `nil` when the function is not an Intel display function.
  private func gather() throws(CommandError) -> Capture? {
    guard let text = address ?? SystemCalls.environment("PCI_SLOT_NAME") else {
      throw CommandError(
        .usage, "udev needs an ADDRESS, or PCI_SLOT_NAME in the environment, as udev sets it")
    }
    guard let address = PCIAddress(text) else {
      throw CommandError(
        .usage,
        "'\(text.quotable)' is not a PCI address; use [DDDD:]BB:DD.F in hexadecimal")
    }
    let bus: PCIBus
    do {
      bus = try PCIBus(only: address)
    } catch {
      throw CommandError(busUnreadable: error)
    }
    guard let display = bus.displays.first else {
      guard bus.hasFunction(at: address) else { throw CommandError(noDevice: address) }
      return nil
    }
    // Not through /dev/mem: udev runs this unasked.
    var capture = PVInfoCapturer(backend: .sysfs, kernelRelease: ByteInput.kernelRelease).capture(
      of: display, on: bus)
    capture.driverAnswers = .notAsked(.notAsked)
    return capture
  }

  private func judge(_ capture: Capture?) throws(CommandError) -> Answer {
    guard let capture else { return Answer("", .noVgpu) }
    if let cause = capture.unreadable { throw CommandError(cause, of: capture) }
    guard let properties = UdevProperties(Diagnosis(capture)) else { return Answer("", .noVgpu) }
    return Answer(properties.text, .sound)
  }
}
