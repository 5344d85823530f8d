import CoreFixtures
import Testing
import VgtCore
import VgtLog

/// Every log that `LogForms.swift` makes of a fixture tells the same, or says
/// what cannot be read; never a wrong number in silence.
struct ManglingTests {
  static let fixtures: [Fixture] = [.guest, .kvmgt]

  /// What can be said of the original, without the line.
  struct Claim: Equatable {
    let device: PCIAddress?
    let dialect: DriverDialect
    let rule: LogRule?
    let sizes: [UInt64?]
    let mappable: LogShare?
    let unmappable: LogShare?
    let printed: [LogRange]
    let computed: [GraphicsRange]
    let outcome: LogOutcome
    let agreement: LogAgreement

    init(_ boot: LogProbe) {
      device = boot.device
      dialect = boot.dialect
      rule = boot.rule
      sizes = [boot.aperture, boot.total]
      mappable = boot.mappable
      unmappable = boot.unmappable
      printed = boot.printed
      computed = boot.computed.map(\.range)
      outcome = boot.outcome
      agreement = boot.agreement
    }
  }

  @Test(arguments: [Fixture.guest, .quotedPrintable, .barNotMapped, .kvmgt, .serialConsole])
  func `a form that loses nothing tells the same`(fixture: Fixture) throws {
    let expected = try fixture.boots.map(Claim.init)
    let text = try fixture.text
    let isWhole = ![.quotedPrintable, .serialConsole].contains(fixture)
    for mangling in isWhole ? Mangling.ofLogs : Mangling.ofPastes {
      expectSame(mangling(text), expected, "\(mangling)")
    }
  }

  @Test(arguments: fixtures)
  func `lines may be wrapped at any column`(fixture: Fixture) throws {
    let expected = try fixture.boots.map(Claim.init)
    let text = try fixture.text
    for width in columns {
      for continued in ["", "> ", "    ", ">>"] {
        for mangling in [
          Mangling.folded(at: width, continued: continued),
          .wrapped(at: width, continued: continued),
        ] {
          expectSame(mangling(text), expected, "\(mangling)")
        }
      }
    }
  }

  @Test(arguments: [
    "dmesg -T", "caller", "journalctl", "syslog", "ts", "Xen's console",
  ])
  func `behind any prefix, a wrap at any column leaves true figures or none`(
    prefix: String
  ) throws {
    let truth = try #require(try Fixture.guest.boots.first)
    let form = try #require(Mangling.ofLogs.first { "\($0)" == prefix })
    let text = form(try Fixture.guest.text)
    for width in columns {
      for continued in ["", "> "] {
        for fold in [
          Mangling.folded(at: width, continued: continued),
          .wrapped(at: width, continued: continued),
        ] {
          for quote in [Mangling.quoted(""), .quoted("> ")] {
            let mangling = fold.then(quote)
            expectHonest(mangling(text), truth, "\(prefix), \(mangling)")
          }
        }
      }
    }
  }

  @Test(arguments: fixtures)
  func `quoted-printable may break at any column, before and after quoting`(
    fixture: Fixture
  ) throws {
    let expected = try fixture.boots.map(Claim.init)
    let text = try fixture.text
    for width in columns {
      let mangling = Mangling.quotedPrintable(at: width)
      expectSame(mangling(text), expected, "\(mangling)")
      expectSame(Mangling.quoted("> ").then(mangling)(text), expected, "quoted, \(mangling)")
      expectSame(mangling.then(.quoted("> "))(text), expected, "\(mangling), quoted")
    }
  }

  @Test(arguments: fixtures)
  func `a cut at any column leaves true figures or none`(fixture: Fixture) throws {
    let truth = try #require(try fixture.boots.first)
    let text = try fixture.text
    for width in columns {
      for cut in [Mangling.cut(at: width), .overwritten(at: width)] {
        for form in [Mangling.quoted(""), .quoted("> "), .crlf] {
          expectHonest(cut.then(form)(text), truth, "\(cut), \(form)")
        }
        for form in Mangling.ofLogs { expectHonest(form.then(cut)(text), truth, "\(form), \(cut)") }
      }
    }
  }

  @Test(arguments: fixtures)
  func `a cut and then a wrap leave true figures or none`(fixture: Fixture) throws {
    let truth = try #require(try fixture.boots.first)
    let text = try fixture.text
    for width in columns where width >= 40 {
      for other in stride(from: 20, through: 90, by: 7) {
        let mangling = Mangling.cut(at: width).then(.folded(at: other, continued: "> "))
        expectHonest(mangling(text), truth, "\(mangling)")
      }
    }
  }

