import SystemPackage
import VgtFiles

/// A file that a user named, opened and not yet read.
final class OpenFile {
  let name: FileName
  let descriptor: FileDescriptor

  /// - Throws: `Errno` of opening it.
  init(_ name: FileName) throws(Errno) {
    self.name = name
    descriptor = name.isStandardStream ? .standardInput : try ByteInput.open(name.path)
  }

  deinit {
    if !name.isStandardStream { try? descriptor.close() }
  }

  /// Everything in it; to be called once.
  func bytes() throws(CommandError) -> [UInt8] {
    do {
      return try ByteInput.readAll(descriptor)
    } catch .fileTooLarge {
      throw CommandError(
        .malformedInput,
        "\(name) has more than \(ByteInput.sizeLimit >> 20) MiB; cut the report out of it")
    } catch {
      throw CommandError(reading: name, error)
    }
  }

  /// - Throws: `CommandError` of the first that cannot be opened.
  static func all(_ names: [FileName]) throws(CommandError) -> [OpenFile] {
    var files: [OpenFile] = []
    for name in names {
      do {
        files.append(try OpenFile(name))
      } catch {
        throw CommandError(reading: name, error)
      }
    }
    return files
  }
}

extension CommandError {
  init(reading name: FileName, _ error: Errno) {
    self.init(.noInput, "cannot read \(name): \(error)")
  }
}
