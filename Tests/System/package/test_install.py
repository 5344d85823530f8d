"""The package, its installation in Debian 12, and the tarball."""

import hashlib
import os
import pathlib
import re
import subprocess
import tarfile
import tempfile
import unittest

from debian import RELEASES, SOURCE, run
from support import BINARY, PACKAGE, debian_guest, packed

TARBALL = packed("--tarball")

# Every path but those that dpkg and man keep their books in.
LIST = r"""find / -xdev \( -path /var/lib/dpkg -o -path /var/log -o -path /var/cache/man \
    -o -path /mnt -o -path /tmp \) -prune -o -print | sort"""
NEXT_VERSION = r"""
    dpkg-deb -R /mnt/package.deb /tmp/next
    sed -i 's/^Version: .*/Version: 99/' /tmp/next/DEBIAN/control
    dpkg-deb -b /tmp/next /mnt/next.deb >/dev/null"""
# A udev that listens, and a udevadm that notes what it is asked for.
FAKE_UDEV = r"""
    mkdir -p /run/udev
    perl -MIO::Socket::UNIX -e \
        'IO::Socket::UNIX->new(Local => "/run/udev/control", Listen => 1) or die'
    printf '#!/bin/sh\necho "$@" >>/tmp/asked\nexit ${UDEVADM_STATUS:-0}\n' >/usr/bin/udevadm
    chmod +x /usr/bin/udevadm"""


def contents(folder):
    """The files below a folder, their modes and a digest of each."""
    return {
        str(path.relative_to(folder)): (
            oct(path.stat().st_mode), hashlib.sha256(path.read_bytes()).hexdigest())
        for path in folder.rglob("*") if path.is_file()
    }


class PackageTests(unittest.TestCase):
    def setUp(self):
        work = tempfile.TemporaryDirectory()
        self.addCleanup(work.cleanup)
        self.work = pathlib.Path(work.name)

    def package(self, *options, **environment):
        return pathlib.Path(run(
            SOURCE / "scripts/package", "--binary", BINARY, *options,
            env={**os.environ, **environment}).strip())

    def test_lintian_finds_no_error_and_no_warning(self):
        run("lintian", "--fail-on=error,warning", "--allow-root", PACKAGE)

    def test_holds_these_files(self):
        run("dpkg-deb", "-x", PACKAGE, self.work / "package")
        self.assertEqual(
            {name: mode for name, (mode, _) in contents(self.work / "package").items()},
            {
                "usr/bin/vgt-balloon": "0o100755",
                "usr/lib/udev/rules.d/65-vgt-balloon.rules": "0o100644",
                "usr/share/bash-completion/completions/vgt-balloon": "0o100644",
                "usr/share/doc/vgt-balloon/changelog.gz": "0o100644",
                "usr/share/doc/vgt-balloon/copyright": "0o100644",
                "usr/share/fish/vendor_completions.d/vgt-balloon.fish": "0o100644",
                "usr/share/lintian/overrides/vgt-balloon": "0o100644",
                "usr/share/man/man5/vgt-balloon-json.5.gz": "0o100644",
                "usr/share/man/man8/vgt-balloon.8.gz": "0o100644",
                **{f"usr/share/vgt-balloon/{name}.schema.json": "0o100644"
                   for name in ("ggtt", "host", "log", "report")},
                "usr/share/zsh/vendor-completions/_vgt-balloon": "0o100644",
            })

    def test_the_tarball_holds_the_same_but_for_lintian(self):
        run("dpkg-deb", "-x", PACKAGE, self.work / "package")
        (self.work / "tarball").mkdir()
        run("tar", "-xf", TARBALL, "-C", self.work / "tarball")
        package = contents(self.work / "package")
        del package["usr/share/lintian/overrides/vgt-balloon"]
        self.assertEqual(contents(self.work / "tarball"), package)

    def test_every_file_is_root_s_and_as_old_as_the_changelog_s_last_entry(self):
        data = self.work / "data.tar"
        with open(data, "wb") as file:
            subprocess.run(["dpkg-deb", "--fsys-tarfile", PACKAGE], stdout=file, check=True)
        for archive in data, TARBALL:
            with self.subTest(archive=archive.name), tarfile.open(archive) as entries:
                # 1 January 2026, as in scripts/packaging/changelog.
                self.assertEqual({(entry.uid, entry.gid, entry.mtime) for entry in entries},
                                 {(0, 0, 1767225600)})

    def test_needs_no_package(self):
        self.assertEqual(run("dpkg-deb", "-f", PACKAGE, "Depends", "Pre-Depends"), "")

    def test_is_the_same_to_the_byte_when_made_again_elsewhere(self):
        again = self.package("--output", self.work, TZ="Pacific/Apia", LC_ALL="C.UTF-8",
                             TMPDIR=str(self.work))
        self.assertEqual(again.read_bytes(), PACKAGE.read_bytes())

    def test_the_tarball_is_the_same_to_the_byte_when_made_again_elsewhere(self):
        again = self.package("--tarball", "--output", self.work, TZ="Pacific/Apia")
        self.assertEqual(again.read_bytes(), TARBALL.read_bytes())

    def test_the_bytes_that_differ_between_builds_are_zero(self):
        run("dpkg-deb", "-x", PACKAGE, self.work)
        for name in ".swift_modhash", ".note.gnu.build-id":
            section = self.work / name
            run("objcopy", "-O", "binary", f"--set-section-flags={name}=alloc",
                f"--only-section={name}", self.work / "usr/bin/vgt-balloon", section)
            with self.subTest(section=name):
                self.assertEqual(set(section.read_bytes()), {0})

    def test_another_version_than_the_binary_s_is_refused(self):
        other = self.work / "vgt-balloon"
        other.write_text("#!/bin/sh\necho 9.9.9\n")
        other.chmod(0o755)
        done = subprocess.run([SOURCE / "scripts/package", "--binary", other, "--output", self.work],
                              stderr=subprocess.PIPE, text=True, check=False)
        self.assertEqual(done.returncode, 65)
        self.assertIn("the binary is 9.9.9, but the changelog ends with", done.stderr)


