"""A guest: a machine whose GPU is a vGPU as configured."""

import re
import struct

from . import SYSTEM, run
from .files import build_initramfs, build_static
from .qemu import command, console, folder_option, port

GUEST = SYSTEM / "guest"
MEMORY = "2G"

# What a guest has to hold against the tool, in Tests/System/guest.
PROGRAMS = ["gem-query.c"]

MODULES = ["i915", "pci_stub", "vmd", "virtio_pci", "virtio_console"]
ROOT_MODULES = ["9p", "9pnet_virtio", "overlay"]

PASSWD = "root:x:0:0::/root:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\n"

# The host bridge of a PC with 2 GiB of RAM leaves 1.25 GiB for BARs; 32 MiB less, so that the
# configuration bar0-unassigned can leave no room.
FILLER = ["-object", "memory-backend-ram,id=filler,size=32M",
          "-device", "ivshmem-plain,memdev=filler,addr=0b.0"]


def configurations():
    """The lines of Tests/System/guest/configurations."""
    for line in (GUEST / "configurations").read_text().splitlines():
        if line and not line.startswith("#"):
            name, outcome, parameters = (field.strip() for field in line.split("|"))
            yield {"name": name, "outcome": outcome, "parameters": parameters}


def guc_firmware(kernel):
    """The GuC firmware files of Skylake that the kernel's i915 looks for (guest path: content).

    They hold nothing but a header that i915 takes for one of the right version: what is looked at
    is what the driver does before it would run any (struct uc_css_header, intel_uc_fw_abi.h of
    Linux 5.10 and 6.1; sizes in dwords).
    """
    key, modulus, exponent, code = 64, 64, 1, 64
    header = 32 + key + modulus + exponent
    names = run("modinfo", "-b", kernel.root, "-k", kernel.release, "-F", "firmware", "i915")
    files = {}
    for name, *version in re.findall(r"(i915/skl_guc_(\d+)\.(\d+)\.(\d+)\.bin)", names):
        major, minor, patch = map(int, version)
        css = struct.pack("<10I24xI60x", 6, header, 0x10000, 0, 0x8086, 0, header + code, key,
                          modulus, exponent, major << 16 | minor << 8 | patch)
        files[f"lib/guc-firmware/{name}"] = css + bytes(4 * (code + key))
    return files


def prepare(folder, kernel, binary, files, *, root=None, is_behind_vmd=False, limit):
    """Builds a guest in a folder; the command line that starts it."""
    contents = {
        "init": GUEST / "init",
        "lib/control.sh": SYSTEM / "device/control.sh",
        "lib/function.sh": GUEST / "function.sh",
        "bin/control": GUEST / "control",
        "bin/vgt-balloon": binary,
        "etc/passwd": PASSWD,
        "root/configurations": GUEST / "configurations",
        **guc_firmware(kernel),
        **{f"bin/{name.removesuffix('.c')}": build_static(GUEST / name) for name in PROGRAMS},
        **files,
    }
    device = ["role=vgpu", f"control={folder / 'control'}", f"monitor={folder / 'monitor'}"]
    options = [*FILLER, *console(), *port(4, ("socket", f"path={folder / 'control'}")),
               "-qmp", f"unix:{folder / 'monitor'},server=on,wait=off"]
    modules = list(MODULES)
    if is_behind_vmd:
        device.append("bus=vmd")
        contents["etc/guest/vmd"] = ""
    if root:
        contents["etc/guest/root"] = ""
        modules += ROOT_MODULES
        options += folder_option("root", root.resolve(), "0c.0")
    build_initramfs(folder / "initramfs", kernel, modules, contents)
    return command(kernel, folder / "initramfs", device=device, memory=MEMORY, options=options,
                   limit=limit)
