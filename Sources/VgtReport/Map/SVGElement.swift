/// An element of an SVG picture: a name, attributes, and what is inside.
package indirect enum SVGElement: Hashable, Sendable {
  case element(name: String, attributes: [Attribute], children: [SVGElement])
  case text(String)

  package struct Attribute: Hashable, Sendable {
    let name: String
    let value: String
  }

  /// An element with children.
  package init(
    _ name: String, _ attributes: KeyValuePairs<String, String> = [:],
    _ children: [SVGElement] = []
  ) {
    self = .element(
      name: name, attributes: attributes.map { Attribute(name: $0.key, value: $0.value) },
      children: children)
  }

  /// An element around words.
  package init(_ name: String, _ attributes: KeyValuePairs<String, String> = [:], words: String) {
    self.init(name, attributes, [.text(words)])
  }

  /// A whole file.
  package var document: String {
    var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    write(to: &text, indentation: "")
    return text
  }

  private func write(to text: inout String, indentation: String) {
    guard case .element(let name, let attributes, let children) = self else {
      text += indentation + escaped + "\n"
      return
    }
    text += "\(indentation)<\(name)"
    for attribute in attributes {
      text += " \(attribute.name)=\"\(Self.escape(attribute.value))\""
    }
    if children.isEmpty {
      text += "/>\n"
    } else if children.allSatisfy(\.isText) {
      text += ">\(children.map(\.escaped).joined())</\(name)>\n"
    } else {
      text += ">\n"
      for child in children { child.write(to: &text, indentation: indentation + "  ") }
      text += "\(indentation)</\(name)>\n"
    }
  }

  private var isText: Bool { if case .text = self { true } else { false } }

  private var escaped: String { if case .text(let words) = self { Self.escape(words) } else { "" } }

  /// What XML gives a meaning is written as an entity; what it cannot hold at
  /// all, as the replacement character (XML 1.0, section 2.2).
  private static func escape(_ words: String) -> String {
    words.escaped { scalar in
      switch scalar {
      case "&": "&amp;"
      case "<": "&lt;"
      case ">": "&gt;"
      case "\"": "&quot;"
      case "\n", "\t", "\u{20}"..."\u{D7FF}", "\u{E000}"..."\u{FFFD}", "\u{10000}"..."\u{10FFFF}":
        nil
      default: "\u{FFFD}"
      }
    }
  }
}
