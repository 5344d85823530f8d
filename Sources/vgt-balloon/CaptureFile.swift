import SystemPackage
import VgtCore
import VgtFiles
import VgtReport

/// Captures in files that users name.
enum CaptureFile {
  /// The captures in the bytes of the file `name`, a pasted report.
  ///
  /// - Throws: `Failure` when it holds no capture, or one that is damaged.
  static func captures(in bytes: [UInt8], of name: String) throws(Failure) -> [Capture] {
    let captures: [Capture]
    do {
      captures = try CaptureParser.captures(in: bytes)
    } catch {
      throw Failure(
        .malformedInput, "\(InputFile.title(name)), line \(error.line): \(error.sentence)")
    }
    guard !captures.isEmpty else {
      throw Failure(
        .malformedInput,
        "\(InputFile.title(name)) holds no capture; paste the report whole, with its CAPTURE part")
    }
    return captures
  }
}

/// Files that users name, `-` being standard input.
enum InputFile {
  static func title(_ name: String) -> String { name == "-" ? "standard input" : name }

  static func bytes(_ name: String) throws(Failure) -> [UInt8] {
    do {
      return name == "-"
        ? try ByteInput.readAll(.standardInput) : try ByteInput.readAll(path: FilePath(name))
    } catch .fileTooLarge {
      throw Failure(
        .malformedInput,
        "\(title(name)) has more than \(ByteInput.sizeLimit >> 20) MiB; cut the report out of it")
    } catch {
      throw Failure(.noInput, "cannot read \(title(name)): \(error)")
    }
  }
}
