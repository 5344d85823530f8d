internal import VgtCore

/// Writes JSON member by member: objects keep their order, and what is written
/// is in no tree first, since a fragmented GGTT has a million runs.
///
/// Two spaces an indentation.
package struct JSONWriter: Sendable {
  package private(set) var text = ""
  /// A line feed and the indentation of the members being written.
  private var lineBreak = "\n"
  private var isFirst = true

  /// A document: one object, and a line feed.
  package static func document(_ write: (inout JSONWriter) -> Void) -> String {
    var json = JSONWriter()
    json.enclosed("{", "}") { write(&$0) }
    return json.text + "\n"
  }

  package mutating func member(_ key: String, _ value: String?) {
    begin(key)
    if let value { append(string: value) } else { text += "null" }
  }

  package mutating func member(_ key: String, _ value: Bool) {
    begin(key)
    text += value ? "true" : "false"
  }

  package mutating func member(_ key: String, _ value: UInt64?) {
    begin(key)
    if let value { text += String(value) } else { text += "null" }
  }

  package mutating func member(_ key: String, _ value: some BinaryInteger) {
    member(key, UInt64(clamping: value) as UInt64?)
  }

  package mutating func member(_ key: String, signed value: Int64?) {
    begin(key)
    if let value { text += String(value) } else { text += "null" }
  }

  package mutating func null(_ key: String) {
    begin(key)
    text += "null"
  }

  package mutating func object(_ key: String, _ write: (inout JSONWriter) -> Void) {
    begin(key)
    enclosed("{", "}") { write(&$0) }
  }

  /// An object made of a value, or null.
  package mutating func object<Value>(
    _ key: String, of value: Value?, _ write: (inout JSONWriter, Value) -> Void
  ) {
    guard let value else { return null(key) }
    object(key) { write(&$0, value) }
  }

  package mutating func strings(_ key: String, _ values: [String]) {
    begin(key)
    enclosed("[", "]") { json in
      for value in values {
        json.separate()
        json.append(string: value)
      }
    }
  }

  /// An object for each of `values`.
  ///
  /// - Parameter isDense: Whether each object is on one line.
  package mutating func objects<Values: Sequence>(
    _ key: String, _ values: Values, isDense: Bool = false,
    _ write: (inout JSONWriter, Values.Element) -> Void
  ) {
    begin(key)
    enclosed("[", "]") { json in
      for value in values {
        json.separate()
        json.enclosed("{", "}", isDense: isDense) { write(&$0, value) }
      }
    }
  }

  private mutating func begin(_ key: String) {
    separate()
    text += "\""
    text += key
    text += "\": "
  }

  private mutating func separate() {
    if !isFirst { text += "," }
    isFirst = false
    text += lineBreak
  }

  private mutating func enclosed(
    _ opening: String, _ closing: String, isDense: Bool = false,
    _ write: (inout JSONWriter) -> Void
  ) {
    let outer = lineBreak
    text += opening
    lineBreak = isDense ? " " : outer + "  "
    isFirst = true
    write(&self)
    if !isFirst { text += isDense ? " " : outer }
    lineBreak = outer
    isFirst = false
    text += closing
  }

  private mutating func append(string: String) {
    text += "\""
    if string.utf8.allSatisfy(Self.isPlain) {
      text += string
    } else {
      text += string.escaped(Self.escape)
    }
    text += "\""
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    (0x20...0x7E).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
  }

  /// What JSON gives a meaning, and what a terminal or an editor would not show
  /// as itself: controls, line separators, marks of direction, and scalars that
  /// no text holds.
  private static func escape(_ scalar: Unicode.Scalar) -> String? {
    switch scalar {
    case "\"": return "\\\""
    case "\\": return "\\\\"
    case "\n": return "\\n"
    case "\r": return "\\r"
    case "\t": return "\\t"
    default: return scalar.isShown ? nil : String(scalar).utf16.map(escape).joined(separator: "")
    }
  }

  private static func escape(_ unit: UInt16) -> String {
    "\\u\(unit.bareHex(digits: 4))"
  }
}
