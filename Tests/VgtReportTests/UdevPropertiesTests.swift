import Testing
import VgtCore
import VgtReport

@Suite struct `The udev properties` {
  @Test func `of a healthy vGPU are these`() throws {
    #expect(try text(of: healthy) == expectedText)
  }

  @Test func `of a vGPU with a failure name the failure and reserve nothing`() throws {
    // The mappable share moved up to end past the aperture.
    let failing = healthy.answering(0x0400_0000_0F00_0000, at: 0x78040)
    let properties = try values(of: failing)
    #expect(properties["ID_GVTG_VERDICT"] == "failed")
    #expect(properties["ID_GVTG_FAILURES"] == "mappable-ends-past-aperture")
    #expect(properties["ID_GVTG_RESERVED"] == nil)
    #expect(properties["ID_GVTG_LOW_BASE"] == "0x0f000000")
  }

  @Test func `leave out a type that no host has`() throws {
    // 448 MiB above the aperture instead of 384.
    let properties = try values(of: healthy.answering(0x1C00_0000_E000_0000, at: 0x78048))
    #expect(properties["ID_GVTG_HIGH_SIZE"] == "469762048")
    #expect(properties["ID_GVTG_TYPE"] == nil)
  }

  @Test(arguments: [
    healthy, healthy.with { $0.driver = "a \"b\" c\n" }, healthy.with { $0.driver = "" },
    healthy.with { $0.kernelRelease = "6.1.0-'é'\u{1B}[31m" }, healthy.with { $0.bar2 = nil },
    healthy.answering(.max, at: 0x78040),
  ])
  func `have keys and values that udev keeps as they are`(_ capture: Capture) throws {
    let properties = try #require(UdevProperties(Diagnosis(capture))).properties
    for property in properties {
      #expect(property.key.wholeMatch(of: /ID_GVTG[A-Z0-9_]*/) != nil)
      #expect(property.value.wholeMatch(of: /[!#-&(-~][ !#-&(-~]*/) != nil)
    }
    #expect(Set(properties.map(\.key)).count == properties.count)
  }

  @Test func `fit in what udev reads of a program`() throws {
    // systemd 252 udev-rules.c: a buffer of UDEV_LINE_SIZE, 16384 bytes.
    #expect(try text(of: healthy).utf8.count < 16384)
  }

  @Test(arguments: [
    // No magic; version 0.9; a platform without GVT-g; a page that was not read.
    healthy.answering(0, at: 0x78000), healthy.answering(0x0000_0001_0009_0000, at: 0x78008),
    healthy.with { $0.deviceID = 0x9A49 }, healthy.with { $0.unreadable = .permission },
  ])
  func `are none where there is no vGPU to be sure of`(_ capture: Capture) {
    #expect(UdevProperties(Diagnosis(capture)) == nil)
  }
}

@Suite struct `The capture in udev's database` {
  @Test func `is read back from among other properties, in any order`() throws {
    let entry = try ["S:x", "E:ID_PATH=pci-0000:00:04.0"] + databaseLines(of: healthy).reversed()
    #expect(try capture(in: entry) == healthy)
  }

  @Test func `is none in an entry without one`() throws {
    #expect(try capture(in: ["I:1", "E:ID_GVTG=1"]) == nil)
  }

  @Test func `is none in an entry that holds one under other keys`() throws {
    let entry = try databaseLines(of: healthy).map { $0.replacing("ID_GVTG", with: "ID_OTHER") }
    #expect(try capture(in: entry) == nil)
  }

  @Test func `is none in an empty entry`() throws {
    #expect(try capture(in: []) == nil)
  }

  @Test func `is refused when one digit of it changed`() throws {
    let entry = try databaseLines(of: healthy).map {
      $0.hasSuffix("0x00000004") ? String($0.dropLast()) + "5" : $0
    }
    #expect(throws: CaptureError.self) { try capture(in: entry) }
  }

  @Test(arguments: [0, 7, 25])
  func `is refused when a line of it is missing`(number: Int) throws {
    var lines = try databaseLines(of: healthy).filter { $0.contains("_CAPTURE_") }
    try #require(lines.count == 26)
    lines.remove(at: number)
    #expect(throws: CaptureError.self) { try capture(in: lines) }
  }