class OtherSystemsTests(unittest.TestCase):
    """What those use who pack it elsewhere."""

    def setUp(self):
        work = tempfile.TemporaryDirectory()
        self.addCleanup(work.cleanup)
        self.work = pathlib.Path(work.name)

    def install(self, **environment):
        run(SOURCE / "scripts/install", "--binary", BINARY,
            env={**os.environ, "DESTDIR": str(self.work), **environment})
        return contents(self.work)

    def test_what_is_installed_is_under_the_prefix(self):
        files = self.install(PREFIX="/opt/gpu")
        self.assertEqual({name.split("/")[:2] == ["opt", "gpu"] for name in files}, {True})
        self.assertEqual(files["opt/gpu/bin/vgt-balloon"][0], "0o100755")

    def test_the_prefix_is_usr_local_unless_another_is_given(self):
        self.assertIn("usr/local/bin/vgt-balloon", self.install())

    def test_the_rule_and_the_manuals_name_the_paths_of_the_prefix(self):
        self.install(PREFIX="/opt/gpu")
        rule = (self.work / "opt/gpu/lib/udev/rules.d/65-vgt-balloon.rules").read_text()
        self.assertIn('"/opt/gpu/bin/vgt-balloon udev', rule)
        for page in self.work.glob("opt/gpu/share/man/man*/*"):
            with self.subTest(page=page.name):
                self.assertNotRegex(page.read_text(), "/usr/(bin|share|lib)/(vgt|udev)")

    def test_the_help_explains_and_installs_nothing(self):
        self.assertIn("DESTDIR", run(SOURCE / "scripts/install", "--help",
                                     env={**os.environ, "DESTDIR": str(self.work)}))
        self.assertEqual(contents(self.work), {})

    def test_rpmbuild_makes_an_rpm_of_the_same_files(self):
        version = run(BINARY, "--version").split()[-1]
        sources = self.work / "SOURCES"
        sources.mkdir()
        name = f"vgt-balloon-{version}"
        # The tree as it is here, whether committed or not.
        files = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard",
                    cwd=SOURCE).split("\0")
        with tarfile.open(sources / f"{name}.tar.gz", "w:gz") as archive:
            for file in filter(None, files):
                if (SOURCE / file).is_file():
                    archive.add(SOURCE / file, f"{name}/{file}")
        run("rpmbuild", "-bb", "--nodeps", "--define", f"_topdir {self.work}",
            "--define", f"binary {BINARY}", SOURCE / "scripts/packaging/vgt-balloon.spec")
        [package] = (self.work / "RPMS").rglob("*.rpm")
        listed = set(run("rpm", "-qlp", package).split())
        for path in ("/usr/bin/vgt-balloon", "/usr/lib/udev/rules.d/65-vgt-balloon.rules",
                     "/usr/share/vgt-balloon/report.schema.json"):
            self.assertIn(path, listed)
        self.assertTrue(any(path.startswith("/usr/share/man/man5/") for path in listed))
        # Nothing is needed but what rpm itself brings.
        needs = [line for line in run("rpm", "-qRp", package).splitlines()
                 if not line.startswith("rpmlib(")]
        self.assertEqual(needs, [])


