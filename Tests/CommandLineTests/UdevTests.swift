import Support
import Testing

/// `vgt-balloon udev`, as a rule runs it, and what users get from its answer.
struct UdevTests {
  private let address = "0000:00:02.0"

  @Test func `a vGPU has properties and the status is 0`() throws {
    let run = try QuickBed(.healthy).run("udev", address)
    #expect(run.status == 0)
    #expect(run.output.hasPrefix("ID_GVTG=1\nID_GVTG_VERSION=1.0\n"))
    #expect(run.output.contains("\nID_GVTG_VERDICT=ok\n"))
    #expect(run.errors == "")
  }

  @Test func `a failing vGPU has properties as well`() throws {
    let run = try QuickBed(.healthy.with(\.page.mappableBase, 0xF00_0000)).run("udev", address)
    #expect(run.status == 0)
    #expect(run.output.contains("\nID_GVTG_VERDICT=failed\n"))
  }

  @Test func `bare metal has nothing to say`() throws {
    let run = try QuickBed(.healthy.with(\.page, .filled(with: 0))).run("udev", address)
    #expect(run.status == 1)
    #expect(run.output + run.errors == "")
  }

  @Test func `a function that does not decode cannot be told`() throws {
    let run = try QuickBed(.healthy.with(\.command, 0)).run("udev", address)
    #expect(run.status == 3)
    #expect(run.output == "")
    #expect(run.messages.count == 1)
  }

  @Test func `a function that is not there cannot be told`() throws {
    let run = try QuickBed(.healthy).run("udev", "0000:00:1f.0")
    #expect(run.status == 3)
    #expect(run.output == "")
  }

  @Test func `an address that is none is wrong usage`() throws {
    #expect(try QuickBed(.healthy).run("udev", "here").status == 64)
  }

  @Test func `without an address or PCI_SLOT_NAME the usage is wrong`() throws {
    #expect(try QuickBed(.healthy).run("udev").status == 64)
  }
}
