import Glibc
import VgtFiles

@main
enum VgtBalloon {
  static func main() {
    ProcessStart.prepare()
    let words = CommandLine.arguments.dropFirst()
    let status = FastPath.command(words)?.status() ?? Parser.status(of: SystemCalls.arguments)
    exit(status.rawValue)
  }
}