  @Test(arguments: fixtures)
  func `a damaged byte anywhere leaves true figures, none, or a contradiction`(
    fixture: Fixture
  ) throws {
    let truth = try #require(try fixture.boots.first)
    let bytes = try fixture.bytes
    for index in stride(from: 0, to: bytes.count, by: step) {
      for damage in [[], [0xFF], [0x00], [0x1A], Array("?".utf8), [bytes[index], 0xC3]] {
        var damaged = bytes
        damaged.replaceSubrange(index...index, with: damage)
        expectHonest(
          damaged, truth, "byte \(index) replaced by \(damage)", mayContradict: damage.isEmpty)
      }
    }
  }

  @Test(arguments: fixtures)
  func `each line alone, left out or doubled leaves true figures`(fixture: Fixture) throws {
    let truth = try #require(try fixture.boots.first)
    let lines = try fixture.text.split(separator: "\n")
    for index in lines.indices {
      expectHonest(String(lines[index]), truth, "line \(index) alone")
      var fewer = lines
      fewer.remove(at: index)
      expectHonest(
        Array(fewer.joined(separator: "\n").utf8), truth, "without line \(index)",
        mayContradict: lines[index].contains("range ["))
      expectHonest(lines[index...].joined(separator: "\n"), truth, "from line \(index)")
      expectHonest(lines[...index].joined(separator: "\n"), truth, "up to line \(index)")
    }
  }

  @Test(arguments: fixtures)
  func `a log may come in chunks of any size`(fixture: Fixture) throws {
    let expected = try fixture.boots
    let bytes = try fixture.bytes
    for size in stride(from: 1, through: 200, by: step) {
      #expect(read(bytes, chunk: size) == expected, "chunks of \(size)")
    }
  }

  @Test(arguments: fixtures)
  func `a journal may run backwards`(fixture: Fixture) throws {
    let expected = try fixture.boots.map(Claim.init)
    let lines = try fixture.text.split(separator: "\n")
    expectSame(lines.reversed().joined(separator: "\n"), expected, "backwards")
  }

  private func expectSame(
    _ text: String, _ expected: [Claim], _ what: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let boots = read(text).map(Claim.init)
    if boots != expected {
      Issue.record("\(what): \(boots)\n\(text)", sourceLocation: sourceLocation)
    }
  }

  private func expectHonest(
    _ text: String, _ truth: LogProbe, _ what: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    expectHonest(Array(text.utf8), truth, what, sourceLocation: sourceLocation)
  }

  private func expectHonest(
    _ bytes: [UInt8], _ truth: LogProbe, _ what: String, mayContradict: Bool = false,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    for boot in read(bytes) {
      let lie = dishonesty(of: boot, truth: truth, mayContradict: mayContradict)
      if let lie {
        Issue.record(
          "\(what): \(lie): \(Claim(boot))\n\(String(decoding: bytes, as: UTF8.self))",
          sourceLocation: sourceLocation)
      }
    }
  }
}

/// What is wrong with a boot that was read from a damaged log; `nil` when all
/// that it says is true, or its own agreement says that something is not.
func dishonesty(of boot: LogProbe, truth: LogProbe, mayContradict: Bool) -> String? {
  if boot.agreement == .disagrees { return mayContradict ? nil : "disagrees" }
  func isTrue(_ share: LogShare?, _ true: LogShare?) -> Bool {
    guard let share else { return `true` != nil }
    return (share.base == nil || share.base == `true`?.base)
      && (share.size == nil || share.size == `true`?.size)
  }
  if !isTrue(boot.mappable, truth.mappable) { return "mappable" }
  if !isTrue(boot.unmappable, truth.unmappable) { return "unmappable" }
  if boot.aperture != nil, boot.aperture != truth.aperture { return "aperture" }
  if boot.total != nil, boot.total != truth.total { return "total" }
  if boot.device != nil, boot.device != truth.device { return "device" }
  var rest = truth.printed[...]
  for range in boot.printed {
    let place = rest.firstIndex { other in
      (range.start == nil || range.start == other.start)
        && (range.end == nil || range.end == other.end)
        && (range.kib == nil || range.kib == other.kib)
    }
    guard let place else { return "printed" }
    rest = rest[(place + 1)...]
  }
  if !boot.computed.allSatisfy(truth.computed.contains) { return "computed" }
  if ![truth.outcome, .unknown, .detected].contains(boot.outcome) { return "outcome" }
  if boot.agreement == .agrees, boot.printed != truth.printed { return "agreement" }
  return nil
}
