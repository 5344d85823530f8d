import Testing
import VgtCore

/// Addresses of two machines' worth of functions, as lspci of pciutils 3.9
/// prints them with `-D`.
private let functions = [
  "0000:00:00.0", "0000:00:02.0", "0000:00:02.1", "0000:00:1f.3", "0000:02:00.0", "0000:ff:1f.7",
  "0001:00:02.0", "10000:e0:06.0",
]

@Suite struct `a slot` {
  /// What `lspci -D -s` prints for it.
  @Test(
    arguments: [
      ("", functions), (":", functions), (".", functions), ("::.", functions),
      ("*:*:*.*", functions),
      ("0000:00:02.0", ["0000:00:02.0"]), ("00:02.0", ["0000:00:02.0", "0001:00:02.0"]),
      ("0:2.0", ["0000:00:02.0", "0001:00:02.0"]), ("1::", ["0001:00:02.0"]),
      ("10000::", ["10000:e0:06.0"]), ("2:", ["0000:02:00.0"]),
      (":2:", ["0000:02:00.0"]), ("02", ["0000:00:02.0", "0000:00:02.1", "0001:00:02.0"]),
      ("1F", ["0000:00:1f.3", "0000:ff:1f.7"]), (".1", ["0000:00:02.1"]),
      ("2.1", ["0000:00:02.1"]), ("00:.3", ["0000:00:1f.3"]), ("e0:*.0", ["10000:e0:06.0"]),
      ("0000:00:03.0", []),
    ] as [(String, [String])])
  func `means what lspci takes it for`(text: String, expected: [String]) throws {
    let slot = try #require(PCISlot(text))
    #expect(
      functions.compactMap { PCIAddress($0) }.filter(slot.matches).map(\.description) == expected)
  }

  @Test(arguments: [
    "g", "00:g.0", "100:00.0", "00:20.0", "00:02.8", "0:0:0:0", "00:02.0.0", "-1", "+2", "0x2",
    " 2", "000000001:", "100000000:0:0.0", "00:02,0", "10000:",
  ])
  func `with a part that is no number, or too large, is none`(text: String) {
    #expect(PCISlot(text) == nil)
  }

  @Test(
    arguments: [
      ("0001:00:02.0", "0001:00:02.0"), ("00:02.0", "0000:00:02.0"), ("02.0", nil), ("00:02", nil),
      ("0000:00:02.", nil), ("0000::02.0", nil),
    ] as [(String, String?)])
  func `is one address when bus, device and function are named`(text: String, address: String?) {
    #expect(PCISlot(text)?.address?.description == address)
  }
}
