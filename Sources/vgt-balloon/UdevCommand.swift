import ArgumentParser

/// The command line of `udev`, which a udev rule runs.
struct UdevCommand: RequestCommand {
  static let configuration = CommandConfiguration(
    commandName: "udev",
    abstract: "Print the udev properties of one vGPU; a udev rule runs this.",
    discussion: """
      Exit status: 0 properties were printed, of a failing vGPU too; 1 no GVT-g
      vGPU, nothing printed; 3 cannot tell.
      """)

  @Argument(
    help: "A function, as [DDDD:]BB:DD.F; without it PCI_SLOT_NAME of the environment.",
    completion: .pciAddress)
  var address: String?

  func answer() throws(Failure) -> ExitStatus { try UdevRequest(address: address).answer() }
}
