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
    completion: .pciAddress,
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

extension DeviceOptions {
  /// As the parser leaves them where no option is given.
  static var none: DeviceOptions {
    var options = DeviceOptions()
    options.device = []
    options.backend = .auto
    return options
  }
}

extension PageProbe.BackendChoice: ExpressibleByArgument {}

extension CompletionKind {
  /// The functions of this machine.
  static var pciAddress: CompletionKind { .shellCommand("ls /sys/bus/pci/devices") }
}

extension Failure {
  init(busUnreadable error: Errno) {
    self.init(
      .cannotTell,
      "cannot list PCI functions: /sys/bus/pci/devices: \(error); mount sysfs on /sys")
  }

  init(noDevice address: PCIAddress) {
    self.init(
      .cannotTell, "no such device: \(address); see what there is: ls /sys/bus/pci/devices")
  }

  init(_ cause: UnreadableCause, at address: PCIAddress) {
    self.init(
      .cannotTell,
      "cannot read the PV info page of \(address): \(cause.reason); \(cause.nextStep)")
  }
}

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
      Messages.say(Failure(busUnreadable: error as? Errno ?? .ioError).message)
      captures = []
      isBusUnreadable = true
    }
    for capture in captures {
      if let cause = capture.unreadable {
        Messages.say(Failure(cause, at: capture.address).message)
      } else if capture.backend == .udev {
        Messages.say(
          "\(capture.address): the page as udev keeps it, since reading it anew needs root")
      }
    }
  }

  /// - Throws: `Errno` of the bus, or `Failure` for a device that is not there.
  private static func captures(
    _ options: DeviceOptions, asksDriver: Bool
  ) throws -> [Capture] {
    let bus = try PCIBus()
    let probe = PageProbe(backend: options.backend)
    return try select(options.device, on: bus).map { display in
      var capture = probe.capture(of: display, on: bus)
      if options.backend == .auto, let kept = UdevDatabase.capture(insteadOf: capture) {
        capture = kept
      }
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
        throw Failure(noDevice: address)
      }
      Messages.say("\(address) is no Intel display function")
    }
    return bus.displays.filter { addresses.contains($0.address) }
  }
}
