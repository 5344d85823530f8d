import json
import re
import unittest

from debian import SOURCE
from support import BINARY, DebianGuest, run

MANUAL = SOURCE / "scripts/packaging/vgt-balloon.8"
COMMON = "Options of several commands"


def options_in_manual():
    """The options that each subsection explains."""
    options, section = {}, ""
    for line in MANUAL.read_text().splitlines():
        if line.startswith((".Sh ", ".Ss ")):
            section = line[4:]
        elif line.startswith(".It Fl "):
            for dashes, name in re.findall(r"((?:Fl )+)(\S+)", line):
                options.setdefault(section, set()).add("-" * dashes.count("Fl") + name)
    return options


def options_of_binary():
    """The options that each subcommand has."""
    command = json.loads(run(BINARY, "--experimental-dump-help"))["command"]
    dashes = {"long": "--", "short": "-"}
    return {
        subcommand["commandName"]: {
            dashes[name["kind"]] + name["name"]
            for argument in subcommand.get("arguments", [])
            for name in argument.get("names", [])
        }
        for subcommand in command["subcommands"]
        # Explains the others.
        if subcommand["commandName"] != "help"
    }


class ManualTests(unittest.TestCase):
    def test_is_clean(self):
        # Which other pages there are is the machine's affair.
        lint = run("mandoc", "-Tlint", "-W", "warning,stop", MANUAL)
        self.assertEqual([line for line in lint.splitlines() if "outdated" not in line], [])

    def test_explains_every_option_of_every_command_and_no_other(self):
        manual = options_in_manual()
        for command, options in options_of_binary().items():
            with self.subTest(command=command):
                own = manual.get(command, set())
                self.assertLessEqual(options, own | manual[COMMON])
                self.assertLessEqual(own, options)

    def test_explains_no_common_option_that_no_command_has(self):
        self.assertLessEqual(options_in_manual()[COMMON], set().union(*options_of_binary().values()))

    def test_explains_every_command_and_no_other(self):
        text = MANUAL.read_text()
        commands = text[text.index(".Sh COMMANDS"):text.index(".Sh UDEV PROPERTIES")]
        self.assertEqual(set(re.findall(r"^\.Ss (.*)$", commands, re.MULTILINE)),
                         {*options_of_binary(), COMMON})

    def test_shows_the_use_of_every_command(self):
        text = MANUAL.read_text()
        synopsis = text[text.index(".Sh SYNOPSIS"):text.index(".Sh DESCRIPTION")]
        for command in options_of_binary():
            with self.subTest(command=command):
                self.assertRegex(synopsis, rf"Cm {command}\b")

    def test_gives_every_exit_status_that_the_help_gives(self):
        text = MANUAL.read_text()
        section = text[text.index(".Sh EXIT STATUS"):text.index(".Sh EXAMPLES")]
        help_text = run(BINARY, "--help").partition("EXIT STATUS:")[2]
        statuses = re.findall(r"(?:^ +|  )(\d+)  ", help_text, re.MULTILINE)
        self.assertEqual(statuses, ["0", "1", "2", "3", "64", "65", "66", "74"])
        self.assertEqual(re.findall(r"^\.It (\d+)$", section, re.MULTILINE), statuses)

    def test_is_shown_by_man_once_installed(self):
        script = "dpkg -i /mnt/package.deb >/dev/null && MANWIDTH=80 man vgt-balloon"
        page = DebianGuest("bookworm").run(script)
        self.assertRegex(page, r"vgt-balloon . report what a GVT-g host gave this guest")
        self.assertIn("reservation-failed", page)