  @Test func `is in the file that udev names after bus and address`() throws {
    let address = try #require(PCIAddress("0001:00:02.0"))
    #expect(UdevProperties.databaseFile(of: address) == "/run/udev/data/+pci:0001:00:02.0")
  }
}

/// The sample guest, as udev's helper would have captured it.
private let healthy = Capture.sample.with {
  $0.isSample = false
  $0.driverAnswers = .notAsked(.notAsked)
}

private let expectedText = """
  ID_GVTG=1
  ID_GVTG_VERSION=1.0
  ID_GVTG_ID=1
  ID_GVTG_TYPE=GVTg_V5_8
  ID_GVTG_LOW_BASE=0x031c7000
  ID_GVTG_LOW_SIZE=67108864
  ID_GVTG_HIGH_BASE=0xe7ef8000
  ID_GVTG_HIGH_SIZE=402653184
  ID_GVTG_RESERVED=0x10000000-0xe7ef8000 0xffef8000-0x100000000 0x0-0x31c7000 0x71c7000-0x10000000
  ID_GVTG_FENCES=4
  ID_GVTG_VERDICT=ok
  ID_GVTG_CAPTURE_00=vgt-balloon capture: 2
  ID_GVTG_CAPTURE_01=sample: no
  ID_GVTG_CAPTURE_02=kernel: 5.14.0-rc2
  ID_GVTG_CAPTURE_03=address: 0000:00:04.0
  ID_GVTG_CAPTURE_04=device: 0x5912
  ID_GVTG_CAPTURE_05=revision: 0x04
  ID_GVTG_CAPTURE_06=class: 0x030000
  ID_GVTG_CAPTURE_07=command: 0x0407
  ID_GVTG_CAPTURE_08=gmch_control: 0x00c0
  ID_GVTG_CAPTURE_09=bar0: 0xfd000000+0x1000000
  ID_GVTG_CAPTURE_10=bar2: 0xc0000000+0x10000000
  ID_GVTG_CAPTURE_11=driver: i915
  ID_GVTG_CAPTURE_12=backend: sysfs
  ID_GVTG_CAPTURE_13=driver_log: absent/not-asked
  ID_GVTG_CAPTURE_14=driver_aperture: absent/not-asked
  ID_GVTG_CAPTURE_15=driver_fences: absent/not-asked
  ID_GVTG_CAPTURE_16=enable_guc: none
  ID_GVTG_CAPTURE_17=unreadable: none
  ID_GVTG_CAPTURE_18=accesses: 6
  ID_GVTG_CAPTURE_19=0x78000 64 0x4776544776544776
  ID_GVTG_CAPTURE_20=0x78008 64 0x0000000100000001
  ID_GVTG_CAPTURE_21=0x78010 32 0x0000001c
  ID_GVTG_CAPTURE_22=0x78040 64 0x04000000031c7000
  ID_GVTG_CAPTURE_23=0x78048 64 0x18000000e7ef8000
  ID_GVTG_CAPTURE_24=0x78050 32 0x00000004
  ID_GVTG_CAPTURE_25=crc32: 0x933cfe1b

  """

private func text(of capture: Capture) throws -> String {
  try #require(UdevProperties(Diagnosis(capture))).text
}

private func values(of capture: Capture) throws -> [String: String] {
  let properties = try #require(UdevProperties(Diagnosis(capture))).properties
  return Dictionary(uniqueKeysWithValues: properties.map { ($0.key, $0.value) })
}

private func databaseLines(of capture: Capture) throws -> [String] {
  try text(of: capture).split(separator: "\n").map { "E:\($0)" }
}

private func capture(in entry: [String]) throws(CaptureError) -> Capture? {
  try UdevProperties.capture(inDatabase: Array(entry.joined(separator: "\n").utf8))
}

extension Capture {
  fileprivate func with(_ change: (inout Capture) -> Void) -> Capture {
    var capture = self
    change(&capture)
    return capture
  }

  /// The same page with one value changed.
  fileprivate func answering(_ value: UInt64, at offset: UInt32) -> Capture {
    with { capture in
      capture.accesses = accesses.map {
        $0.offset == offset ? Access(offset: offset, width: $0.width, value: value) : $0
      }
    }
  }
}
