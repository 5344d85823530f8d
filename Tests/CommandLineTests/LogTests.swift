import Foundation
import Support
import Testing

/// `vgt-balloon log`, over the real logs of `Tests/Fixtures/logs`.
struct LogTests {
  private static let logs = URL(filePath: #filePath).appending(path: "../../Fixtures/logs")
    .standardized

  private func path(_ name: String) -> String { Self.logs.appending(path: "\(name).txt").path }

  @Test(arguments: [
    ("kernel-log-5.14-guest", 0), ("kernel-log-5.14-quoted-printable", 0),
    ("kernel-log-kvmgt-3.14", 0), ("kernel-log-bar0-not-mapped", 2),
  ])
  func `a real log ends with its status, as a file and as standard input`(
    name: String, status: Int32
  ) throws {
    let text = try [UInt8](Data(contentsOf: URL(filePath: path(name))))
    #expect(try Tool.run(["log", path(name)]).status == status)
    #expect(try Tool.run(["log", "-"], input: text).status == status)
  }

  @Test func `the text of a real log is as recorded`() throws {
    let text = try [UInt8](Data(contentsOf: URL(filePath: path("kernel-log-5.14-guest"))))
    let run = try Tool.run(["log", "-"], input: text)
    #expect(try Golden("log.txt").difference(from: run.output) == nil)
    #expect(run.output.split(separator: "\n").allSatisfy { $0.count <= 76 })
  }

  @Test func `the JSON of a real log is as recorded and follows the schema`() throws {
    let text = try [UInt8](Data(contentsOf: URL(filePath: path("kernel-log-kvmgt-3.14"))))
    let run = try Tool.run(["log", "-", "--format", "json"], input: text)
    #expect(try Golden("log.json").difference(from: run.output) == nil)
    #expect(try JSONSchema.errors(in: [run.output], against: "log") == [])
  }

  @Test func `a log without a line of GVT-g is an answer`() throws {
    let run = try Tool.run(
      ["log", "-", "--format", "json"], input: Array("[    0.0] Linux version 6.1\n".utf8))
    #expect(run.status == 1)
    #expect(
      run.output
        == "{\n  \"schema_version\": 1,\n  \"boots\": [],\n  \"host_messages\": []\n}\n")
    #expect(run.errors == "")
  }

  @Test func `a log that is not there is no input, and the others are shown`() throws {
    let run = try Tool.run(["log", "/nonexistent/log", path("kernel-log-5.14-guest")])
    #expect(run.status == 66)
    #expect(run.messages.count == 1)
    #expect(run.output.contains("0x31c7000"))
    #expect(run.output.contains("not read: 1"))
  }

  @Test func `a log that cannot be read has its reason`() throws {
    let run = try Tool.run(["log", "/"])
    #expect(run.status == 3)
    #expect(run.messages == ["vgt-balloon: cannot read /: Is a directory"])
  }

  @Test func `without a file the running kernel's log is read`() throws {
    let log = try String(contentsOf: URL(filePath: path("kernel-log-5.14-guest")), encoding: .utf8)
    let bed = try QuickBed(SyntheticMachine([]).with(\.files, ["/dev/kmsg": log]))
    let run = try bed.run("log")
    #expect(run.status == 0)
    #expect(run.output.contains("0000:00:04.0"))
    // As a file it would have no end.
    #expect(try bed.run("log", "/dev/kmsg").output == run.output)
  }

  @Test func `a beginning that comes in pieces is told all the same`() throws {
    let run = try Tool.shell("(printf B; sleep 0.2; printf Zh91AY) | $TOOL log -")
    #expect(run.status == 65)
    #expect(run.errors.contains("bzcat"))
  }

  @Test func `without the right to the kernel's log the next step is said`() throws {
    let run = try QuickBed(SyntheticMachine([])).run("log")
    #expect(run.status == 3)
    #expect(run.messages.count == 1)
    #expect(run.errors.contains("/dev/kmsg"))
    let json = try QuickBed(SyntheticMachine([])).run("log", "--json")
    #expect(json.status == 3)
    #expect(json.output.contains("\"boots\": []"))
  }
}
