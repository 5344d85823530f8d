/// An XML element or its text; escapes what it must when it is written.
package indirect enum XML: Hashable, Sendable {
  case text(String)
  case element(String, [Attribute], [XML])

  package struct Attribute: Hashable, Sendable {
    let name: String
    let value: String
  }

  package static func element(
    _ name: String, _ attributes: KeyValuePairs<String, String>, _ children: [XML] = []
  ) -> XML {
    .element(name, attributes.map { Attribute(name: $0.key, value: $0.value) }, children)
  }

  /// An element that holds words.
  package static func element(
    _ name: String, _ attributes: KeyValuePairs<String, String>, _ words: String
  ) -> XML {
    element(name, attributes, [.text(words)])
  }

  /// The document, one element a line, with its declaration.
  package var document: String {
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + lines(indentation: "").joined(separator: "\n")
      + "\n"
  }

  private func lines(indentation: String) -> [String] {
    switch self {
    case .text(let words): return [Self.escape(words)]
    case .element(let name, let attributes, let children):
      let start =
        indentation + "<" + name
        + attributes.map { " \($0.name)=\"\(Self.escape($0.value))\"" }.joined()
      if children.isEmpty { return [start + "/>"] }
      if case .text(let words) = children[0], children.count == 1 {
        return [start + ">" + Self.escape(words) + "</\(name)>"]
      }
      return [start + ">"] + children.flatMap { $0.lines(indentation: indentation + "  ") }
        + [indentation + "</\(name)>"]
    }
  }

  /// Also leaves out the control characters that XML 1.0 cannot hold.
  private static func escape(_ text: String) -> String {
    text.unicodeScalars.reduce(into: "") { escaped, scalar in
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "\n", "\t": escaped.unicodeScalars.append(scalar)
      case _ where scalar.value < 0x20: break
      default: escaped.unicodeScalars.append(scalar)
      }
    }
  }
}
