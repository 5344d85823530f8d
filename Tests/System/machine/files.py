"""What a machine runs: the programs in C, and the initramfs."""

import lzma
import shutil
import subprocess
import tempfile
from pathlib import Path

from . import CACHE, SYSTEM, building, run


def build_program(target, sources, *options):
    """A program of the tests, rebuilt when a source is newer; its path."""
    path = CACHE / target
    with building():
        newest = max(source.stat().st_mtime for source in sources)
        if not path.exists() or path.stat().st_mtime < newest:
            run("gcc", "-std=gnu17", "-O2", "-Wall", "-Wextra", "-Werror", *options,
                "-o", path, *(source for source in sources if source.suffix == ".c"))
    return path


def build_device():
    """The process that is the machine's GPU."""
    return build_program("device", sorted((SYSTEM / "device").glob("*.[ch]")))


def build_static(source):
    """A program that runs in a machine, where there are no libraries."""
    return build_program(source.stem, [source], "-static", "-I/usr/include/libdrm")


def build_initramfs(path, kernel, modules, files):
    """Writes an initramfs of busybox, modules of the kernel, and files (path in the machine: a
    path here, or the content)."""
    with tempfile.TemporaryDirectory(dir=CACHE) as folder:
        tree = Path(folder)
        tree.chmod(0o755)  # it becomes the machine's /, where not all are root
        for name in ("bin", "dev", "etc", "host", "lib", "proc", "root", "run", "sys", "tmp"):
            (tree / name).mkdir()
        target = tree / "lib/modules" / kernel.release
        target.mkdir(parents=True)
        for name in ("modules.builtin", "modules.order"):
            shutil.copy(kernel.root / "lib/modules" / kernel.release / name, target)
        for module in kernel.modules(modules):
            # Newer kernels of Debian have them compressed, which busybox does not load.
            content = module.read_bytes()
            if module.suffix == ".xz":
                content = lzma.decompress(content)
            (target / module.name.removesuffix(".xz")).write_bytes(content)
        run("depmod", "-b", tree, kernel.release)

        shutil.copy(shutil.which("busybox"), tree / "bin/busybox")
        for name, content in files.items():
            place = tree / name.lstrip("/")
            place.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, Path):
                shutil.copy(content, place)
            else:
                place.write_bytes(content if isinstance(content, bytes) else content.encode())
        for program in (tree / "init", *(tree / "bin").iterdir()):
            program.chmod(0o755)
        names = "\n".join(str(p.relative_to(tree)) for p in sorted(tree.rglob("*")))
        with open(path, "wb") as archive:
            subprocess.run(
                ["cpio", "--quiet", "-o", "-H", "newc", "-R", "0:0"], cwd=tree,
                input=names.encode(), stdout=archive, check=True)
