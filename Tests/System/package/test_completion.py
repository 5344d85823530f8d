"""The completions, in the shells themselves, on terminals."""

import os
import pathlib
import re
import tempfile
import unittest

import pexpect

from debian import run
from support import PACKAGE, debian_guest

# Functions of a made-up machine: two that differ in the last digits, one that
# is alone on its bus.
ADDRESSES = ["0000:00:02.0", "0000:00:03.0", "0001:00:02.0"]


class Terminal:
    """A shell that is asked to complete what is typed."""

    PROMPT = "ready> "

    def __init__(self, command, *arguments, **options):
        self.shell = pexpect.spawn(
            command, list(arguments), encoding="utf-8", timeout=300, dimensions=(50, 200), **options)
        self.shell.expect_exact(self.PROMPT)

    def completed(self, line):
        """The line after a press of the tab key; Control-A, Control-K and an
        echo show it without what the shell prints beside it."""
        self.shell.send(line + "\t")
        self.shell.expect(r"(?s).+?(?=\Z)")
        self.shell.send("\x01printf '%s|' done \x05\r")
        self.shell.expect(r"done\|((?:[^|\r]*\|)*)")
        answer = self.shell.match[1]
        self.shell.expect_exact(self.PROMPT)
        return answer.rstrip("|").split("|")


class BashTests(unittest.TestCase):
    """In Debian 12 with bash-completion, the package installed."""

    @classmethod
    def setUpClass(cls):
        folders = " ".join(f"/sys/bus/pci/devices/{address}" for address in ADDRESSES)
        guest = debian_guest("bookworm")
        cls.terminal = Terminal(*guest.command(f"""
            mkdir -p {folders}
            dpkg -i /mnt/package.deb >/dev/null
            cat >/root/.bashrc <<'END'
            . /usr/share/bash-completion/bash_completion
            bind 'set bell-style none'
            PS1='{Terminal.PROMPT}'
END
            exec bash -i"""))

    def assert_completes(self, line, *words):
        self.assertEqual(self.terminal.completed(f"vgt-balloon {line}"), ["vgt-balloon", *words])

    def test_a_command(self):
        self.assert_completes("det", "detect")

    def test_an_option(self):
        self.assert_completes("report --sam", "report", "--sample")

    def test_a_value_of_an_option(self):
        self.assert_completes("report --format mark", "report", "--format", "markdown")

    def test_an_option_of_the_default_command(self):
        self.assert_completes("--samp", "--sample")

    def test_a_further_option_of_the_default_command(self):
        self.assert_completes("--format json --ou", "--format", "json", "--output")

    def test_a_value_of_an_option_of_the_default_command(self):
        self.assert_completes("--format mark", "--format", "markdown")

    def test_the_address_for_the_default_command(self):
        self.assert_completes("-s 0001:", "-s", "0001:00:02.0")

    def test_the_version_without_a_command(self):
        self.assert_completes("--vers", "--version")

    def test_the_address_of_a_function_up_to_where_two_differ(self):
        self.assert_completes("report -s 0000", "report", "-s", "0000:00:0")

    def test_the_address_of_a_function_behind_its_colons(self):
        self.assert_completes("report -s 0000:00:02", "report", "-s", "0000:00:02.0")

    def test_the_address_of_a_function_alone_on_its_bus(self):
        self.assert_completes("detect --device 0001:", "detect", "--device", "0001:00:02.0")

    def test_the_address_for_udev(self):
        self.assert_completes("udev 0000:00:03", "udev", "0000:00:03.0")


class OtherShellTests(unittest.TestCase):
    """Of the shells on this machine, with its PCI functions."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.root = pathlib.Path(cls.folder.name)
        run("dpkg-deb", "-x", PACKAGE, cls.root)
        cls.share = cls.root / "usr/share"
        cls.environment = {**os.environ, "HOME": str(cls.root), "TERM": "dumb",
                           "PATH": f"{cls.root}/usr/bin:{os.environ['PATH']}"}

    def fish(self, line):
        script = f"source {self.share}/fish/vendor_completions.d/vgt-balloon.fish; complete -C '{line}'"
        listing = run("fish", "--no-config", "-c", script, env=self.environment)
        return [entry.split("\t")[0] for entry in listing.splitlines()]

    def test_fish_completes_a_command(self):
        self.assertEqual(self.fish("vgt-balloon det"), ["detect"])

    def test_fish_completes_an_option(self):
        self.assertEqual(self.fish("vgt-balloon report --sam"), ["--sample"])

    def test_fish_completes_an_option_of_the_default_command(self):
        self.assertEqual(self.fish("vgt-balloon --sam"), ["--sample"])

    def test_fish_completes_a_further_option_of_the_default_command(self):
        self.assertEqual(self.fish("vgt-balloon --format json --ou"), ["--output"])

    def test_fish_completes_a_value_of_an_option_of_the_default_command(self):
        self.assertEqual(self.fish("vgt-balloon --format mark"), ["markdown"])

    def test_fish_completes_addresses(self):
        addresses = sorted(os.listdir("/sys/bus/pci/devices"))
        self.assertEqual(sorted(self.fish("vgt-balloon report -s 00")), addresses)

    def zsh(self, line):
        (self.root / ".zshrc").write_text(
            f"fpath=({self.share}/zsh/vendor-completions $fpath)\n"
            f"autoload -U compinit; compinit -u; unsetopt beep; PS1='{Terminal.PROMPT}'\n")
        return Terminal("zsh", "-i", env=self.environment).completed(line)

    def test_zsh_completes_a_command(self):
        self.assertEqual(self.zsh("vgt-balloon det"), ["vgt-balloon", "detect"])

    def test_zsh_completes_an_option(self):
        self.assertEqual(self.zsh("vgt-balloon report --sam"),
                         ["vgt-balloon", "report", "--sample"])

    def test_zsh_completes_an_option_of_the_default_command(self):
        self.assertEqual(self.zsh("vgt-balloon --sam"), ["vgt-balloon", "--sample"])

    def test_zsh_completes_a_further_option_of_the_default_command(self):
        self.assertEqual(self.zsh("vgt-balloon --format json --ou"),
                         ["vgt-balloon", "--format", "json", "--output"])

    def test_zsh_completes_a_value_of_an_option_of_the_default_command(self):
        self.assertEqual(self.zsh("vgt-balloon --format mark"),
                         ["vgt-balloon", "--format", "markdown"])

    def test_zsh_completes_an_address(self):
        *_, last = sorted(os.listdir("/sys/bus/pci/devices"))
        self.assertEqual(self.zsh(f"vgt-balloon report -s {last[:-1]}"),
                         ["vgt-balloon", "report", "-s", last])
