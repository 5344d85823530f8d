internal import CVgtShim
package import SystemPackage
package import VgtCore
internal import VgtFiles

/// The Intel display functions of this machine.
///
/// Opens libpciaccess's one session and ends it with its `deinit`; windows are
/// made through it and must not outlive it.
package struct PCIBus: ~Copyable {
  /// By ascending address.
  package let displays: [PCIDisplay]

  /// Scans the bus.
  ///
  /// - Parameter only: The one function to look at; `nil` for every display
  ///   function. No other function's config space is read.
  /// - Throws: `Errno`; `noSuchFileOrDirectory` when sysfs has no PCI tree.
  package init(only address: PCIAddress? = nil) throws(Errno) {
    let error = vgt_pci_open()
    guard error == 0 else { throw Errno(rawValue: error) }
    var displays: [PCIDisplay] = []
    for index in 0..<vgt_pci_display_count() {
      if let address,
        !vgt_pci_display_is(index, address.domain, address.bus, address.device, address.function)
      {
        continue
      }
      displays.append(PCIDisplay(vgt_pci_display(index), index: index))
    }
    self.displays = displays.sorted { $0.address < $1.address }
  }

  deinit {
    vgt_pci_close()
  }

  /// Whether any function, of any vendor and class, has this address.
  package borrowing func hasFunction(at address: PCIAddress) -> Bool {
    vgt_pci_exists(address.domain, address.bus, address.device, address.function)
  }

  /// The display functions of other vendors, in the order of the bus: what
  /// there is to name where no Intel one is.
  package borrowing func otherDisplays() -> [OtherDisplay] {
    var others: [OtherDisplay] = []
    while true {
      let other = vgt_pci_other(others.count)
      guard other.is_there else { return others }
      others.append(OtherDisplay(other))
    }
  }

  /// BAR0 and BAR2 as the kernel has them; `nil` where sysfs does not tell.
  borrowing func kernelRegions(
    of display: PCIDisplay
  ) -> (bar0: KernelRegion, bar2: KernelRegion)? {
    let regions = vgt_pci_kernel_regions(display.index)
    return regions.are_known ? (KernelRegion(regions.bar0), KernelRegion(regions.bar2)) : nil
  }

  /// Maps `range` (bytes of BAR0, whole pages), read-only, through sysfs unless
  /// `backend` is /dev/mem.
  package borrowing func map(
    _ range: Range<UInt32>, of display: PCIDisplay, through backend: Backend
  ) throws(MappedWindow.MapError) -> MappedWindow {
    switch backend {
    case .sysfs, .udev: try MappedWindow(sysfs: display.index, range: range)
    case .devmem: try MappedWindow(devmem: display.bar0?.address ?? 0, range: range)
    }
  }
}

/// A BAR as the kernel has it.
struct KernelRegion {
  let start: UInt64
  /// Whether the address means nothing, whatever the registers hold. Source:
  /// Linux 6.1 `include/linux/ioport.h`, `IORESOURCE_UNSET`.
  let isUnset: Bool

  fileprivate init(_ region: vgt_pci_region) {
    start = region.start
    isUnset = region.flags & 0x2000_0000 != 0
  }
}

/// A function of vendor 0x8086 and class 0x03xxxx, as discovery saw it.
package struct PCIDisplay: Hashable, Sendable {
  package let address: PCIAddress
  package let deviceID: UInt16
  package let revision: UInt8
  package let classCode: UInt32
  package let command: UInt16?
  package let gmchControl: UInt16?
  package let bar0: BAR?
  package let bar2: BAR?
  /// Whether config space answers all ones.
  package let isGone: Bool
  /// The errno value of a read of config space or of the BARs that failed.
  let failedRead: Int32?
  let index: Int

  fileprivate init(_ function: vgt_pci_function, index: Int) {
    address = PCIAddress(
      domain: function.domain, bus: function.bus, device: function.device,
      function: function.function)
    deviceID = function.device_id
    revision = function.revision
    classCode = function.class_code
    command = function.has_command ? function.command : nil
    gmchControl = function.has_gmch_control ? function.gmch_control : nil
    bar0 = BAR(function.bar0)
    bar2 = BAR(function.bar2)
    isGone = function.is_gone
    failedRead = function.error == 0 ? nil : function.error
    self.index = index
  }

  /// The function's folder in sysfs.
  package var sysfs: FilePath { FilePath("/sys/bus/pci/devices/\(address)") }
}

extension OtherDisplay {
  fileprivate init(_ function: vgt_pci_other) {
    let address = PCIAddress(
      domain: function.domain, bus: function.bus, device: function.device,
      function: function.function)
    self.init(
      address: address, vendorID: function.vendor_id, deviceID: function.device_id,
      driver: ByteInput.linkTargetName(FilePath("/sys/bus/pci/devices/\(address)/driver")))
  }
}

extension BAR {
  fileprivate init?(_ bar: vgt_pci_bar) {
    guard bar.size > 0 else { return nil }
    self.init(address: bar.address, size: bar.size)
  }
}