class CopyrightTests(unittest.TestCase):
    """The notices that static linking owes."""

    TEXT = (SOURCE / "scripts/packaging/copyright").read_text()
    BINARY_PARAGRAPH = next(
        paragraph for paragraph in TEXT.split("\n\n")
        if paragraph.startswith("Files: usr/bin/vgt-balloon\n"))

    def test_every_licence_of_the_binary_is_given_and_no_other(self):
        named = re.search(r"^License: (.*)$", self.BINARY_PARAGRAPH, re.MULTILINE)[1].split(" and ")
        given = re.findall(r"^License: (.*)\n ", self.TEXT, re.MULTILINE)
        self.assertEqual(sorted(given), sorted(named))

    def test_every_library_of_the_binary_is_named(self):
        for library in ("Swift's runtime", "standard library", "Synchronization", "Dispatch",
                        "FoundationEssentials", "swift-argument-parser", "swift-system", "LLVM",
                        "Blocks runtime", "GNU C Library", "libstdc++", "libgcc",
                        "libpciaccess", "i915_drm.h"):
            with self.subTest(library=library):
                self.assertIn(library, " ".join(self.BINARY_PARAGRAPH.split()))

    # Installed wherever the binary is built.
    PCIACCESS = pathlib.Path("/usr/share/doc/libpciaccess-dev/copyright")

    def test_names_whom_libpciaccess_names(self):
        lines = re.findall(r"^(?:\(C\) )?Copyright .*", self.PCIACCESS.read_text(), re.MULTILINE)
        names = set(re.findall(r"\b[A-Z]\w+", " ".join(lines)))
        names -= {"Copyright", "All", "Rights", "Reserved"}
        self.assertLessEqual({"IBM", "Kettenis", "Oracle"}, names)
        self.assertEqual({name for name in names if name not in self.BINARY_PARAGRAPH}, set())

    def test_gives_the_permissions_of_libpciaccess_word_for_word(self):
        ours = " ".join(self.TEXT.replace("\n .\n", "\n").split())
        pieces = self.PCIACCESS.read_text().split("-" * 78)
        self.assertEqual(len(pieces), 4)
        for piece in pieces:
            with self.subTest(piece=piece.strip()[:30]):
                self.assertIn(" ".join(piece[piece.index("Permission"):].split()), ours)


class InstallationTests(unittest.TestCase):
    def run_in_debian(self, script, release="bookworm"):
        return debian_guest(release).run(f"set -e\n{script}")

    def test_it_runs_once_installed(self):
        for release, number in RELEASES.items():
            with self.subTest(debian=number):
                text = self.run_in_debian(
                    "dpkg -i /mnt/package.deb >/dev/null; vgt-balloon --version", release)
                self.assertEqual(text, run(BINARY, "--version"))

    def test_nothing_is_left_after_installing_upgrading_and_purging(self):
        left = self.run_in_debian(f"""
            {LIST} >/tmp/before
            dpkg -i /mnt/package.deb >/dev/null
            {NEXT_VERSION}
            dpkg -i /mnt/next.deb >/dev/null
            vgt-balloon --sample >/dev/null
            dpkg-query -W vgt-balloon
            dpkg --purge vgt-balloon >/dev/null
            {LIST} >/tmp/after
            diff /tmp/before /tmp/after || :
            find /var/lib/dpkg -name 'vgt-balloon*'
            ! grep vgt-balloon /var/lib/dpkg/status""")
        self.assertEqual(left, "vgt-balloon\t99\n")

    def test_a_mask_of_the_user_s_outlives_the_package(self):
        self.run_in_debian("""
            mkdir -p /etc/udev/rules.d
            ln -s /dev/null /etc/udev/rules.d/65-vgt-balloon.rules
            dpkg -i /mnt/package.deb >/dev/null
            dpkg --purge vgt-balloon >/dev/null
            test -L /etc/udev/rules.d/65-vgt-balloon.rules""")

    ASKED = """control --reload
trigger --action=change --settle --subsystem-match=pci --attr-match=vendor=0x8086 \
--attr-match=class=0x03*
"""

    def test_udev_is_asked_again_on_installing_upgrading_and_removing(self):
        asked = self.run_in_debian(f"""
            {FAKE_UDEV}
            {NEXT_VERSION}
            for step in '-i /mnt/package.deb' '-i /mnt/next.deb' '--remove vgt-balloon' \
                '--purge vgt-balloon'; do
                dpkg $step >/dev/null
                echo "# $step" >>/tmp/asked
            done
            cat /tmp/asked""")
        self.assertEqual(
            asked,
            f"{self.ASKED}# -i /mnt/package.deb\n{self.ASKED}# -i /mnt/next.deb\n"
            f"{self.ASKED}# --remove vgt-balloon\n# --purge vgt-balloon\n")

    def test_udev_is_not_asked_where_none_listens(self):
        self.run_in_debian(f"""
            {FAKE_UDEV}
            rm /run/udev/control
            dpkg -i /mnt/package.deb >/dev/null
            test ! -e /tmp/asked""")

    def test_a_udev_that_fails_does_not_fail_the_package(self):
        self.run_in_debian(f"""
            {FAKE_UDEV}
            export UDEVADM_STATUS=1
            dpkg -i /mnt/package.deb >/dev/null 2>&1
            dpkg --purge vgt-balloon >/dev/null 2>&1
            test -e /tmp/asked""")
