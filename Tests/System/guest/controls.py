"""Controls: each check fails when the thing that it checks is broken.

Each control breaks one thing in the records of a case that is in order, as a
broken tool, driver or test bed would.
"""

import copy
import json

import checks
from records import device_of


def controls_of(case):
    """The (name, reason or None) of the controls of a case."""
    for name, check, what, breakage in CONTROLS:
        if name == case.name:
            yield f"control: {what} is noticed", control(check, breakage, case)


def control(check, breakage, case):
    """Why a check is not one that holds, and fails once its object is broken."""
    if checks.attempt(check, case):
        return f"{check.__name__} fails already"
    broken = copy.deepcopy(case)
    breakage(broken)
    if not checks.attempt(check, broken):
        return f"{check.__name__} still holds"
    return None


# --- Breakages ---------------------------------------------------------------


def value(step, path, new):
    """Another value in the device of a JSON report; the path has names and indices."""
    def breakage(case):
        report = case[step].report
        place = device_of(report)
        *way, last = path
        for key in way:
            place = place[key]
        assert place[last] != new, f"{path} is {new} already"
        place[last] = new
        case[step].output = json.dumps(report)
    return breakage


def without_last(step, path):
    """One element less in a list of a JSON report."""
    def breakage(case):
        place = case[step].device
        for key in path:
            place = place[key]
        value(step, path, place[:-1])(case)
    return breakage


def figure(step, name, new):
    """Another figure in an audit of the GGTT."""
    def breakage(case):
        audit = case[step].report
        assert audit[name] != new
        case[step].output = json.dumps({**audit, name: new})
    return breakage


def text(step, old, new):
    """Other words of a program or the kernel."""
    def breakage(case):
        assert old in case[step].output, f"{step} lacks {old}"
        case[step].output = case[step].output.replace(old, new, 1)
    return breakage


def record(step, **fields):
    """Another status, output or error of a command."""
    def breakage(case):
        for name, new in fields.items():
            assert getattr(case[step], name) != new
            setattr(case[step], name, new)
    return breakage


def answer(state, breakage_of):
    """A breakage of the first answer that the loop got wholly in a state."""
    def breakage(case):
        for step in case:
            begun, _, given = step.split()[0].partition("-")
            if begun == given and begun.startswith(state):
                breakage_of(step)(case)
                return
    return breakage


def mapping(length, protection):
    """A mapping as the kernel's trace tells it."""
    return (f" vgt-balloon-9 [000] ..... 9.000000: sys_mmap(addr: 0, len: {length:x},"
            f" prot: {protection:x}, flags: 1, fd: 5, off: 78000)\n")


WRITABLE = mapping(4096, 3)


def more(step, line):
    """One line more in front of an output."""
    def breakage(case):
        case[step].output = line + case[step].output
    return breakage


STORE = "page write 4 at 0x78804 = 0x1\n"

