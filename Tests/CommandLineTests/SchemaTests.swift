import Foundation
import Support
import Testing

struct SchemaTests {
  @Test(arguments: ["report", "log", "host", "ggtt"])
  func `every key that a document may have is described`(name: String) throws {
    #expect(try JSONSchema.undescribedKeys(in: name) == [])
  }

  @Test func `the sample's JSON follows the schema`() throws {
    let document = try Tool.run(["--sample", "--format", "json"]).output
    #expect(try JSONSchema.errors(in: [document], against: "report") == [])
  }

  @Test func `every presence, cause and outcome follows the schema`() throws {
    let healthy = SyntheticFunction.healthy
    let machines =
      UnreadableTests.cases.map(\.machine)
      + [
        healthy, healthy.with(\.page.caps, .max), healthy.with(\.bar2, nil),
        healthy.with(\.gmchControl, 0), healthy.with(\.page.mappableBase, .max),
        healthy.with(\.page.versionMajor, 0), healthy.with(\.page, .filled(with: 0)),
        healthy.with(\.deviceID, 0x9A49), healthy.with(\.driver, "vfio-pci"),
        healthy.with(\.address, "10000:00:02.0"),
      ].map { SyntheticMachine($0) }
      + [SyntheticMachine([]), SyntheticMachine([]).with(\.hasPCITree, false)]
    let documents = try machines.map { try QuickBed($0).run("--format", "json").output }
    #expect(try JSONSchema.errors(in: documents, against: "report") == [])
  }

  /// Each is one change to the sample's JSON.
  @Test(arguments: [
    (#""schema_version": 1"#, #""schema_version": 2"#),
    (#""schema_version": 1,"#, #""schema_version": 1, "surprise": 1,"#),
    (#""size": 268435456"#, #""size": "256 MiB""#),
    (#""total": 4294967296"#, #""total": 4294967296.5"#),
    (#""total": 4294967296"#, #""total": -1"#),
    (#""crc32": "0x"#, #""crc32": "0X"#),
    (#""value": "0x0000001c""#, #""value": "0x1c""#),
    (#""severity": "ok""#, #""severity": "fine""#),
    (#""code": "page-valid""#, #""code": "Page valid""#),
    (#""verdict": "ok""#, #""verdict": "good""#),
    (#""presence": "present""#, #""presence": "unreadable""#),
    (#""valid": true"#, #""valid": false"#),
    (#""fence_count": 4"#, #""fence_count": "4""#),
    (#""error": null,"#, ""),
  ])
  func `the schema refuses a wrong document`(right: String, wrong: String) throws {
    let document = try Tool.run(["--sample", "--format", "json"]).output
    let broken = document.replacingOccurrences(of: right, with: wrong)
    #expect(broken != document)
    #expect(try JSONSchema.errors(in: [broken], against: "report") != [])
  }
}
