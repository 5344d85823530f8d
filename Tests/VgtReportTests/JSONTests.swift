import Testing
import VgtReport

@Suite struct `JSON text` {
  @Test func `keeps the order of the members and indents by two`() {
    let value = JSON.object([
      "b": .integer(1), "a": .array([.null, .bool(true), .bool(false)]), "empty": .array([]),
      "nothing": .object([:]),
    ])
    #expect(
      value.text == """
        {
          "b": 1,
          "a": [
            null,
            true,
            false
          ],
          "empty": [],
          "nothing": {}
        }

        """)
  }

  @Test(arguments: [
    ("", #""""#), ("plain", #""plain""#), ("a\"b", #""a\"b""#), ("a\\b", #""a\\b""#),
    ("a\nb\rc\td", #""a\nb\rc\td""#), ("\u{0}\u{1}\u{1B}\u{7F}", #""\u0000\u0001\u001b\u007f""#),
    ("\r\n", #""\r\n""#), ("é€😀", #""é€😀""#), ("a/b", #""a/b""#),
  ])
  func `escapes what a string cannot hold`(string: String, written: String) {
    #expect(JSON.string(string).text == written + "\n")
  }

  @Test func `writes integers up to 64 bits whole`() {
    #expect(JSON.integer(UInt64.max).text == "18446744073709551615\n")
  }

  @Test func `writes a value that is missing as null`() {
    #expect(JSON.optional(nil as Int?) { .integer($0) }.text == "null\n")
    #expect(JSON.optional(7) { .integer($0) }.text == "7\n")
  }
}
