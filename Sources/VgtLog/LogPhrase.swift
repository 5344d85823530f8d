/// The words by which a message of the driver is known.
///
/// Sources: Linux 4.1 to 6.12 `i915_vgpu.c`, `intel_gvt.c`, `i915_driver.c`,
/// `gt/intel_ggtt.c` or what they were before; KVMGT-kernel
/// `i915_gem_gtt.c`, `i915_balloon`. As `PlainText` has them.
struct LogPhrase: Sendable {
  enum Meaning: Sendable {
    case event(LogEvent.Kind)
    case mappable, unmappable, low, high, range
    /// Giving back, which tells nothing of how the probe went.
    case nothing
  }

  /// What must be there.
  let head: LogWord
  /// What follows; may be cut at the end of the line.
  let tail: LogWord
  let meaning: Meaning
  /// `nil` where both dialects have the words.
  let dialect: LogDialect?
  /// Whether a letter directly behind it makes it something else.
  let endsWord: Bool

  private init(
    _ head: LogWord, _ tail: LogWord, _ meaning: Meaning, _ dialect: LogDialect? = .mainline,
    endsWord: Bool = true
  ) {
    self.head = head
    self.tail = tail
    self.meaning = meaning
    self.dialect = dialect
    self.endsWord = endsWord
  }

  /// By the first letter, from "a".
  static let byLetter: [[LogPhrase]] = {
    var table = [[LogPhrase]](repeating: [], count: 26)
    for phrase in all {
      guard let first = phrase.head.characters.first else { continue }
      table[Int(first - UInt8(ascii: "a"))].append(phrase)
    }
    return table
  }()

  /// By the first letter, from "a": which characters may be second, as bits of
  /// their lowest six bits.
  static let secondLetters: [UInt64] = byLetter.map { phrases in
    phrases.reduce(0) { $0 | 1 << UInt64($1.head.characters[1] & 63) }
  }

  private static let all: [LogPhrase] = [
    .init("virtualgpufor", "intelgvt-gdetected", .event(.detected)),
    .init("igvt-gactive", ",disablinguseofstolenmemory", .event(.evidence)),
    .init("gvt-gisdisabled", "forguest", .event(.evidence)),
    .init("vgtinterface", "versionmismatch", .event(.versionMismatch)),
    .init("failedtomapmmiobar", "tocheckforvgt", .event(.barNotMapped)),
    .init("vgtballooning", "configuration", .event(.heading)),
    .init("mappablegraphic", "memory:", .mappable, endsWord: false),
    .init("unmappablegraphic", "memory:", .unmappable, endsWord: false),
    .init("balloonsp", "ace:range[", .range, nil, endsWord: false),
    .init("vgtballoons", "uccessfully", .event(.ballooned)),
    .init("vgtballoonf", "ail", .event(.failed), endsWord: false),
    .init("invalidballooning", "configuration", .event(.invalid), nil),
    .init("incompatiblevgpu", "found", .event(.refusedPPGTT)),
    .init("oldvgpuhost", "found", .event(.refusedHWSP)),
    .init("deballoonsp", "ace", .nothing, nil),
    .init("vgtdeballoon", "", .nothing),
    .init("i915deballoon", "", .nothing, .xengt),
    .init("i915ballooning", ".", .event(.heading), .xengt),
    .init("ballooningconf", "iguration:", .event(.heading), .xengt),
    .init("lowgm:", "", .low, .xengt, endsWord: false),
    .init("highgm:", "", .high, .xengt, endsWord: false),
    .init("balloonsu", "ccessfully", .event(.ballooned), .xengt),
    .init("balloonf", "ail!", .event(.failed), .xengt),
  ]
}
