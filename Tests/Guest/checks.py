"""Judges what the suite recorded in the guest.

The truth is what the unmodified i915 driver printed and what its ioctls
answered; both are parsed here, by code that shares nothing with vgt-balloon,
and compared with the tool's JSON.
"""

import copy
import json
import re
from dataclasses import dataclass, field

FUNCTION = "0001:00:02.0"
MAGIC = 0x4776544776544776
STEPS = ("before", "bound", "unbound")

# The only loads that the tool may make: offset and width, in this order.
ACCESSES = [(0x78000, 64), (0x78008, 64), (0x78010, 32),
            (0x78040, 64), (0x78048, 64), (0x78050, 32)]

PLATFORMS = {0x1616: ("Broadwell", 8), 0x1912: ("Skylake", 9),
             0x5912: ("Kaby Lake", 9), 0x3E92: ("Coffee Lake", 9)}

OK, NO_VGPU, FAILED, UNREADABLE = 0, 1, 2, 3


# --- What came from the guest ------------------------------------------------


@dataclass
class Record:
    """One command: how it ended and what it wrote."""
    step: str
    status: int
    output: str
    errors: str

    @property
    def device(self):
        """The synthetic function in a JSON report."""
        devices = json.loads(self.output)["devices"]
        return next(d for d in devices if d["address"] == FUNCTION)


class Case(dict):
    """The records of a configuration or a scenario, by their steps."""

    def __init__(self, name):
        super().__init__()
        self.name = name


def read_cases(stream):
    """The cases in a binary stream of records, each as soon as it is whole."""
    case = None
    for name, record in read_records(stream):
        if case is not None and case.name != name:
            yield case
            case = None
        case = case or Case(name)
        # The loop has many answers of one step.
        step = record.step
        if step in case:
            step = f"{step} {len(case)}"
        case[step] = record
    if case is not None:
        yield case


def read_records(stream):
    """The (case name, record) pairs of a binary stream."""
    while header := stream.readline():
        word, case, step, status, out, err = header.decode().split()
        assert word == "record", f"not a record: {header!r}"
        output = stream.read(int(out)).decode(errors="replace")
        errors = stream.read(int(err)).decode(errors="replace")
        yield case, Record(step, int(status), output, errors)


# --- The driver, as it tells of itself ---------------------------------------


@dataclass
class Driver:
    """What i915 did with the function, by its log and its ioctls."""
    outcome: str
    ranges: list = field(default_factory=list)
    size: int = None
    available: int = None
    fences: int = None


RANGE = re.compile(r"balloon space: range \[ 0x([0-9a-f]+) - 0x([0-9a-f]+) \] (\d+) KiB")
REFUSALS = {
    "support for isolated ppGTT required": "refused-ppgtt",
    "support for HWSP emulation required": "refused-hwsp",
    "Invalid ballooning configuration!": "invalid",
}


def driver_of(case):
    """Reads the outcome off the log lines of the one probe in this case."""
    log = case["driver.log"].output
    lines = [line for line in log.splitlines() if FUNCTION in line]
    said = "\n".join(lines)
    driver = Driver("unbound" if case["driver"].status else "none")
    for text, outcome in REFUSALS.items():
        if text in said:
            driver.outcome = outcome
    if "VGT balloon successfully" in said:
        driver.ranges = [(int(a, 16), int(b, 16), int(kib)) for a, b, kib in RANGE.findall(said)]
        driver.outcome = f"ballooned {len(driver.ranges)}"
    if "gem" in case and case["gem"].status == 0:
        answers = dict(line.split() for line in case["gem"].output.splitlines())
        driver.size = int(answers["size"])
        driver.available = int(answers["available"])
        driver.fences = int(answers["fences"])
    return driver


# --- Checks ------------------------------------------------------------------


class Failure(AssertionError):
    """A check that does not hold, in words."""


def expect(actual, expected, what):
    if actual != expected:
        raise Failure(f"{what}: {actual!r}, expected {expected!r}")


def page_values(case):
    """The values that the module says it shows."""
    values = {}
    for line in case["parameters"].output.splitlines():
        path, _, value = line.partition(":")
        try:
            values[path.rsplit("/", 1)[1]] = int(value, 0)
        except ValueError:
            values[path.rsplit("/", 1)[1]] = value == "Y"
    return values


