import SystemPackage
import VgtCore
import VgtFiles
import VgtReport

/// The captures that udev keeps, for users who may not read a device.
enum UdevDatabase {
  /// What udev keeps of a function that could not be read for lack of
  /// permission: the bytes of its file.
  static func entry(insteadOf live: Capture) -> [UInt8]? {
    // Config space is short for users without root.
    guard live.unreadable == .permission || live.unreadable == .configShort else { return nil }
    return try? ByteInput.readAll(path: FilePath(UdevProperties.databaseFile(of: live.address)))
  }

  /// The capture in `entry`; `nil` when it holds nothing of use.
  ///
  /// - Returns: The page as udev's helper read it; driver and kernel are those
  ///   of now.
  static func capture(insteadOf live: Capture, from entry: [UInt8]) -> Capture? {
    let file = UdevProperties.databaseFile(of: live.address)
    do {
      guard var kept = try UdevProperties.capture(inDatabase: entry) else { return nil }
      guard kept.isOfSameFunction(as: live) else {
        StandardError.print("\(file) is not used: its capture is of another function")
        return nil
      }
      kept.kernelRelease = live.kernelRelease
      kept.driver = live.driver
      kept.version = live.version
      kept.enableGuC = live.enableGuC
      kept.backend = .udev
      return kept
    } catch {
      StandardError.print("\(file) is not used: \(error.sentence)")
      return nil
    }
  }
}

extension Capture {
  fileprivate func isOfSameFunction(as other: Capture) -> Bool {
    !isSample && address == other.address && deviceID == other.deviceID
      && revision == other.revision && classCode == other.classCode
  }
}
