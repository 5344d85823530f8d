import json
import re
import subprocess
import unittest

from debian import SOURCE, run
from support import BINARY, debian_guest

MANUAL = SOURCE / "scripts/packaging/vgt-balloon.8"
JSON_MANUAL = SOURCE / "scripts/packaging/json-manual"
COMMON = "Options of several commands"
# Those that the two pages use; no word of a sentence is among them.
MACROS = set("Dt Sh Ss Nm Nd Cm Op Fl Ar Em Pp Pq Va Dl Bl It Ql Xr Pa Ns Oo Oc Li Sx Ev Dq Dv".split())


def rendered(page):
    """The page as mandoc shows it, without hyphenation or overstriking."""
    shown = subprocess.run(["mandoc", "-Tascii", "-O", "width=900"], input=page, text=True,
                           stdout=subprocess.PIPE, check=True).stdout
    return re.sub(".\b", "", shown)


def words(text):
    return " ".join(re.findall(r"[A-Za-z]{2,}", text))


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

    def test_the_page_of_the_json_is_clean_and_explains_every_key(self):
        page = run(JSON_MANUAL)
        lint = subprocess.run(["mandoc", "-Tlint", "-W", "warning,stop"], input=page, text=True,
                              stdout=subprocess.PIPE, check=False).stdout
        self.assertEqual([line for line in lint.splitlines() if "outdated" not in line], [])
        shown = rendered(page)
        for schema in (SOURCE / "scripts/packaging/schemas").iterdir():
            for key in re.findall(r'^ *"(\w+)": \{ ?(?:\n *)?"description"', schema.read_text(),
                                  re.MULTILINE):
                with self.subTest(schema=schema.name, key=key):
                    self.assertTrue(re.search(rf"(?m)^ +{key} \(", shown))

    def test_shows_every_line_of_its_source(self):
        # What mdoc takes for a macro, it does not show: the No of "No space".
        for page in MANUAL.read_text(), run(JSON_MANUAL):
            shown = words(rendered(page))
            for line in page.splitlines():
                if line.startswith(('.\\"', ".Dd", ".Os", ".Bl", ".El", ".Sm", ".Nm")):
                    continue
                written = [word for word in words(re.sub(r"\\(\(..|.)", " ", line)).split()
                           if word not in MACROS]
                self.assertTrue(" ".join(written) in shown, line)

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
        page = debian_guest("bookworm").run(script)
        self.assertRegex(page, r"vgt-balloon . report what a GVT-g host gave this guest")
        self.assertIn("reservation-failed", page)
