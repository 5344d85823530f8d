import Foundation

/// The JSON Schemas of `Tests/Schemas`, which a validator that is not ours
/// applies (Python's jsonschema).
package enum JSONSchema {
  /// What is wrong with `documents`: one line an error; empty when all are
  /// valid.
  ///
  /// - Parameter name: `report` for `report.schema.json`.
  package static func errors(in documents: [String], against name: String) throws -> [String] {
    let folder = try ScratchFolder()
    var paths: [String] = []
    for (index, document) in documents.enumerated() {
      try folder.write(document, to: "\(index).json")
      paths.append(folder.path("\(index).json"))
    }
    let schemas = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Schemas")
    let run = try Tool.execute(
      [
        "python3", schemas.appending(path: "validate.py").path,
        schemas.appending(path: "\(name).schema.json").path,
      ] + paths)
    guard run.status == 0 else { return ["validate.py: \(run.errors)"] }
    return run.output.split(separator: "\n").map(String.init)
  }
}
