internal import VgtCore

/// What makes a message known in a log: the driver's own table, GVT-g's host
/// side, and the few lines of the kernel that tell how a probe went on.
struct MessagePattern: Sendable {
  enum Meaning: Hashable, Sendable {
    case driver(DriverMessage)
    case host(HostMessage.Kind)
    case kernel(KernelWords)
  }

  /// As printed, `%` for a figure.
  let text: String
  /// What must be there, as printed.
  let stem: String
  let head: Token
  /// What follows; may be cut at the end of the line.
  let tail: Token
  let meaning: Meaning
  /// `nil` where both dialects have the words.
  let dialect: DriverDialect?
  /// Whether a letter directly after it makes it something else.
  let endsWord: Bool

  private init(_ stem: String, _ rest: String, _ meaning: Meaning, _ dialect: DriverDialect? = nil)
  {
    // A figure is read apart from the words.
    let words = rest.prefix { $0 != "%" }
    let isWhole = words.utf8.count == rest.utf8.count
    self.stem = stem
    text = stem + rest
    head = Token(printed: stem)
    var tail = words
    // What is read with the figure.
    for word in ["0x", "base "] where tail.hasSuffix(word) { tail = tail.dropLast(word.count) }
    self.tail = Token(printed: String(tail).rightTrimmed)
    self.meaning = meaning
    self.dialect = dialect
    // The kernel's lines go on after what they are known by.
    let isKernel = if case .kernel = meaning { true } else { false }
    endsWord =
      isWhole && !isKernel && (self.tail.characters.last ?? head.characters.last)?.isLetter == true
  }

  var hasFigures: Bool { text.utf8.contains(UInt8(ascii: "%")) }

  /// Whether it is a range that the driver reserves.
  var isRange: Bool { meaning == .driver(.range) || meaning == .driver(.xenRange) }

  static let all: [MessagePattern] =
    DriverMessage.allCases.map { message in
      MessagePattern(message.stem, message.rest, .driver(message), message.dialect)
    }
    + HostMessage.Kind.allCases.flatMap { kind in
      kind.words.map { MessagePattern($0.stem, $0.rest, .host(kind)) }
    }
    + KernelWords.allCases.flatMap { words in
      words.texts.map { MessagePattern($0, "", .kernel(words)) }
    }

  /// By the first letter, from "a".
  static let byLetter: [[MessagePattern]] = {
    var table = [[MessagePattern]](repeating: [], count: 26)
    for pattern in all {
      guard let first = pattern.head.characters.first, first.isLetter else { continue }
      table[Int(first - UInt8(ascii: "a"))].append(pattern)
    }
    // "deballoon space" before what it holds; the longer words first.
    return table.map { patterns in
      patterns.sorted { $0.head.characters.count > $1.head.characters.count }
    }
  }()

  /// For the first two characters of a head, which third one goes with them, as
  /// bits: white space left out, each by its lowest five bits.
  static let beginnings: [UInt32] = byLetter.joined().reduce(
    into: [UInt32](repeating: 0, count: 1 << 10)
  ) { beginnings, pattern in
    let head = pattern.head.characters.filter { $0 != UInt8(ascii: " ") }
    beginnings[Int(head[0] & 31) << 5 | Int(head[1] & 31)] |= 1 << UInt32(head[2] & 31)
  }

  /// With what another message ends a line whose next line begins so.
  var predecessors: [String] {
    switch meaning {
    case .driver(.mappable): ["un"]
    case .driver(.range), .driver(.xenRange): ["de"]
    case .driver(.xenConfiguration), .driver(.xenBallooned), .driver(.xenBalloonFailed): ["vgt"]
    default: []
    }
  }
}

/// Lines of the kernel and of this tool that bear on a probe.
enum KernelWords: Hashable, Sendable, CaseIterable {
  /// A kernel starts.
  case start
  /// The kernel stops a thread for what it did. Sources: Linux 4.1 to 6.12
  /// `arch/x86/mm/fault.c`, `arch/x86/kernel/traps.c`, `dumpstack.c`.
  case oops
  case warning
  /// Where it was.
  case instructionPointer
  /// A display function of PCI, with its ids.
  case displayFunction
  /// Records are missing here.
  case lost
  /// What is left of a range whose beginning cannot be read.
  case fragment
  /// A part of a crashed kernel's log, the last first. Source: Linux 6.1
  /// `fs/pstore/platform.c`, `pstore_dump`.
  case storedPart
  case report
  case reportEnd

  /// As printed.
  var texts: [String] {
    switch self {
    case .start: ["Linux version"]
    case .oops:
      [
        "BUG: unable to handle", "BUG: kernel NULL pointer", "kernel BUG at", "invalid opcode:",
        "general protection fault", "divide error:", "Oops: 00",
      ]
    case .warning: ["WARNING: CPU:"]
    case .instructionPointer: ["RIP: 0010:", "RIP: e030:", "IP: [<"]
    case .displayFunction: ["class 0x0300"]
    case .fragment: ["range [ 0"]
    case .lost: ["printk messages dropped", "kernel messages"]
    case .storedPart: ["Panic#1 Part", "Oops#1 Part"]
    case .report: ["vgt-balloon"]
    case .reportEnd: ["end of report:"]
    }
  }
}
