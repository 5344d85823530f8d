import Foundation
import TestBed
import Testing

/// What a bound driver's log says, set against the page.
struct DriverCheckTests {
  /// The shares of the real 5.14 guest, and what its driver printed.
  private static let function = SyntheticFunction.healthy.with(\.address, "0000:00:04.0")
    .with(\.driver, "i915").with(\.page.mappableBase, 0x31C_7000)
    .with(\.page.unmappableBase, 0xE7EF_8000)

  private static let log: String = {
    let file = URL(filePath: #filePath)
      .appending(path: "../../Fixtures/logs/kernel-log-5.14-guest.txt").standardized
    return (try? String(contentsOf: file, encoding: .utf8)) ?? ""
  }()

  private func check(_ log: String, _ function: SyntheticFunction = function) throws -> ToolRun {
    try QuickBed(SyntheticMachine(function).with(\.files, ["/dev/kmsg": log]))
      .run("--format", "json")
  }

  @Test func `the ranges that the driver printed agree`() throws {
    let run = try check(Self.log)
    #expect(run.status == 0)
    #expect(run.output.contains(#""log": "agrees""#))
  }

  @Test func `another range in the log is a failure that names both`() throws {
    let other = Self.log.replacingOccurrences(
      of: "[ 0x0 - 0x31c7000 ] 50972", with: "[ 0x0 - 0x31c6000 ] 50968")
    let run = try check(other)
    #expect(run.status == 2)
    #expect(run.output.contains(#""log": "disagrees""#))
    #expect(run.output.contains("0x0-0x31c6000"))
    #expect(run.output.contains("0x0-0x31c7000"))
  }

  @Test func `a top range that spares the guard page tells the driver's rule`() throws {
    let old = Self.log.replacingOccurrences(
      of: "0x100000000 ] 1056 KiB", with: "0xfffff000 ] 1052 KiB")
    let run = try check(old)
    #expect(run.status == 0)
    #expect(run.output.contains(#""rule": "guard-page""#))
    #expect(run.output.contains(#""log": "agrees""#))
  }

  @Test func `only the last probe counts`() throws {
    let earlier = Self.log.replacingOccurrences(of: "0x31c7000", with: "0x41c7000")
    #expect(try check(earlier + Self.log).output.contains(#""log": "agrees""#))
  }

  @Test func `another device's probe does not count`() throws {
    let run = try check(Self.log.replacingOccurrences(of: "00:04.0", with: "00:05.0"))
    #expect(run.output.contains(#""log": "absent""#))
  }

  @Test func `without a bound driver the log is not asked`() throws {
    let run = try check(Self.log, Self.function.with(\.driver, nil))
    #expect(run.output.contains(#""log": "absent""#))
  }

  @Test func `a DRM node that does not answer is said to be so`() throws {
    let machine = SyntheticMachine(Self.function)
      .with(\.files, ["/dev/kmsg": Self.log, "/dev/dri/renderD128": ""])
      .with(\.links, ["/sys/class/drm/renderD128/device": "../../../0000:00:04.0"])
    let run = try QuickBed(machine).run("--format", "json")
    #expect(run.status == 0)
    #expect(run.output.contains(#""aperture": "unreadable""#))
    #expect(run.output.contains(#""fences": "unreadable""#))
  }
}
