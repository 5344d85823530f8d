import Glibc

/// Ends the run: what must hold of every input does not.
///
/// - Parameter fact: What holds otherwise; `precondition` would not print it
///   in an optimised build.
func expect(_ holds: Bool, _ fact: @autoclosure () -> String) {
  if !holds { fatalError(fact()) }
}

/// Which checks are made of an input: one, so that an execution is short and
/// many fit into a second, chosen by the sum of the input's bytes, so that the
/// next mutation meets another; all of them where VGT_FUZZ_ALL is set, as when
/// the corpus is run again.
struct Choice {
  private static let takesAll = unsafe getenv("VGT_FUZZ_ALL") != nil

  private let sum: Int

  init(_ bytes: [UInt8]) {
    sum = bytes.reduce(0) { $0 &+ Int($1) }
  }

  func of<Check>(_ checks: [Check]) -> ArraySlice<Check> {
    let index = sum % checks.count
    return Self.takesAll ? checks[...] : checks[index...index]
  }
}
