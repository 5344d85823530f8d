import SystemPackage
import VgtCore
import VgtDriver
import VgtFiles
import VgtHardware

/// Which functions to look at, and by which way.
struct DeviceChoice {
  /// Every display function when empty.
  var slots: [PCISlot] = []
  var backend = PVInfoCapturer.BackendChoice.auto
}

extension CommandError {
  init(busUnreadable error: Errno) {
    let nextStep =
      switch error {
      case .noSuchFileOrDirectory where ByteInput.isFolder("/sys/bus/pci/devices"):
        "a function there has lost its files, or they are hidden; run vgt-balloon again"
      case .noSuchFileOrDirectory where ByteInput.isFolder("/sys/bus"):
        "this kernel has no PCI bus: give the virtual machine one (QEMU's q35 has), and no pci=off"
      case .noSuchFileOrDirectory: "mount sysfs on /sys"
      case .permissionDenied, .notPermitted: "run vgt-balloon as root"
      case .tooManyOpenFiles, .tooManyOpenFilesInSystem: "raise the limit: ulimit -n 1024"
      case .noMemory: "raise the limit: ulimit -v unlimited"
      default: "see what there is: ls /sys/bus/pci/devices"
      }
    self.init(
      .cannotTell, "cannot list PCI functions: /sys/bus/pci/devices: \(error); \(nextStep)")
  }

  init(noDevice address: PCIAddress) {
    self.init(
      .cannotTell, "no such device: \(address); see what there is: ls /sys/bus/pci/devices")
  }

  init(_ cause: UnreadableCause, of capture: Capture) {
    self.init(
      .cannotTell,
      "cannot read the PV info page of \(capture.address): \(cause.reason);"
        + " \(cause.nextStep(withDriver: capture.driver))")
  }
}

/// This machine's display functions, as they were read.
struct DeviceScan {
  private let found: [ScannedDevice]
  /// The functions of other vendors, where no Intel one is.
  let otherDisplays: [OtherDisplay]
  /// The running kernel's.
  let kernelRelease = ByteInput.kernelRelease
  /// Set when sysfs has no PCI tree.
  let isBusUnreadable: Bool
  private let asksDriver: Bool

  /// Reads the page of each function of `choice`, and opens what else there is
  /// to learn of it.
  ///
  /// - Parameter asksDriver: Whether bound drivers are asked as well.
  init(_ choice: DeviceChoice, asksDriver: Bool) throws(CommandError) {
    self.asksDriver = asksDriver
    do {
      let bus = try PCIBus()
      found = try Self.find(choice, on: bus, kernelRelease, asksDriver: asksDriver)
      otherDisplays = asksDriver && bus.displays.isEmpty ? bus.otherDisplays() : []
      isBusUnreadable = false
    } catch let error as CommandError {
      throw error
    } catch {
      StandardError.print(CommandError(busUnreadable: error as? Errno ?? .ioError).message)
      found = []
      otherDisplays = []
      isBusUnreadable = true
    }
  }

  /// A capture of each, for which its driver is asked; to be called once.
  func captures() -> [Capture] {
    let captures = found.map { $0.capture(asksDriver: asksDriver) }
    for capture in captures {
      if let cause = capture.unreadable {
        StandardError.print(CommandError(cause, of: capture).message)
      } else if case .udev = capture.backend {
        StandardError.print(
          "\(capture.address): the page as udev keeps it, since reading it anew needs root")
      }
    }
    return captures
  }

  /// A function as it was read, and what else is open to learn of it.
  private struct ScannedDevice {
    let live: Capture
    /// What udev keeps of it, where it cannot be read.
    let kept: [UInt8]?
    let isWorthAsking: Bool
    var driver: DriverQuery?

    /// Asks the driver, which is slow where its log is long.
    func capture(asksDriver: Bool) -> Capture {
      var capture = kept.flatMap { UdevDatabase.capture(insteadOf: live, from: $0) } ?? live
      guard asksDriver else { return capture }
      guard let (answers, isJournalSilent) = driver?.ask() else {
        capture.driverAnswers = .notAsked(capture.isI915Bound ? .noBalloon : .noDriver)
        return capture
      }
      capture.driverAnswers = answers
      if isJournalSilent {
        StandardError.print("the journal did not answer; the report goes on without")
      }
      return capture
    }
  }

  /// - Throws: For a device that is not there.
  private static func find(
    _ choice: DeviceChoice, on bus: borrowing PCIBus, _ kernelRelease: String, asksDriver: Bool
  ) throws(CommandError) -> [ScannedDevice] {
    let probe = PVInfoCapturer(backend: choice.backend, kernelRelease: kernelRelease)
    let enableGuC = asksDriver ? DriverQuery.enableGuC : nil
    let selected = try select(choice.slots, on: bus)
    var found = selected.map { display in
      var live = probe.capture(of: display, on: bus)
      live.enableGuC = enableGuC
      let kept = choice.backend == .auto ? UdevDatabase.entry(insteadOf: live) : nil
      let isWorthAsking = asksDriver && live.isI915Bound && (kept != nil || live.holdsPage)
      return ScannedDevice(live: live, kept: kept, isWorthAsking: isWorthAsking)
    }
    // What was not selected was not read, and may be a vGPU as well.
    let vgpus = found.count(where: \.isWorthAsking) + bus.displays.count - selected.count
    for index in found.indices where found[index].isWorthAsking {
      found[index].driver = DriverQuery(of: found[index].live, isOnly: vgpus == 1)
    }
    return found
  }

  /// The functions asked for; all of them when none is named.
  static func select(
    _ slots: [PCISlot], on bus: borrowing PCIBus
  ) throws(CommandError) -> [PCIDisplay] {
    if slots.isEmpty { return bus.displays }
    for slot in slots where !bus.displays.contains(where: { slot.matches($0.address) }) {
      guard let address = slot.address else {
        StandardError.print("no Intel display function is at \(slot)")
        continue
      }
      guard bus.hasFunction(at: address) else {
        throw CommandError(noDevice: address)
      }
      StandardError.print("\(address) is not an Intel display function")
    }
    return bus.displays.filter { display in slots.contains { $0.matches(display.address) } }
  }
}
