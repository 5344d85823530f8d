import Foundation

/// The JSON Schemas that the package installs, which a validator that is not
/// ours applies (Python's jsonschema).
package enum JSONSchema {
  private static func path(_ name: String) -> String {
    URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../scripts/packaging/schemas/\(name).schema.json").path
  }

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
    return try lines(
      of: """
        import json, sys
        from jsonschema import Draft202012Validator
        schema, *documents = [json.load(open(path, encoding="utf-8")) for path in sys.argv[1:]]
        Draft202012Validator.check_schema(schema)
        for document in documents:
          for error in Draft202012Validator(schema).iter_errors(document):
            print(f"{error.json_path}: {error.message[:200]}")
        """, [path(name)] + paths)
  }

  /// The keys that a schema allows without a word about them, and the objects
  /// in which it allows any key.
  package static func undescribedKeys(in name: String) throws -> [String] {
    try lines(
      of: """
        import json, sys
        def walk(node, path):
          if isinstance(node, list):
            for number, item in enumerate(node): walk(item, f"{path}/{number}")
          elif isinstance(node, dict):
            if node.get("type") == "object":
              if node.get("additionalProperties") is not False: print(f"{path}: any key")
              for key, value in node["properties"].items():
                if not value.get("description"): print(f"{path}/{key}")
            for key, value in node.items():
              if key not in ("if", "then", "else", "allOf"): walk(value, f"{path}/{key}")
        walk(json.load(open(sys.argv[1], encoding="utf-8")), "")
        """, [path(name)])
  }

  private static func lines(of program: String, _ arguments: [String]) throws -> [String] {
    let run = try Tool.execute(["python3", "-c", program] + arguments)
    guard run.status == 0 else { return ["python3: \(run.errors)"] }
    return run.output.split(separator: "\n").map(String.init)
  }
}
