import ArgumentParser
import Glibc
import SystemPackage
import VgtCore
import VgtFiles
import VgtHardware
import VgtReport

/// Properties of one function, for udev's `IMPORT{program}`.
struct UdevCommand: StatusCommand {
  static let configuration = CommandConfiguration(
    commandName: "udev",
    abstract: "Print the udev properties of one vGPU; a udev rule runs this.",
    discussion: """
      Exit status: 0 properties were printed, of a failing vGPU too; 1 no GVT-g
      vGPU, nothing printed; 3 cannot tell.
      """)

  @Argument(
    help: "A function, as [DDDD:]BB:DD.F; without it PCI_SLOT_NAME of the environment.",
    completion: .pciAddress)
  var address: String?

  func status() throws(Failure) -> ExitStatus {
    try Self.answer(address)
  }

  /// Answers and ends the process if this is a plain `udev [ADDRESS]`.
  ///
  /// udev asks at every boot, for every display function of every machine;
  /// building the command line's machinery first would cost 30 times as much.
  static func answerAtOnce(_ arguments: [String]) {
    guard arguments.count == 2 || arguments.count == 3, arguments[1] == configuration.commandName
    else { return }
    let address = arguments.count == 3 ? arguments[2] : nil
    if let address, address.hasPrefix("-") { return }
    let status: ExitStatus
    do {
      status = try answer(address)
    } catch {
      Messages.say(error.message)
      status = error.status
    }
    Glibc.exit(status.rawValue)
  }

  private static func answer(_ text: String?) throws(Failure) -> ExitStatus {
    guard let text = text ?? SystemCalls.environment("PCI_SLOT_NAME") else {
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
  private static func diagnose(_ address: PCIAddress) throws(Failure) -> Diagnosis? {
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
    var capture = PageProbe(backend: .sysfs).capture(of: display, on: bus)
    Confinement.giveUpReaching()
    capture.driverCheck = .notAsked(.notAsked)
    return Diagnosis(capture)
  }
}
