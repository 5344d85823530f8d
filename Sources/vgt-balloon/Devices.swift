import ArgumentParser
import SystemPackage
import VgtCore
import VgtHardware

/// Which functions to look at, and by which way.
struct DeviceOptions: ParsableArguments {
  @Option(
    name: [.customShort("s"), .long],
    help: ArgumentHelp(
      "Only this function, as [DDDD:]BB:DD.F; repeatable.", valueName: "address"),
    completion: .shellCommand("ls /sys/bus/pci/devices"),
    transform: { text in
      guard let address = PCIAddress(text) else {
        throw ValidationError("'\(text)' is no PCI address; write [DDDD:]BB:DD.F, all hex")
      }
      return address
    })
  var device: [PCIAddress] = []

  @Option(
    help: ArgumentHelp(
      "How to reach BAR0; auto: sysfs, and /dev/mem only without a resource0.",
      valueName: "way"))
  var backend: PageProbe.BackendChoice = .auto
}

extension PageProbe.BackendChoice: ExpressibleByArgument {}

/// The captures of this machine's display functions.
struct Survey {
  let captures: [Capture]
  /// Set when sysfs has no PCI tree.
  let isBusUnreadable: Bool

  /// Reads the page of each function that `options` selects.
  ///
  /// - Parameter asksDriver: Whether bound drivers are asked as well.
  init(_ options: DeviceOptions, asksDriver: Bool) throws(Failure) {
    do {
      captures = try Self.captures(options, asksDriver: asksDriver)
      isBusUnreadable = false
    } catch let error as Failure {
      throw error
    } catch {
      Self.sayUnlistable(error)
      captures = []
      isBusUnreadable = true
    }
    captures.forEach(Self.sayUnreadable)
  }

  /// Says why the bus cannot be looked at.
  static func sayUnlistable(_ error: any Error) {
    Messages.say(
      "cannot list PCI functions: /sys/bus/pci/devices: \(error); mount sysfs on /sys")
  }

  /// Says why the page cannot be read, if it cannot.
  static func sayUnreadable(_ capture: Capture) {
    guard let cause = capture.unreadable else { return }
    Messages.say(
      "cannot read the PV info page of \(capture.address): \(cause.reason); \(cause.nextStep)")
  }

  /// - Throws: `Errno` of the bus, or `Failure` for a device that is not there.
  private static func captures(
    _ options: DeviceOptions, asksDriver: Bool
  ) throws -> [Capture] {
    let bus = try PCIBus()
    let probe = PageProbe(backend: options.backend)
    return try select(options.device, on: bus).map { display in
      var capture = probe.capture(of: display, on: bus)
      if asksDriver { capture.driverCheck = DriverProbe.check(Diagnosis(capture)) }
      return capture
    }
  }

  /// The functions asked for; all of them when none is named.
  static func select(
    _ addresses: [PCIAddress], on bus: borrowing PCIBus
  ) throws(Failure) -> [PCIDisplay] {
    if addresses.isEmpty { return bus.displays }
    for address in addresses where !bus.displays.contains(where: { $0.address == address }) {
      guard bus.hasFunction(at: address) else {
        throw Failure(
          .cannotTell, "no such device: \(address); see what there is: ls /sys/bus/pci/devices")
      }
      Messages.say("\(address) is no Intel display function")
    }
    return bus.displays.filter { addresses.contains($0.address) }
  }
}