CONTROLS = [
    ("middle", checks.check_outcome, "a driver that did not balloon",
     text("driver.log", "VGT balloon successfully", "VGT balloon fail")),
    ("middle", checks.check_function, "half the GGTT",
     value("before.sysfs", ["ggtt", "total"], 1 << 31)),
    ("middle", checks.check_function, "another BAR",
     value("bound.sysfs", ["bars", 1, "size"], 128 << 20)),
    ("middle", checks.check_page, "a fence more",
     value("before.sysfs", ["vgt_if", "fence_count"], 5)),
    ("middle", checks.check_page, "a load of another width",
     value("bound.devmem", ["capture", "accesses", 2, "width"], 64)),
    ("wrong-magic", checks.check_page, "a load after a wrong magic",
     value("before.sysfs", ["capture", "accesses"], [{"offset": 0x78000, "width": 64},
                                                     {"offset": 0x78008, "width": 64}])),
    ("middle", checks.check_same_page, "another page through one backend",
     value("bound.devmem", ["capture", "accesses", 1, "value"], "0x0000000200000001")),
    ("middle", checks.check_mappings, "a writable mapping",
     record("bound.sysfs.mappings", output=WRITABLE)),
    ("middle", checks.check_mappings, "the lack of a mapping",
     record("before.devmem.mappings", output="")),
    ("middle", checks.check_mappings, "two pages",
     record("before.devmem.mappings", output=mapping(8192, 1))),
    ("middle", checks.check_trace, "a store", more("bound.sysfs.trace", STORE)),
    ("middle", checks.check_trace, "a load too many",
     more("unbound.sysfs.trace", "page read 4 at 0x78804\n")),
    ("middle", checks.check_trace, "a load of another register",
     text("before.sysfs.trace", "registers 0/0", "registers 1/0")),
    ("middle", checks.check_trace, "a load too few",
     text("before.devmem.trace", "page read 4 at 0x78050\n", "")),
    ("middle", checks.check_trace, "another width",
     text("before.devmem.trace", "page read 4 at 0x78010\n", "page read 8 at 0x78010\n")),
    ("middle", checks.check_trace, "another order",
     text("before.devmem.trace", "page read 4 at 0x78010\npage read 8 at 0x78040\n",
          "page read 8 at 0x78040\npage read 4 at 0x78010\n")),
    ("middle", checks.check_ranges, "an end moved by a page",
     value("bound.sysfs", ["balloon", "reserved", 0, "end"], 0xE7EF9000)),
    ("middle", checks.check_ranges, "a range left out",
     without_last("unbound.sysfs", ["balloon", "reserved"])),
    ("middle", checks.check_ranges, "another range in the driver's log",
     text("driver.log", "0xffef8000 - 0x100000000", "0xffef8000 - 0xfffff000")),
    ("past-ggtt", checks.check_ranges, "another of the driver's three tests",
     value("before.devmem", ["balloon", "error"], "mappable-ends-past-aperture")),
    ("version-0.0", checks.check_ranges, "a balloon where there is none",
     value("before.sysfs", ["balloon"], {"valid": True, "reserved": []})),
    ("middle", checks.check_verdict, "another status",
     record("unbound.devmem", status=2)),
    ("middle", checks.check_verdict, "another answer of detect",
     text("bound.detect", "gvt-g", "none")),
    ("no-caps", checks.check_verdict, "a refused vGPU that is called sound",
     record("before.sysfs", status=0)),
    ("wrong-magic", checks.check_verdict, "a vGPU where there is none",
     value("unbound.sysfs", ["presence"], "present")),
    ("no-hwsp", checks.check_prediction, "a refusal that is not foreseen",
     value("before.sysfs", ["findings"], [])),
    ("middle", checks.check_words, "other words of the driver",
     text("driver.log", "VGT balloon successfully", "VGT balloon fail")),
    ("middle", checks.check_agreement, "a disagreement",
     value("bound.sysfs", ["driver_check", "aperture"], "disagrees")),
    ("middle", checks.check_ioctls, "a larger share than the driver has",
     value("bound.sysfs", ["balloon", "owned_bytes"], 512 << 20)),
    ("middle", checks.check_ioctls, "fewer fences by the ioctl",
     text("gem", "fences 4", "fences 3")),
    ("middle", checks.check_entries, "an entry that is not seen", figure("ggtt", "runs", [])),
    ("middle", checks.check_entries, "an entry that is counted outside the shares",
     figure("ggtt", "present_reserved", 1)),
    ("middle", checks.check_entries, "an entry that i915 wrote outside the shares",
     record("entries", output="0 1003\n")),
    ("middle", checks.check_entries, "a driver that wrote none", record("entries", output="")),
    ("middle", checks.check_entries_trace, "a store", more("ggtt.trace", STORE)),
    ("middle", checks.check_entries_trace, "another end",
     text("ggtt.trace", "ggtt read 8 at 0x", "ggtt read 8 at 0x1")),
    ("middle", checks.check_entries_mapping, "a writable mapping", more("ggtt.mappings", WRITABLE)),
    ("middle", checks.check_entries_mapping, "more than the entries",
     more("ggtt.mappings", mapping(1 << 20, 1))),
    ("wrong-magic", checks.check_no_entries, "entries read without a vGPU",
     more("ggtt.trace", "ggtt read 8 at 0x800000\n")),
    ("entries", checks.check_strange_entries, "an all-ones entry that is overlooked",
     record("0x31d0", status=0)),
    ("middle", checks.check_log, "a warning in the kernel log",
     record("before.tool-log", output="<4>[    9.000000] vgt-balloon: oh\n")),
    ("middle", checks.check_log, "a kernel that breaks",
     record("end.log", output="<1>[    9.000000] BUG: kernel NULL pointer dereference\n")),
    ("memory-off", checks.check_cause, "a load of what does not decode",
     more("before.sysfs.trace", "page read 8 at 0x78000\n")),
    ("memory-off", checks.check_cause, "a mapping of what does not decode",
     record("before.sysfs.mappings", output=mapping(4096, 1))),
    ("silence", checks.check_silence, "all ones that are called sound",
     record("all-ones", status=0)),
    ("silence", checks.check_silence, "a cause that is not named", record("asleep", errors="")),
    ("hotplug", checks.check_hotplug, "a vGPU that is seen after it was unplugged",
     record("unplugged", status=0)),
    ("bar0-unassigned", checks.check_cause, "a cause that is not named",
     record("before.devmem", errors="vgt-balloon: something failed\n")),
    ("user", checks.check_user, "a page read by a normal user", record("devmem", status=0)),
    ("user", checks.check_user, "a reason that is not told", record("sysfs", errors="")),
    ("poke", checks.check_poke, "agreement with a page that changed",
     value("mappable_base", ["driver_check", "log"], "agrees")),
    ("loop", checks.check_loop, "one wrong range in one answer",
     answer("present", lambda step: value(step, ["balloon", "reserved", 3, "start"], 0))),
    ("loop", checks.check_loop, "a vGPU that is seen after its removal",
     answer("gone", lambda step: record(step, status=0))),
    ("loop", checks.check_loop, "a crash",
     answer("present", lambda step: record(step, status=139))),
    ("loop", checks.check_loop_log, "a kernel that breaks",
     record("log", output="<1>[    9.000000] Oops: 0000 [#1] PREEMPT SMP\n")),
    ("lockdown", checks.check_lockdown, "a kernel that is not locked down",
     record("state", output="[none] integrity confidentiality\n")),
    ("lockdown", checks.check_lockdown, "a cause that is not named",
     record("devmem", errors="vgt-balloon: Operation not permitted\n")),
]