def bar_lines(case):
    """(start, size) of BAR 0 and BAR 2 as the kernel lists them."""
    bars = []
    for index in (0, 2):
        start, end, _ = (int(n, 16) for n in case["resource"].output.split("\n")[index].split())
        bars.append({"index": index, "address": start, "size": end - start + 1})
    return bars


def reports_of(case, steps=STEPS):
    """The (step, backend, record) of all reports of a configuration."""
    for step in steps:
        for backend in ("sysfs", "devmem"):
            if f"{step}.{backend}" in case:
                yield step, backend, case[f"{step}.{backend}"]


def readable(case, step):
    """Whether the page can be read then; binding turns memory decoding on."""
    values = page_values(case)
    if not values["bar0_assigned"]:
        return False
    return values["memory_decoding"] or step != "before"


def check_outcome(case, driver, wanted):
    """The configuration is the one its name promises."""
    expect(driver.outcome, wanted, "i915")


def check_page(case, driver, wanted):
    """The tool decodes what the module wrote, from six loads."""
    values = page_values(case)
    for step, backend, report in reports_of(case):
        if not readable(case, step):
            continue
        device = report.device
        page = device["vgt_if"]
        expect(device["backend"], backend, f"backend of {report.step}")
        expect(page["magic"], f"0x{values['magic']:016x}", f"magic in {report.step}")
        accesses = [(a["offset"], a["width"]) for a in device["capture"]["accesses"]]
        if values["magic"] != MAGIC:
            expect(accesses, ACCESSES[:1], f"accesses of {report.step}")
            continue
        expect(accesses, ACCESSES, f"accesses of {report.step}")
        shown = {
            "version_major": page["version_major"], "version_minor": page["version_minor"],
            "vgt_id": page["vgt_id"], "caps": page["caps"]["raw"],
            "mappable_base": page["mappable"]["base"],
            "mappable_size": page["mappable"]["size"],
            "unmappable_base": page["unmappable"]["base"],
            "unmappable_size": page["unmappable"]["size"],
            "fence_count": page["fence_count"],
        }
        expect(shown, {name: values[name] for name in shown}, f"page in {report.step}")


def check_same(case, driver, wanted):
    """Both backends read the same, before, while and after the driver is bound."""
    pages = {
        report.step: report.device["capture"]["accesses"]
        for step, _, report in reports_of(case) if readable(case, step)
    }
    for step, accesses in pages.items():
        expect(accesses, next(iter(pages.values())), f"accesses of {step}")


def check_function(case, driver, wanted):
    """What the function is: its ids, its BARs, and the GGTT that i915 found."""
    values = page_values(case)
    for step, _, report in reports_of(case):
        device = report.device
        expect(device["vendor_id"], 0x8086, f"vendor in {report.step}")
        expect(device["device_id"], values["device_id"], f"device id in {report.step}")
        expect(device["revision"], values["revision"], f"revision in {report.step}")
        expect((device["platform"], device["generation"]), PLATFORMS[values["device_id"]],
               f"platform in {report.step}")
        if values["bar0_assigned"]:
            expect(device["bars"], bar_lines(case), f"BARs in {report.step}")
        expect(device["driver"], "i915" if step == "bound" else None,
               f"driver in {report.step}")
        expect(device["ggtt"]["aperture"], values["aperture"] << 20,
               f"aperture in {report.step}")
        if driver.size is not None:
            expect(device["ggtt"]["total"], driver.size, f"GGTT in {report.step}")


