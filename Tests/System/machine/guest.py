"""A guest: a machine whose GPU is a vGPU as configured."""

from . import SYSTEM
from .files import build_initramfs, build_static
from .qemu import command, console, folder_option, port

GUEST = SYSTEM / "guest"
MEMORY = "2G"

# What a guest has to hold against the tool, in Tests/System/guest.
PROGRAMS = ["gem-query.c"]

MODULES = ["i915", "vmd", "virtio_pci", "virtio_console"]
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


def prepare(folder, kernel, binary, files, *, root=None, is_behind_vmd=False, limit):
    """Builds a guest in a folder; the command line that starts it."""
    contents = {
        "init": GUEST / "init",
        "lib/function.sh": GUEST / "function.sh",
        "bin/control": GUEST / "control",
        "bin/vgt-balloon": binary,
        "etc/passwd": PASSWD,
        "root/configurations": GUEST / "configurations",
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
