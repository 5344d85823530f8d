extension Capture {
  /// The embedded sample: the shares of a real guest, as its log told them
  /// (intel-gvt-dev list, July 2021: Linux 5.14-rc2, Kaby Lake, function
  /// 0000:00:04.0, aperture 256 MiB, GGTT 4 GiB).
  ///
  /// The log does not tell device id, revision, COMMAND, BAR addresses,
  /// version, id, caps and fence count; those are assumed, as a host since
  /// Linux 4.19 presents a vGPU of type GVTg_V5_8.
  package static var sample: Capture {
    var capture = Capture(
      kernelRelease: "5.14.0-rc2",
      address: PCIAddress(domain: 0, bus: 0, device: 4, function: 0),
      deviceID: 0x5912, revision: 0x04, classCode: 0x030000, backend: .sysfs)
    capture.isSample = true
    capture.command = 0x0407
    capture.gmchControl = 0x00C0
    capture.bar0 = BAR(address: 0xFD00_0000, size: 16 << 20)
    capture.bar2 = BAR(address: 0xC000_0000, size: 256 << 20)
    capture.driver = "i915"
    capture.driverAnswers = DriverAnswers(
      log: .said(
        [
          GraphicsRange(start: 0x1000_0000, end: 0xE7EF_8000),
          GraphicsRange(start: 0xFFEF_8000, end: 0x1_0000_0000),
          GraphicsRange(start: 0x0, end: 0x31C_7000),
          GraphicsRange(start: 0x71C_7000, end: 0x1000_0000),
        ], agrees: true),
      aperture: .absent(.notAsked), fences: .absent(.notAsked))
    let values: [UInt64] = [
      VgtIf.magic, 0x0000_0001_0000_0001, 0x1C, 0x0400_0000_031C_7000, 0x1800_0000_E7EF_8000, 4,
    ]
    capture.accesses = zip(Register.all, values).map { register, value in
      Access(offset: register.offset, width: register.width, value: value)
    }
    return capture
  }
}
