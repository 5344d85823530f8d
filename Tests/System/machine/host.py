"""A host: a machine whose GPU is a real one's model, on which Debian's own i915, kvmgt, vfio and
kvm run, and the guests nested in it."""

import socket
import subprocess
from contextlib import ExitStack, suppress

from . import SYSTEM, Unavailable, guest, scratch_folder
from .files import build_initramfs, build_static
from .qemu import command, console, folder_option, port

HOST = SYSTEM / "host"

MODULES = ["i915", "kvmgt", "kvm-amd", "vfio_iommu_type1", "9p", "9pnet_virtio", "virtio_pci",
           "virtio_console"]
# 5.10 has the part of vfio that mediated devices use in a module of its own.
MODULES_UNTIL_5_18 = ["vfio_mdev"]
NESTED_MODULES = ["i915", "virtio_pci", "virtio_console"]

APERTURES = (256, 512, 1024)  # MiB; with less the host lists no type
GGTT_SIZES = {2: 2, 4: 3}  # GiB, and the field of GMCH control

# How many vGPUs of each type a host without any offers, by the aperture (MiB) and the GGTT (GiB).
# Seen on the real host, and what i915's gvt/vgpu.c computes (Linux 4.12 to 7.2).
OFFERED = {
    (256, 4): {"8": 2, "4": 1}, (256, 2): {"8": 2, "4": 1},
    (512, 4): {"8": 6, "4": 3, "2": 1}, (512, 2): {"8": 3, "4": 2, "2": 1},
    (1024, 4): {"8": 7, "4": 5, "2": 2, "1": 1}, (1024, 2): {"8": 1, "4": 1, "2": 0, "1": 0},
}

PLATFORMS = {"broadwell": (0x1616, 9), "skylake": (0x1912, 6), "kaby-lake": (0x5912, 4)}

# The line of the function's interrupt: i915 is told of one by the serial port that shares it.
INTERRUPT = ["-device", "pci-serial,chardev=interrupt,addr=06.0"]


def prepare(folder, kernel, binary, files, *, aperture=512, ggtt=4, platform="kaby-lake",
            processor=None, limit):
    """Builds a host in a folder; the command line that starts it."""
    device_id, revision = PLATFORMS[platform]
    is_old = kernel.release.startswith("5.10.")
    build_nested(folder, kernel, binary)
    build_initramfs(folder / "initramfs", kernel, MODULES + (MODULES_UNTIL_5_18 if is_old else []), {
        "init": HOST / "init",
        "lib/control.sh": SYSTEM / "device/control.sh",
        "lib/host.sh": HOST / "host.sh",
        "bin/vfio-read": build_static(HOST / "vfio-read.c"),
        "bin/vgt-balloon": binary,
        "etc/host/folder": str(folder),
        "etc/host/start": "",
        **files,
    })
    # An aperture of 1 GiB fits below 4 GiB beside 2 GiB of RAM only.
    memory = "2G" if aperture > 512 else "3G"
    device = ["role=host", f"interrupt={folder / 'interrupt'}", f"control={folder / 'control'}",
              f"device_id={device_id}", f"revision={revision}", f"aperture={aperture}",
              f"ggms={GGTT_SIZES[ggtt]}"]
    options = [
        "-chardev", f"socket,id=interrupt,path={folder / 'interrupt'}", *INTERRUPT,
        # The programs of this machine, QEMU above all, for the nested guests.
        *folder_option("root", "/", "09.0"),
        *console(), *port(4, ("socket", f"path={folder / 'control'}")),
    ]
    return command(kernel, folder / "initramfs", device=device, memory=memory, options=options,
                   # MSIs would be the proxy's, which has none without KVM.
                   arguments=["pci=nomsi"], processor=processor, limit=limit)


def build_nested(folder, kernel, binary):
    """The kernel and the files of the nested guests, where the host finds them."""
    (folder / "nested-kernel").symlink_to(kernel.image)
    build_initramfs(folder / "nested-initramfs", kernel, NESTED_MODULES, {
        "init": guest.GUEST / "init",
        "bin/vgt-balloon": binary,
        "bin/gem-query": build_static(guest.GUEST / "gem-query.c"),
        "etc/passwd": guest.PASSWD,
        "etc/guest/nested": "",
        "etc/guest/welcome": (HOST / "nested-welcome").read_text(),
        "etc/guest/terminal": "rows 24 cols 80\n",
        "root/nested": HOST / "nested",
    })


class Host:
    """A host that is running, for tests."""

    def __init__(self, kernel, binary, processor, **options):
        self.stack = ExitStack()
        self.folder = self.stack.enter_context(scratch_folder())
        line = prepare(self.folder, kernel, binary, {"etc/host/agent": ""}, processor=processor,
                       **options)
        self.listening = socket.socket(socket.AF_UNIX)
        self.listening.bind(str(self.folder / "agent"))
        self.listening.listen(1)
        self.log = open(self.folder / "qemu", "wb")
        self.process = subprocess.Popen(
            [*line, "-serial", f"file:{self.folder / 'console'}",
             *port(1, ("socket", f"path={self.folder / 'agent'}"))],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        self.listening.settimeout(1)
        while not (agent := self.accept()):
            if self.process.poll() is not None:
                messages = self.messages()
                self.end()
                raise Unavailable("QEMU does not start: " + messages)
        self.agent = agent
        self.stream = self.agent.makefile("rwb")

    def accept(self):
        """The connection of QEMU, when it makes it within a second."""
        with suppress(TimeoutError):
            return self.listening.accept()[0]
        return None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    def end(self):
        self.process.terminate()
        self.process.wait()
        self.log.close()
        self.listening.close()
        self.stack.close()

    def messages(self):
        """The last that QEMU and the console said."""
        lines = []
        for name in ("qemu", "console"):
            path = self.folder / name
            lines += path.read_text(errors="replace").splitlines()[-20:] if path.exists() else []
        return "\n".join(lines)

    def run(self, script):
        """The (status, output) of a script for sh that runs on the host."""
        data = (". /lib/host.sh\n" + script + "\n").encode()
        self.stream.write(f"{len(data)}\n".encode() + data)
        self.stream.flush()
        header = self.stream.readline().split()
        if len(header) != 2:
            raise RuntimeError("the host ended: " + self.messages())
        return int(header[0]), self.stream.read(int(header[1])).decode(errors="replace")

    def output(self, script):
        """The output of a script that is to succeed."""
        status, output = self.run(script)
        if status:
            raise RuntimeError(f"status {status} of {script!r}: {output}")
        return output
