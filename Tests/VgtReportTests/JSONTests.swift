import Testing
import VgtReport

@Suite struct `JSON text` {
  @Test func `keeps the order of the members and indents by two`() {
    let text = JSONWriter.document { json in
      json.member("b", 1)
      json.object("a") {
        $0.member("yes", true)
        $0.strings("list", ["x", "y"])
      }
      json.strings("empty", [])
      json.object("nothing") { _ in }
      json.objects("runs", [1, 2] as [UInt64], isDense: true) {
        $0.member("n", $1)
        $0.member("even", $1 % 2 == 0)
      }
    }
    #expect(
      text == """
        {
          "b": 1,
          "a": {
            "yes": true,
            "list": [
              "x",
              "y"
            ]
          },
          "empty": [],
          "nothing": {},
          "runs": [
            { "n": 1, "even": false },
            { "n": 2, "even": true }
          ]
        }

        """)
  }

  private func written(_ string: String) -> String {
    String(
      JSONWriter.document { $0.member("s", string) }.dropFirst("{\n  \"s\": ".count).dropLast(3))
  }

  @Test(arguments: [
    ("", #""""#), ("plain", #""plain""#), ("a\"b", #""a\"b""#), ("a\\b", #""a\\b""#),
    ("a\nb\rc\td", #""a\nb\rc\td""#), ("\u{0}\u{1}\u{1B}\u{7F}", #""\u0000\u0001\u001b\u007f""#),
    ("\r\n", #""\r\n""#), ("é€😀", #""é€😀""#), ("a/b", #""a/b""#),
  ])
  func `escapes what a string cannot hold`(string: String, expected: String) {
    #expect(written(string) == expected)
  }

  @Test(arguments: [
    // C1 controls, line separators, marks of direction, noncharacters.
    ("\u{80}\u{9F}", #""\u0080\u009f""#), ("\u{2028}\u{2029}", #""\u2028\u2029""#),
    ("\u{202E}\u{2066}\u{200F}", #""\u202e\u2066\u200f""#),
    ("\u{FFFE}\u{FFFF}", #""\ufffe\uffff""#),
    ("\u{1FFFE}", #""\ud83f\udffe""#), ("\u{FEFF}", #""\ufeff""#),
  ])
  func `escapes what would not be seen as itself`(string: String, expected: String) {
    #expect(written(string) == expected)
  }

  @Test func `writes integers up to 64 bits whole`() {
    #expect(
      JSONWriter.document { $0.member("n", UInt64.max) } == "{\n  \"n\": 18446744073709551615\n}\n")
  }

  @Test func `writes a value that is missing as null`() {
    let text = JSONWriter.document { json in
      json.member("n", nil as UInt64?)
      json.member("s", nil as String?)
      json.object("o", of: nil as Int?) { $0.member("n", $1) }
    }
    #expect(text == "{\n  \"n\": null,\n  \"s\": null,\n  \"o\": null\n}\n")
  }
}
