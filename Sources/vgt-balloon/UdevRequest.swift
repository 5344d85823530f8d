import SystemPackage
import VgtCore
import VgtFiles
import VgtHardware
import VgtReport

/// Properties of one function, for udev's `IMPORT{program}`.
struct UdevRequest: Request {
  /// A PCI address; the one that udev puts into the environment when `nil`.
  let address: String?

  func answer() throws(Failure) -> ExitStatus {
    guard let text = address ?? SystemCalls.environment("PCI_SLOT_NAME") else {
      throw Failure(
        .usage, "udev needs an ADDRESS, or PCI_SLOT_NAME in the environment, as udev sets it")
    }
    guard let address = PCIAddress(text) else {
      throw Failure(.usage, "'\(text)' is no PCI address; write [DDDD:]BB:DD.F, all hex")
    }
    guard let diagnosis = try diagnose(address) else { return .noVgpu }
    if let cause = diagnosis.capture.unreadable { throw Failure(cause, at: address) }
    guard let properties = UdevProperties(diagnosis) else { return .noVgpu }
    return try StandardOutput.write(properties.text, then: .sound)
  }

  /// - Returns: `nil` when the function is no Intel display function.
  private func diagnose(_ address: PCIAddress) throws(Failure) -> Diagnosis? {
    Confinement.giveUpWriting()
    let bus: PCIBus
    do {
      bus = try PCIBus(only: address)
    } catch {
      throw Failure(busUnreadable: error)
    }
    guard let display = bus.displays.first else {
      guard bus.hasFunction(at: address) else { throw Failure(noDevice: address) }
      return nil
    }
    // Not through /dev/mem: udev runs this unasked.
    var capture = PVInfoCapturer(backend: .sysfs, kernelRelease: ByteInput.kernelRelease).capture(
      of: display, on: bus)
    Confinement.giveUpReaching()
    capture.driverAnswers = .notAsked(.notAsked)
    return Diagnosis(capture)
  }
}
