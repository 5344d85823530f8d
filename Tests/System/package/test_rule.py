"""The udev rule in udev's own rules engine, over a synthetic display function.

`udevadm test` runs the rules of one event in a private mount namespace, in
which a made-up function stands in the place of any real one, and udev's
database is an empty folder. No udevd, no Intel hardware, 1 s a test."""

import json
import os
import pathlib
import re
import shutil
import tempfile
import textwrap
import unittest

from common import make_functions
from debian import ALONE, SOURCE, run
from support import BINARY

PCI = pathlib.Path("/sys/bus/pci/devices")
RULE = "65-vgt-balloon.rules"


@unittest.skipUnless(os.geteuid() == 0, "a synthetic function in sysfs needs root")
class RuleTests(unittest.TestCase):
    def setUp(self):
        places = sorted(PCI.iterdir()) if PCI.exists() else []
        if not places:
            self.skipTest("this machine has no PCI function to stand in for")
        self.place = places[-1].resolve()
        self.address = self.place.name
        work = tempfile.TemporaryDirectory()
        self.addCleanup(work.cleanup)
        self.work = pathlib.Path(work.name)
        self.work.chmod(0o755)

    def run_with(self, script, helper=True, **changes):
        """Runs a shell script beside the function; $user runs a command without
        root, `event ACTION` has udev handle one."""
        programs, rules = (self.work / name for name in ("programs", "rules"))
        for made in programs, rules:
            made.mkdir()
        make_functions(self.work / "functions", address=self.address, **changes)
        folder = self.work / "functions" / self.address
        (folder / "subsystem").symlink_to("/sys/bus/pci")
        # As on a real machine: for root alone.
        (folder / "resource0").chmod(0o600)
        shutil.copy(SOURCE / "udev" / RULE, rules)
        if helper:
            shutil.copy(BINARY, programs / "vgt-balloon")
        setup = textwrap.dedent(f"""
            set -e
            export SYSTEMD_DEVICE_VERIFY_SYSFS=0
            user='setpriv --reuid=65534 --regid=65534 --clear-groups'
            function={self.place}
            address={self.address}
            database=/run/udev/data/+pci:$address
            event() {{ udevadm test --action=$1 $function 2>&1; }}
            mount --bind {folder} $function
            mkdir -p /run/udev
            mount -t tmpfs none /run/udev
            chmod 755 /run/udev
            mount -t tmpfs none /etc/udev/rules.d
            mount -t overlay none -o lowerdir={rules}:/usr/lib/udev/rules.d /usr/lib/udev/rules.d
            mount -t overlay none -o lowerdir={programs}:/usr/bin /usr/bin
            """)
        return run(*ALONE, "bash", "-c", setup + script)

    def properties(self, script="event add >/dev/null", **changes):
        text = self.run_with(f"{script}\nudevadm info --query=property $function", **changes)
        return dict(line.split("=", 1) for line in text.splitlines() if "ID_GVTG" in line)

    # --- What udev keeps

    def test_the_properties_are_those_of_the_report(self):
        text = self.run_with("""
            event add >/dev/null
            udevadm info --query=property $function
            echo ---
            vgt-balloon --format json -s $address""")
        listing, report = text.split("---\n")
        properties = dict(line.split("=", 1) for line in listing.splitlines())
        device = json.loads(report)["devices"][0]
        page, reserved = device["vgt_if"], device["balloon"]["reserved"]
        accesses = [value for key, value in sorted(properties.items())
                    if key.startswith("ID_GVTG_CAPTURE_") and value.startswith("0x")]
        self.assertEqual(len(reserved), 4)
        self.assertEqual(
            {key: value for key, value in properties.items()
             if key.startswith("ID_GVTG") and "CAPTURE" not in key},
            {
                "ID_GVTG": "1",
                "ID_GVTG_VERSION": f"{page['version_major']}.{page['version_minor']}",
                "ID_GVTG_ID": str(page["vgt_id"]),
                "ID_GVTG_TYPE": device["vgpu_type"],
                "ID_GVTG_LOW_BASE": f"0x{page['mappable']['base']:08x}",
                "ID_GVTG_LOW_SIZE": str(page["mappable"]["size"]),
                "ID_GVTG_HIGH_BASE": f"0x{page['unmappable']['base']:08x}",
                "ID_GVTG_HIGH_SIZE": str(page["unmappable"]["size"]),
                "ID_GVTG_RESERVED":
                    " ".join(f"{piece['start']:#x}-{piece['end']:#x}" for piece in reserved),
                "ID_GVTG_FENCES": str(page["fence_count"]),
                "ID_GVTG_VERDICT": device_verdict(device),
            })
        self.assertEqual(accesses, [f"0x{access['offset']:05x} {access['width']} {access['value']}"
                                    for access in device["capture"]["accesses"]])

    def test_the_properties_stay_when_the_driver_binds_and_go_with_the_function(self):
        text = self.run_with("""
            for action in add bind change unbind; do
                event $action >/dev/null
                grep -c ^E:ID_GVTG $database
            done
            event remove >/dev/null
            test ! -e $database""")
        self.assertEqual(text.split(), ["37"] * 4)

    def test_udev_has_no_complaint(self):
        text = self.run_with("event add")
        expected = re.compile(
            r"Reading rules file|Importing properties from results of|Starting '|\(out\) '"
            r"|Process '.*' succeeded")
        ours = [line for line in text.splitlines() if RULE in line or "/usr/bin/vgt" in line]
        self.assertGreater(len(ours), 36)
        self.assertEqual([line for line in ours if not expected.search(line)], [])

    def test_the_mask_that_the_rule_names_keeps_the_page_from_being_read(self):
        mask = re.search(r"^#   (ln -s .*)$", (SOURCE / "udev" / RULE).read_text(), re.MULTILINE)[1]
        self.assertNotIn("Starting '/usr/bin/vgt-balloon", self.run_with(f"{mask}\nevent add"))

    def test_the_mask_is_the_same_wherever_it_is_named(self):
        mask = "ln -s /dev/null /etc/udev/rules.d/65-vgt-balloon.rules"
        for name in f"udev/{RULE}", "scripts/packaging/control", "scripts/packaging/vgt-balloon.8":
            with self.subTest(file=name):
                self.assertIn(mask, (SOURCE / name).read_text())

    def test_a_function_without_the_page_has_no_property(self):
        self.assertEqual(self.properties(magic=0), {})

    def test_a_failing_vgpu_has_properties_too(self):
        # 300 MiB of mappable space from 0x31c7000 end past the aperture.
        page = "printf '\\0\\0\\300\\022' | dd of=$function/resource0 bs=1 seek=491588 conv=notrunc"
        properties = self.properties(script=f"{page} 2>/dev/null; event add >/dev/null")
        self.assertEqual(properties["ID_GVTG_VERDICT"], "failed")
        self.assertEqual(properties["ID_GVTG_FAILURES"], "mappable-ends-past-aperture")

    def test_a_function_of_another_vendor_is_not_asked(self):
        self.assertNotIn("Starting '/usr/bin/vgt-balloon",
                         self.run_with("event add", vendor=0x10DE))

    def test_a_function_that_is_no_display_is_not_asked(self):
        self.assertNotIn("Starting '/usr/bin/vgt-balloon",
                         self.run_with("event add", **{"class": 0x020000}))

    def test_a_helper_that_is_missing_is_no_error(self):
        self.assertEqual(self.properties(helper=False), {})

    def test_a_helper_that_is_killed_leaves_no_property(self):
        killed = self.work / "killed"
        killed.write_text("#!/bin/sh\necho ID_GVTG=1\nkill -9 $$\n")
        killed.chmod(0o755)
        script = f"mount --bind {killed} /usr/bin/vgt-balloon\nevent add >/dev/null"
        self.assertEqual(self.properties(script=script), {})

    def test_the_helper_goes_on_where_udevd_refuses_landlock(self):
        refuse = "-e trace=landlock_create_ruleset -e inject=landlock_create_ruleset:error=EPERM"
        self.assertIn("ID_GVTG=1", self.run_with(f"strace {refuse} vgt-balloon udev $address"))

    def test_the_helper_is_filtered_where_udevd_refuses_seccomp(self):
        refuse = "-e trace=seccomp,prctl -e inject=seccomp:error=EPERM"
        text = self.run_with(f"strace {refuse} vgt-balloon udev $address 2>&1")
        self.assertIn("ID_GVTG=1", text)
        self.assertRegex(text, r"(?m)^prctl\(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, .* = 0$")

    def test_the_helper_keeps_to_the_sandbox_of_udevd(self):
        allowed = sandbox()
        text = self.run_with("strace -f vgt-balloon udev $address 2>&1 >/dev/null")
        calls = set(re.findall(r"^(?:\[pid +\d+\] )?(\w+)\(", text, re.MULTILINE))
        self.assertIn("mmap", calls)
        # udevd answers these with EPERM; the helper goes on without Landlock, and
        # sets its filter in another way.
        confining = {call for call in calls if call.startswith(("landlock_", "seccomp"))}
        self.assertEqual(calls - allowed - confining, set())
        # MemoryDenyWriteExecute
        self.assertNotIn("PROT_EXEC", text)

    # --- Users without root

    def reports(self, config_size):
        """The reports of root and of a user, and what the user is told."""
        # Linux gives users the first 64 bytes of config space.
        text = self.run_with(f"""
            event add >/dev/null
            vgt-balloon --format json
            echo ---
            truncate -s {config_size} $function/config
            $user vgt-balloon --format json 2>&1""")
        root, user = text.split("---\n")
        message, _, user = user.partition("\n")
        return json.loads(root), json.loads(user), message

    def assert_same_report(self, config_size):
        root, user, message = self.reports(config_size)
        self.assertRegex(message, f"{self.address}.* udev .* root")
        self.assertEqual(user["verdict"], "ok")
        self.assertEqual(root["devices"][0].pop("backend"), "sysfs")
        self.assertEqual(user["devices"][0].pop("backend"), "udev")
        for report in root, user:
            # These name the backend, or cover its name.
            del report["devices"][0]["capture"]["lines"]
            del report["devices"][0]["capture"]["crc32"]
        self.assertEqual(user, root)

    def test_a_user_who_may_not_open_the_bar_gets_the_report_of_root(self):
        self.assert_same_report(config_size=256)

    def test_a_user_who_sees_64_bytes_of_config_space_gets_the_report_of_root(self):
        self.assert_same_report(config_size=64)

    def test_a_user_is_told_by_detect(self):
        text = self.run_with("event add >/dev/null\n$user vgt-balloon detect 2>/dev/null")
        self.assertEqual(text, "gvt-g\n")

    def test_a_user_without_the_properties_is_told_to_become_root(self):
        text = self.run_with("""
            event add >/dev/null
            rm $database
            $user vgt-balloon detect 2>&1 || echo $?""")
        self.assertIn("run vgt-balloon as root", text)
        self.assertTrue(text.endswith("\n3\n"))

    def test_a_user_is_not_told_what_was_changed(self):
        text = self.run_with("""
            event add >/dev/null
            sed -i '/CAPTURE_/s/0x00000004$/0x00000005/' $database
            $user vgt-balloon detect 2>&1 || echo $?""")
        self.assertIn("is not used: the capture is damaged: crc32 is", text)
        self.assertTrue(text.endswith("\n3\n"))

    def test_a_user_is_not_told_what_is_of_another_function(self):
        text = self.run_with("""
            event add >/dev/null
            echo 0x5912 >$function/device
            $user vgt-balloon detect 2>&1 || echo $?""")
        self.assertIn("is not used: its capture is of another function", text)
        self.assertTrue(text.endswith("\n3\n"))

    def test_a_user_is_told_the_driver_of_now(self):
        text = self.run_with("""
            event add >/dev/null
            ln -s ../../../bus/pci/drivers/i915 $function/driver
            $user vgt-balloon --format json 2>/dev/null""")
        self.assertEqual(json.loads(text)["devices"][0]["driver"], "i915")

    def test_a_user_who_wants_the_device_itself_gets_no_other(self):
        text = self.run_with(
            "event add >/dev/null\n$user vgt-balloon detect --backend sysfs 2>/dev/null || echo $?")
        self.assertEqual(text, "3\n")


def sandbox():
    """The system calls that udevd's service leaves to its children."""
    service = pathlib.Path("/lib/systemd/system/systemd-udevd.service")
    if not service.exists() or not shutil.which("systemd-analyze"):
        raise unittest.SkipTest("systemd is not installed")

    def members(name):
        if not name.startswith("@"):
            return {name}
        lines = run("systemd-analyze", "syscall-filter", name).splitlines()[1:]
        return set().union(*(members(line.strip()) for line in lines
                             if line.strip() and not line.strip().startswith("#")))

    allowed = set()
    for words in re.findall(r"^SystemCallFilter=(.*)$", service.read_text(), re.MULTILINE):
        calls = set().union(*map(members, words.removeprefix("~").split()))
        allowed = allowed - calls if words.startswith("~") else allowed | calls
    return allowed


def device_verdict(device):
    """As the report has it for all devices; here there is one."""
    failures = [finding for finding in device["findings"] if finding["severity"] == "failure"]
    return "failed" if failures else "ok"
