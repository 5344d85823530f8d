import SystemPackage
import VgtFiles

/// The targets without a search: each file that is named, with every check. Not
/// part of a build that searches, whose `main` is libFuzzer's.
@main
enum Again {
  static func main() throws {
    for path in CommandLine.arguments.dropFirst() {
      Target.chosen.run(try ByteInput.readAll(path: FilePath(path)))
    }
  }
}
