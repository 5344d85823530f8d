/// A display function that is not Intel's.
package struct OtherDisplay: Hashable, Sendable {
  package let address: PCIAddress
  package let vendorID: UInt16
  package let deviceID: UInt16
  /// The bound driver's name.
  package let driver: String?

  package init(address: PCIAddress, vendorID: UInt16, deviceID: UInt16, driver: String?) {
    self.address = address
    self.vendorID = vendorID
    self.deviceID = deviceID
    self.driver = driver
  }
}