def check_ranges(case, driver, wanted):
    """The reserved ranges are those that i915 printed, in its order."""
    for step, _, report in reports_of(case):
        if not readable(case, step):
            continue
        balloon = report.device["balloon"]
        if driver.outcome.startswith("ballooned"):
            expect(balloon["valid"], True, f"valid in {report.step}")
            ranges = [(r["start"], r["end"], r["size"] // 1024) for r in balloon["reserved"]]
            expect(ranges, driver.ranges, f"reserved in {report.step}")
        elif driver.outcome == "invalid":
            expect((balloon["valid"], balloon["reserved"]), (False, []),
                   f"balloon in {report.step}")
            expect(balloon["error"], INVALID[case.name], f"error in {report.step}")
        elif driver.outcome == "none":
            expect(balloon, None, f"balloon in {report.step}")


# The first of the driver's three tests that fails; it does not say which.
INVALID = {
    "past-aperture": "mappable-ends-past-aperture",
    "inside-aperture": "unmappable-starts-inside-aperture",
    "past-ggtt": "unmappable-ends-past-ggtt",
}


def check_verdict(case, driver, wanted):
    """The verdict is i915's, before it has loaded already."""
    verdicts = {"invalid": (FAILED, "failed", "present", "gvt-g"),
                "refused-ppgtt": (FAILED, "failed", "present", "gvt-g"),
                "refused-hwsp": (FAILED, "failed", "present", "gvt-g"),
                "none": (NO_VGPU, "no-vgpu", None, "none"),
                "unbound": (UNREADABLE, "unreadable", "unreadable", "")}
    for step, _, report in reports_of(case):
        outcome = driver.outcome if readable(case, step) else "unbound"
        status, verdict, presence, detected = verdicts.get(
            outcome, (OK, "ok", "present", "gvt-g"))
        expect(report.status, status, f"status of {report.step}")
        expect(json.loads(report.output)["verdict"], verdict, f"verdict of {report.step}")
        if outcome == "none":
            magic = page_values(case)["magic"] == MAGIC
            presence = "unsupported" if magic else "absent"
        expect(report.device["presence"], presence, f"presence in {report.step}")
        detect = case[f"{step}.detect"]
        expect((detect.output.strip(), detect.status),
               (detected, 0 if detected == "gvt-g" else status), f"{step}.detect")


def check_cause(case, driver, wanted):
    """Where the page cannot be read, the reason is told and nothing is mapped."""
    words = "BAR ?0|unassigned" if not page_values(case)["bar0_assigned"] else "decoding"
    for step, _, report in reports_of(case):
        if readable(case, step):
            continue
        if not re.search(words, report.errors):
            raise Failure(f"{report.step} does not name the cause: {report.errors!r}")
        expect(case[f"{report.step}.mappings"].output, "", f"mappings of {report.step}")


def check_mappings(case, driver, wanted):
    """One page is mapped, once, and not for writing."""
    for step, _, report in reports_of(case):
        if not readable(case, step):
            continue
        mappings = case[f"{report.step}.mappings"].output.splitlines()
        expect(len(mappings), 1, f"mappings of {report.step}")
        start, end, flags = (
            int(n, 16) for n in re.findall(r"(?:start|end|flags)=0x([0-9a-f]+)", mappings[0]))
        expect(end - start, 4096, f"mapped by {report.step}")
        expect(flags & VM_WRITE, 0, f"VM_WRITE in {report.step}")


VM_WRITE = 2


def check_ioctls(case, driver, wanted):
    """The usable aperture and the fences of i915's ioctls are the report's."""
    for _, _, report in reports_of(case):
        if not readable(case, report.step.partition(".")[0]):
            continue
        # What is available is the share, less what i915 has pinned of it.
        owned = report.device["balloon"]["owned_bytes"]
        if not 0 <= owned - driver.available <= PINNED_MAX:
            raise Failure(f"owned in {report.step}: {owned}; i915 has {driver.available}")
        expect(report.device["vgt_if"]["fence_count"], driver.fences,
               f"fences in {report.step}")


PINNED_MAX = 16 << 20


def check_agreement(case, driver, wanted):
    """The report finds that it agrees with the driver, where the driver ballooned."""
    for step, _, report in reports_of(case):
        ballooned = step == "bound" and driver.outcome.startswith("ballooned")
        word = "agrees" if ballooned else "absent"
        expect(report.device["driver_check"], dict.fromkeys(("log", "aperture", "fences"), word),
               f"driver_check in {report.step}")


def check_log(case, driver, wanted):
    """The tool leaves no warning in the kernel log, and the bed is sound."""
    for step in STEPS:
        if f"{step}.tool-log" in case:
            warnings = warnings_in(case[f"{step}.tool-log"].output)
            expect(warnings, [], f"kernel log while {step}")
    for name, record in case.items():
        if name.endswith("log") and re.search(OOPS, record.output):
            raise Failure(f"the kernel broke; see {name}")


OOPS = r"BUG: |Oops: |general protection fault|refcount_t: |KASAN"


def warnings_in(log):
    """The lines of level warning and worse."""
    return [line for line in log.splitlines()
            if (level := re.match(r"<(\d+)>", line)) and int(level[1]) & 7 <= 4]


def checks_for(case, driver):
    """The checks that have something to judge in this configuration."""
    yield from (check_outcome, check_function, check_verdict, check_agreement, check_log)
    readable_then = {readable(case, step) for step, _, _ in reports_of(case)}
    if True in readable_then:
        yield from (check_page, check_same, check_ranges, check_mappings)
    if False in readable_then:
        yield check_cause
    if driver.outcome.startswith("ballooned"):
        yield check_ioctls


# --- Scenarios ---------------------------------------------------------------


def check_user(case):
    """A normal user gets status 3 and the reason."""
    for backend in ("sysfs", "devmem"):
        report = case[f"user.{backend}"]
        expect(report.status, UNREADABLE, f"status with {backend}")
        expect(report.device["presence"], "unreadable", f"presence with {backend}")
        if not re.search("permission|root|privilege", report.errors, re.IGNORECASE):
            raise Failure(f"{backend} does not name the cause: {report.errors!r}")
    detect = case["user.detect"]
    expect((detect.status, detect.output), (UNREADABLE, ""), "detect")


def check_poke(case):
    """A page that changed after the driver had read it disagrees with the driver."""
    for step, source in (("fence_count", "fences"), ("mappable_base", "log"),
                         ("unmappable_size", "log")):
        report = case[step]
        expect(report.device["driver_check"][source], "disagrees", f"{source} after {step}")
        expect(report.status, FAILED, f"status after {step}")
    for step in ("agreeing", "restored"):
        expect(set(case[step].device["driver_check"].values()), {"agrees"}, step)
        expect(case[step].status, OK, f"status when {step}")


def check_loop(case):
    """While driver and function come and go, each answer is right."""
    answers = {"present": 0, "gone": 0, "changing": 0}
    wanted = [("below-unmappable", 0x10000000, 0xE7EF8000),
              ("above-unmappable", 0xFFEF8000, 0x100000000),
              ("below-mappable", 0, 0x31C7000), ("above-mappable", 0x71C7000, 0x10000000)]
    for step, report in case.items():
        if step == "log":
            continue
        before, after = step.split()[0].split("-")
        state = before.partition(".")[0] if before == after else "changing"
        answers[state] += 1
        allowed = {"present": {OK}, "gone": {NO_VGPU}, "changing": {OK, NO_VGPU, UNREADABLE}}
        if report.status not in allowed[state]:
            raise Failure(f"status {report.status} in {step}: {report.errors!r} {report.output}")
        if report.status == OK:
            ranges = [(r["slot"], r["start"], r["end"])
                      for r in report.device["balloon"]["reserved"]]
            expect(ranges, wanted, f"reserved in {step}")
            if "disagrees" in report.device["driver_check"].values():
                raise Failure(f"{step}: {report.device['driver_check']}")
    if min(answers.values()) == 0 or answers["present"] < 10:
        raise Failure(f"too few answers to judge: {answers}")


def check_loop_log(case):
    """Nothing breaks in the kernel meanwhile."""
    if broken := re.search(f".*(?:{OOPS}).*", case["log"].output):
        raise Failure(broken[0])


def check_lockdown(case):
    """Under lockdown both backends refuse, with the cause and the next step."""
    if "[integrity]" not in case["state"].output:
        raise Failure(f"the kernel is not locked down: {case['state'].output!r}")
    for backend in ("sysfs", "devmem"):
        report = case[backend]
        expect(report.status, UNREADABLE, f"status with {backend}")
        expect(report.device["presence"], "unreadable", f"presence with {backend}")
        if "lockdown" not in report.errors.lower():
            raise Failure(f"{backend} does not name the cause: {report.errors!r}")
    expect((case["detect"].status, case["detect"].output), (UNREADABLE, ""), "detect")


SCENARIOS = {"user": [check_user], "poke": [check_poke],
             "loop": [check_loop, check_loop_log], "lockdown": [check_lockdown]}


# --- Controls: each check fails when the thing it checks is broken -----------


def change_report(step, change):
    """A breakage: something else in a JSON report."""
    def breakage(case):
        report = json.loads(case[step].output)
        change(report, next(d for d in report["devices"] if d["address"] == FUNCTION))
        case[step].output = json.dumps(report)
    return breakage


def change_text(step, old, new):
    """A breakage: something else in what a program or the kernel wrote."""
    def breakage(case):
        assert old in case[step].output, f"{step} lacks {old}"
        case[step].output = case[step].output.replace(old, new, 1)
    return breakage


def move_end(report, device):
    device["balloon"]["reserved"][0]["end"] += 4096


def swap_ranges(report, device):
    reserved = device["balloon"]["reserved"]
    reserved[0], reserved[1] = reserved[1], reserved[0]


def drop_range(report, device):
    device["balloon"]["reserved"].pop()


def add_fence(report, device):
    device["vgt_if"]["fence_count"] += 1


def add_access(report, device):
    device["capture"]["accesses"].append(
        {"offset": 0x78054, "width": 32, "value": "0x00000000"})


def change_access(report, device):
    device["capture"]["accesses"][1]["value"] = "0x0000000200000001"


def halve_ggtt(report, device):
    device["ggtt"]["total"] //= 2


def fail_verdict(report, device):
    report["verdict"] = "failed"


def own_more(report, device):
    device["balloon"]["owned_bytes"] += 64 << 20


def disagree(report, device):
    device["driver_check"]["aperture"] = "disagrees"


# Each breaks one thing in the records of the configuration "middle".
CONTROLS = [
    (check_ranges, "an end moved by a page", change_report("bound.sysfs", move_end)),
    (check_ranges, "two ranges swapped", change_report("before.devmem", swap_ranges)),
    (check_ranges, "a range left out", change_report("unbound.sysfs", drop_range)),
    (check_ranges, "another range in the driver's log",
     change_text("driver.log", "0xffef8000 - 0x100000000", "0xffef8000 - 0xfffff000")),
    (check_outcome, "a driver that did not balloon",
     change_text("driver.log", "VGT balloon successfully", "VGT balloon fail")),
    (check_page, "a fence more", change_report("before.sysfs", add_fence)),
    (check_page, "a seventh load", change_report("bound.devmem", add_access)),
    (check_same, "another page by one backend", change_report("bound.devmem", change_access)),
    (check_function, "half the GGTT", change_report("before.sysfs", halve_ggtt)),
    (check_verdict, "another verdict", change_report("unbound.devmem", fail_verdict)),
    (check_verdict, "another answer of detect", change_text("bound.detect", "gvt-g", "none")),
    (check_ioctls, "a larger share than the driver has", change_report("bound.sysfs", own_more)),
    (check_agreement, "a disagreement reported", change_report("bound.sysfs", disagree)),
    (check_ioctls, "fewer fences by the ioctl", change_text("gem", "fences 4", "fences 3")),
    (check_mappings, "a writable mapping", change_text("bound.sysfs.mappings", "flags=0x",
                                                       "flags=0x2 was=0x")),
    (check_mappings, "no mapping", lambda case: setattr(
        case["before.sysfs.mappings"], "output", "")),
    (check_log, "a warning of the kernel", lambda case: setattr(
        case["before.tool-log"], "output", "<4>[    9.000000] vgt-balloon: bad\n")),
]


# --- Running them ------------------------------------------------------------


def attempt(check, *arguments):
    """Why a check does not hold, or None; records it cannot read count as that."""
    try:
        check(*arguments)
    except Failure as failure:
        return str(failure)
    except (LookupError, TypeError, ValueError, StopIteration) as error:
        return f"the records cannot be judged: {type(error).__name__}: {error}"
    return None


def judge(case, outcomes):
    """The (name, reason or None) of all checks of a case."""
    if case.name in SCENARIOS:
        for check in SCENARIOS[case.name]:
            yield check.__doc__, attempt(check, case)
        return
    driver = driver_of(case)
    wanted = outcomes[case.name]
    for check in checks_for(case, driver):
        yield check.__doc__, attempt(check, case, driver, wanted)
    if case.name == "middle":
        for check, what, breakage in CONTROLS:
            yield f"control: {what} is noticed", control(check, breakage, case, wanted)


def control(check, breakage, case, wanted):
    """Whether a check holds, and no longer once its object is broken."""
    if attempt(check, case, driver_of(case), wanted):
        return f"{check.__name__} fails already"
    broken = copy.deepcopy(case)
    breakage(broken)
    if not attempt(check, broken, driver_of(broken), wanted):
        return f"{check.__name__} still holds"
    return None
