/// Why the page of a function could not be read: a cause that was checked, and
/// what to do about it.
package enum UnreadableCause: Hashable, Sendable {
  /// The process may not read config space or map the BAR.
  case permission
  /// Kernel lockdown refuses to map device memory, even to root.
  case lockdown
  /// Config space ends before the register at 0x50.
  case configShort
  /// BAR0 has no address.
  case barUnassigned
  /// BAR0 is not as long as this platform's.
  case barSize
  /// COMMAND bit 1 is 0: the function does not answer at its BARs.
  case memoryDecodingOff
  /// sysfs has no resource0 for the function.
  case resourceMissing
  /// There is no /dev/mem, which was asked for.
  case devmemMissing
  /// resource0 ends before what is to be read of it.
  case resourceShort
  /// The kernel keeps BAR0 for the driver that claimed it.
  case claimed
  /// The mapping failed for another reason: an errno value.
  case mapFailed(Int32)
  /// The function is suspended (D3hot), and the loads answered all ones.
  case asleep
  /// Config space answers all ones, or sysfs no longer has the function.
  case deviceGone
  /// The device went away between mapping and loading (SIGBUS).
  case busError
  /// The loads answered all ones, and none of the causes above holds.
  case allOnes

  private static let named: [(name: String, cause: UnreadableCause)] = [
    ("permission", .permission), ("lockdown", .lockdown), ("config-short", .configShort),
    ("bar-unassigned", .barUnassigned), ("bar-size", .barSize),
    ("memory-decoding-off", .memoryDecodingOff), ("resource-missing", .resourceMissing),
    ("devmem-missing", .devmemMissing),
    ("resource-short", .resourceShort), ("claimed", .claimed), ("asleep", .asleep),
    ("device-gone", .deviceGone), ("bus-error", .busError), ("all-ones", .allOnes),
  ]

  /// The stable name, as the capture and the finding code have it.
  package var name: String {
    if case .mapFailed = self { return "map-failed" }
    return Self.named.first { $0.cause == self }?.name ?? "all-ones"
  }

  /// The name, and for `mapFailed` the errno value: `map-failed-12`.
  package var captureText: String {
    if case .mapFailed(let errno) = self { return "map-failed-\(errno)" }
    return name
  }

  package init?(captureText text: String) {
    if let entry = Self.named.first(where: { $0.name == text }) {
      self = entry.cause
    } else if text.hasPrefix("map-failed-"), let errno = Int32(text.dropFirst(11)), errno >= 0 {
      self = .mapFailed(errno)
    } else {
      return nil
    }
  }

  /// What was found to be so; completes "cannot read the PV info page: ".
  package var reason: String {
    switch self {
    case .permission: "reading config space or mapping BAR0 needs root"
    case .lockdown: "kernel lockdown forbids mapping device memory, even to root"
    case .configShort: "config space ends before offset 0x50, as it does for a user without root"
    case .barUnassigned: "BAR0 has no address"
    case .barSize: "BAR0 is not as long as on this platform"
    case .memoryDecodingOff: "memory decoding is off in COMMAND"
    case .resourceMissing: "sysfs has no resource0 for it"
    case .devmemMissing: "there is no /dev/mem"
    case .resourceShort: "resource0 is shorter than BAR0"
    case .claimed: "the kernel keeps BAR0 for the driver that claimed it"
    case .mapFailed(let errno): "reading config space or mapping BAR0 failed with errno \(errno)"
    case .asleep: "the device is suspended (D3hot) and reads return all ones"
    case .deviceGone: "nothing is at this address any more"
    case .busError: "the device went away while it was read"
    case .allOnes: "every read returned all ones"
    }
  }

  /// What to do next.
  ///
  /// - Parameter driver: The name of the bound driver.
  package func nextStep(withDriver driver: String?) -> String {
    switch self {
    case .permission, .configShort: "run vgt-balloon as root"
    case .lockdown:
      "turn Secure Boot or lockdown= off, or judge by the driver's log: vgt-balloon log"
    case .barUnassigned:
      "look for \"can't assign\" in the kernel log and give the function's bridge more memory"
    case .barSize: "check how the virtual machine presents BAR0 of the host's GPU"
    case .memoryDecodingOff:
      switch driver {
      case nil: "load the driver (modprobe i915), then run vgt-balloon again"
      case "i915": "unbind i915 and bind it again, then run vgt-balloon again"
      case let other?: "bind i915 in place of \(other.ascii), then run vgt-balloon again"
      }
    case .resourceMissing: "run vgt-balloon outside the container or sandbox that hides it"
    case .devmemMissing: "leave out --backend devmem: resource0 of sysfs serves on every kernel"
    case .resourceShort: "check how the virtual machine presents BAR0 of the host's GPU"
    case .claimed: "unbind that driver, or boot with iomem=relaxed"
    case .mapFailed: "look for the reason in the kernel log"
    case .asleep:
      driver == "i915"
        ? "use the GPU (any program that draws), then run vgt-balloon again"
        : "write \"on\" to its power/control in sysfs, then run vgt-balloon again"
    case .deviceGone: "rescan the bus: echo 1 > /sys/bus/pci/rescan"
    case .busError: "run vgt-balloon again once the device is back"
    case .allOnes: "look for \"fail to emulate MMIO read\" in the host's log"
    }
  }
}
