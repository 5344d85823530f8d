package import VgtCore
internal import VgtFiles
internal import SystemPackage

/// Reads the PV info page of one function, or finds the cause that forbids it.
package struct PVInfoCapturer: Sendable {
  /// Which way to the BAR the user allows.
  package enum BackendChoice: String, Hashable, Sendable, CaseIterable {
    /// resource0; /dev/mem only when there is no resource0.
    case auto
    case sysfs
    case devmem
  }

  private let choice: BackendChoice
  private let kernelRelease: String

  package init(backend choice: BackendChoice, kernelRelease: String) {
    self.choice = choice
    self.kernelRelease = kernelRelease
  }

  /// Reads the page of `display`, if its platform has one.
  ///
  /// - Returns: What a report needs of the function, but for the driver's
  ///   answers.
  package func capture(of display: PCIDisplay, on bus: borrowing PCIBus) -> Capture {
    var capture = Capture(
      kernelRelease: kernelRelease, address: display.address,
      deviceID: display.deviceID, revision: display.revision, classCode: display.classCode,
      backend: choice == .devmem ? .devmem : .sysfs)
    // Of a device that is gone they are all ones.
    capture.command = display.isGone ? nil : display.command
    capture.gmchControl = display.isGone ? nil : display.gmchControl
    capture.bar0 = display.bar0
    capture.bar2 = display.bar2
    capture.driver = ByteInput.linkTargetName(display.sysfs.appending("driver"))

    guard let platform = Platform(deviceID: display.deviceID) else { return capture }
    let regions = bus.kernelRegions(of: display)
    // i915 takes no aperture there: Linux 6.1 `gt/intel_ggtt.c`,
    // `gen8_gmch_probe`, `i915_pci_resource_valid`.
    if regions?.bar2.isUnset == true { capture.bar2 = nil }
    if let cause = Self.causeNotToMap(display, regions?.bar0, platform: platform) {
      capture.unreadable = cause
      return capture
    }
    read(display, on: bus, into: &capture)
    return capture
  }

  /// What forbids mapping BAR0 at all; checked before anything is touched.
  private static func causeNotToMap(
    _ display: PCIDisplay, _ region: KernelRegion?, platform: Platform
  ) -> UnreadableCause? {
    if display.isGone { return .deviceGone }
    if let errno = display.failedRead { return .mapFailed(errno) }
    guard let command = display.command, display.gmchControl != nil else { return .configShort }
    guard let bar0 = display.bar0, region?.isUnset != true else {
      // libpciaccess calls it a success when it cannot read the regions.
      return display.bar0 == nil && region?.start ?? 0 != 0
        ? .mapFailed(Errno.ioError.rawValue) : .barUnassigned
    }
    guard bar0.size == platform.bar0Size else { return .barSize }
    // PCI Local Bus Specification 3.0, table 6-1: COMMAND bit 1.
    guard command & 0x2 != 0 else { return .memoryDecodingOff }
    return nil
  }

  private func read(_ display: PCIDisplay, on bus: borrowing PCIBus, into capture: inout Capture) {
    do {
      try read(display, on: bus, through: capture.backend, into: &capture)
    } catch .open(.noSuchFileOrDirectory) where !Self.exists(display) {
      capture.unreadable = .deviceGone
    } catch .open(.noSuchFileOrDirectory) where choice == .devmem {
      capture.unreadable = .devmemMissing
    } catch .open(.noSuchFileOrDirectory) where choice == .auto {
      do {
        try read(display, on: bus, through: .devmem, into: &capture)
      } catch {
        capture.unreadable =
          error == .open(.noSuchFileOrDirectory) ? .resourceMissing : Self.cause(of: error)
      }
    } catch {
      capture.unreadable = Self.cause(of: error)
    }
  }

  /// Whether the function is still there: it may have been removed since the
  /// bus was scanned.
  private static func exists(_ display: PCIDisplay) -> Bool {
    do {
      let folder = try ByteInput.open(display.sysfs)
      try? folder.close()
      return true
    } catch {
      return error != .noSuchFileOrDirectory
    }
  }

  private func read(
    _ display: PCIDisplay, on bus: borrowing PCIBus, through backend: Backend,
    into capture: inout Capture
  ) throws(MappedWindow.MapError) {
    capture.backend = backend
    let window = try bus.map(Register.page, of: display, through: backend)
    var reader = VgtIfReader()
    do {
      if case .allOnes = try reader.read(window) { capture.unreadable = Self.causeOfOnes(display) }
    } catch {
      capture.unreadable = .busError
    }
    capture.accesses = reader.accesses
  }

  /// What a mapping that failed means to a user.
  package static func cause(of error: MappedWindow.MapError) -> UnreadableCause {
    switch error {
    case .tooShort: .resourceShort
    case .open(.noSuchFileOrDirectory): .resourceMissing
    case .open(.permissionDenied): .permission
    case .open(.notPermitted), .map(.notPermitted), .map(.permissionDenied):
      isLockedDown ? .lockdown : .permission
    // Linux 6.1 `drivers/pci/pci-sysfs.c`, `pci_mmap_resource`: the region is
    // exclusive.
    case .map(.invalidArgument): .claimed
    case .open(let errno), .map(let errno): .mapFailed(errno.rawValue)
    }
  }

  /// Whether the kernel's lockdown is on: the word in brackets is not "none".
  private static var isLockedDown: Bool {
    guard let levels = ByteInput.text(path: "/sys/kernel/security/lockdown") else { return false }
    return !levels.contains("[none]")
  }

  /// Why a function that can be mapped answers ones.
  private static func causeOfOnes(_ display: PCIDisplay) -> UnreadableCause {
    let power = ByteInput.text(path: display.sysfs.appending("power_state")) ?? "unknown"
    let runtime = ByteInput.text(path: display.sysfs.appending("power/runtime_status"))
    return power.hasPrefix("D3") || runtime == "suspended" ? .asleep : .allOnes
  }
}
