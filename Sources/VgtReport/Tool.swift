/// What the tool calls itself in every report.
package enum Tool {
  package static let name = "vgt-balloon"
  package static let version = "0.1.0"
  package static var title: String { "\(name) \(version)" }
}
