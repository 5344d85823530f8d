import SystemPackage
import VgtCore
import VgtDriver
import VgtFiles
import VgtHardware

/// Which functions to look at, and by which way.
struct DeviceChoice {
  /// Every display function when empty.
  var addresses: [PCIAddress] = []
  var backend = PVInfoCapturer.BackendChoice.auto
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
struct DeviceScan {
  let captures: [Capture]
  /// The running kernel's.
  let kernelRelease = ByteInput.kernelRelease
  /// Set when sysfs has no PCI tree.
  let isBusUnreadable: Bool

  /// Reads the page of each function of `choice`, and then leaves the process
  /// confined: what was read is worked on without a right or a file to lose.
  ///
  /// - Parameter asksDriver: Whether bound drivers are asked as well.
  init(_ choice: DeviceChoice, asksDriver: Bool) throws(Failure) {
    let found: [ScannedDevice]
    do {
      found = try Self.find(choice, kernelRelease, asksDriver: asksDriver)
      isBusUnreadable = false
    } catch let error as Failure {
      throw error
    } catch {
      Messages.say(Failure(busUnreadable: error as? Errno ?? .ioError).message)
      found = []
      isBusUnreadable = true
    }
    Confinement.giveUpReaching()
    captures = found.map { $0.capture(asksDriver: asksDriver) }
    for capture in captures {
      if let cause = capture.unreadable {
        Messages.say(Failure(cause, at: capture.address).message)
      } else if capture.backend == .udev {
        Messages.say(
          "\(capture.address): the page as udev keeps it, since reading it anew needs root")
      }
    }
  }

  /// A function as it was read, and what else is open to learn of it.
  private struct ScannedDevice {
    let live: Capture
    /// What udev keeps of it, where it cannot be read.
    let kept: [UInt8]?
    let driver: DriverQuery?

    /// Asks the driver, which is slow where its log is long.
    func capture(asksDriver: Bool) -> Capture {
      var capture = kept.flatMap { UdevDatabase.capture(insteadOf: live, from: $0) } ?? live
      guard asksDriver else { return capture }
      guard let (answers, isJournalSilent) = driver?.ask() else {
        capture.driverAnswers = .notAsked(
          capture.driver == DriverQuery.driver ? .noBalloon : .noDriver)
        return capture
      }
      capture.driverAnswers = answers
      if isJournalSilent { Messages.say("the journal did not answer; the report goes on without") }
      return capture
    }
  }

  /// - Throws: `Errno` of the bus, or `Failure` for a device that is not there.
  private static func find(
    _ choice: DeviceChoice, _ kernelRelease: String, asksDriver: Bool
  ) throws -> [ScannedDevice] {
    let bus = try PCIBus()
    let probe = PVInfoCapturer(backend: choice.backend, kernelRelease: kernelRelease)
    let enableGuC = asksDriver ? DriverQuery.enableGuC : nil
    return try select(choice.addresses, on: bus).map { display in
      var live = probe.capture(of: display, on: bus)
      live.enableGuC = enableGuC
      let kept = choice.backend == .auto ? UdevDatabase.entry(insteadOf: live) : nil
      let isWorthAsking =
        asksDriver && live.driver == DriverQuery.driver && (kept != nil || live.holdsPage)
      return ScannedDevice(
        live: live, kept: kept, driver: isWorthAsking ? DriverQuery(of: live) : nil)
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
