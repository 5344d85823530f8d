/// A JSON value whose objects keep their order.
///
/// Foundation's encoder orders keys at random or by name; a reader looks for
/// them in the order of the documentation.
package indirect enum JSON: Hashable, Sendable {
  case null
  case bool(Bool)
  case integer(UInt64)
  case negative(Int64)
  case string(String)
  case array([JSON])
  case object([Member])

  package struct Member: Hashable, Sendable {
    let key: String
    let value: JSON
  }

  package static func object(_ members: KeyValuePairs<String, JSON>) -> JSON {
    .object(members.map { Member(key: $0.key, value: $0.value) })
  }

  package static func integer(_ value: some BinaryInteger) -> JSON {
    value < 0 ? .negative(Int64(clamping: value)) : .integer(UInt64(clamping: value))
  }

  /// A value, or null.
  package static func optional<Value>(_ value: Value?, _ encode: (Value) -> JSON) -> JSON {
    value.map(encode) ?? .null
  }

  /// The text, two spaces an indentation, with a line feed at the end.
  package var text: String {
    var text = ""
    write(to: &text, indentation: "")
    return text + "\n"
  }

  private func write(to text: inout String, indentation: String) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .integer(let value): text += String(value)
    case .negative(let value): text += String(value)
    case .string(let value): Self.write(string: value, to: &text)
    case .array(let values):
      Self.write(values, brackets: ("[", "]"), to: &text, indentation: indentation) {
        value, text, indentation in
        value.write(to: &text, indentation: indentation)
      }
    case .object(let members):
      Self.write(members, brackets: ("{", "}"), to: &text, indentation: indentation) {
        member, text, indentation in
        Self.write(string: member.key, to: &text)
        text += ": "
        member.value.write(to: &text, indentation: indentation)
      }
    }
  }

  private static func write<Element>(
    _ elements: [Element], brackets: (open: String, close: String), to text: inout String,
    indentation: String, _ writeElement: (Element, inout String, String) -> Void
  ) {
    text += brackets.open
    let inner = indentation + "  "
    for (index, element) in elements.enumerated() {
      text += index == 0 ? "\n" : ",\n"
      text += inner
      writeElement(element, &text, inner)
    }
    if !elements.isEmpty { text += "\n" + indentation }
    text += brackets.close
  }

  private static func write(string: String, to text: inout String) {
    text += "\""
    text += string.escaped { scalar in
      switch scalar {
      case "\"": return "\\\""
      case "\\": return "\\\\"
      case "\n": return "\\n"
      case "\r": return "\\r"
      case "\t": return "\\t"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        let digits = String(scalar.value, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: return nil
      }
    }
    text += "\""
  }
}
