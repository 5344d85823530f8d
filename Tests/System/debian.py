"""Debian roots: made by debootstrap once and kept, in layers; what is done in
one is gone afterwards."""

import os
import pathlib
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest

SOURCE = pathlib.Path(__file__).resolve().parents[2]
ROOTS = pathlib.Path(os.environ.get("VGT_ROOTS", SOURCE / ".build-roots"))
# Releases that are no longer mirrored are in the archive.
MIRRORS = os.environ.get(
    "VGT_DEBIAN_MIRROR", "http://deb.debian.org/debian http://archive.debian.org/debian"
).split()
RELEASES = {"bullseye": 11, "bookworm": 12, "trixie": 13}
# What somebody who works in a guest has: manual pages, completion and a udevd.
WORKPLACE = ("bash-completion", "kmod", "man-db", "udev")
# A command that ends with the tests, even where those are killed, and takes its
# processes and mounts along.
ALONE = ["setpriv", "--pdeathsig", "KILL",
         "unshare", "--mount-proc", "--pid", "--fork", "--kill-child"]


def run(*command, status=0, **options):
    """Runs a command and gives its standard output; fails on another status.
    No command takes an hour, however busy the machine."""
    done = subprocess.run(
        [str(word) for word in command],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=3600, **options)
    if done.returncode != status:
        raise AssertionError(
            f"{shlex.join(done.args)}: status {done.returncode}, not {status}\n"
            f"{done.stdout}{done.stderr}")
    return done.stdout


def debian_root(release):
    """The folder of a minimal Debian, made once and kept; skips the test where
    it cannot be made."""
    root = ROOTS / release
    if os.geteuid() != 0:
        raise unittest.SkipTest("a Debian root needs root")
    if root.exists():
        return root
    ROOTS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ROOTS, prefix=f"{release}.") as work:
        for number, mirror in enumerate(MIRRORS):
            attempt = pathlib.Path(work) / str(number)
            done = subprocess.run(
                [*ALONE, "debootstrap", "--variant=minbase", release, attempt, mirror],
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
            if done.returncode == 0:
                # The packages have done their work.
                shutil.rmtree(attempt / "var/cache/apt/archives")
                return keep(attempt, root)
    raise unittest.SkipTest(
        f"Debian {RELEASES[release]} cannot be fetched: {done.stdout.strip().splitlines()[-1]}")


def keep(made, place):
    """Gives a finished folder its name; another part may have been faster."""
    try:
        made.rename(place)
    except OSError:
        if not place.exists():
            raise
    return place


class Debian:
    """A Debian root in which a script runs as root, on an overlay.

    packages  installed in a layer that is made once and kept
    files     host path by the path in the root
    binds     host folders that are seen in the root, at the same path
    upper     where the changes go; a tmpfs that is gone when the script ends,
              unless told
    """

    def __init__(self, release, packages=(), files=None, binds=(), upper=None):
        self.layers = [debian_root(release)]
        self.files, self.binds, self.upper = files or {}, binds, upper
        if packages:
            layer = ROOTS / "+".join([release, *packages])
            if not layer.exists():
                self.install(packages, layer)
            self.layers.insert(0, layer)

    def install(self, packages, layer):
        with tempfile.TemporaryDirectory(dir=ROOTS, prefix=f"{layer.name[:40]}.") as work:
            files, self.files = self.files, {"/etc/resolv.conf": "/etc/resolv.conf"}
            binds, self.binds = self.binds, ()
            upper, self.upper = self.upper, pathlib.Path(work) / "upper"
            self.run("apt-get update -q && apt-get install -y -q --no-install-recommends "
                     f"{shlex.join(packages)} && rm -r /var/cache/apt/archives")
            keep(self.upper, layer)
            self.files, self.binds, self.upper = files, binds, upper

    def run(self, script):
        """Runs a shell script as root in it and gives its standard output."""
        return run(*self.command(script))

    def command(self, script):
        """The command that runs a shell script as root in it. The root is the
        file system's own, for in a mere chroot there are no user namespaces."""
        lower = ":".join(map(str, self.layers))
        lines = ["set -e", "mount -t tmpfs none /media", "mkdir /media/guest"]
        upper, work = "/media/upper", "/media/work"
        if self.upper:
            upper, work = self.upper, self.upper.with_name("work")
        lines += [
            shlex.join(["mkdir", "-p", str(upper), str(work)]),
            shlex.join(["mount", "-t", "overlay", "none", "/media/guest", "-o",
                        f"lowerdir={lower},upperdir={upper},workdir={work}"]),
            "cd /media/guest",
            "mount -t proc none proc"]
        for place, file in self.files.items():
            lines.append(shlex.join(["cp", "-aL", str(file), f".{place}"]))
        for folder in map(str, self.binds):
            lines += [shlex.join(["mkdir", "-p", f".{folder}"]),
                      shlex.join(["mount", "--rbind", folder, f".{folder}"])]
        lines += [
            "pivot_root . media",
            "umount -l /media",
            'exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 TERM=dumb'
            ' DEBIAN_FRONTEND=noninteractive sh -c "$0"']
        return [*ALONE, "sh", "-c", "\n".join(lines), script]


class Result(unittest.TextTestResult):
    passed = 0

    def addSuccess(self, test):
        super().addSuccess(test)
        self.passed += 1


def main(tests=None):
    """Runs tests, of the program itself unless given; the last line says what
    came of them, as scripts/test reads it."""
    tests = tests or unittest.defaultTestLoader.loadTestsFromName("__main__")
    result = unittest.TextTestRunner(sys.stdout, verbosity=2, resultclass=Result).run(tests)
    failed = len(result.failures) + len(result.errors)
    print(f"{result.passed} passed, {failed} failed, {len(result.skipped)} skipped")
    return 1 if failed else 0
