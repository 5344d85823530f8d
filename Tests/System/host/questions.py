"""What must hold between a real GVT-g host and vgt-balloon.

A check takes what the host answered and raises Failure. The answers are plain
values, so controls.py can break one thing in them and see the check fail.
"""

import copy
import json
from dataclasses import dataclass, field

import pages
from machine.host import OFFERED


class Failure(AssertionError):
    """A check that does not hold, in words."""


def expect(actual, expected, what):
    if actual != expected:
        raise Failure(f"{what}: {actual!r}, expected {expected!r}")


OK, NO_VGPU = 0, 1

@dataclass
class Filling:
    """The host's answers while vGPUs of a type were created until it refused one."""
    type: str
    available: list  # available_instances of the type before each creation, and at the refusal
    refusal: str  # what the kernel logged then
    vgpus: list
    reports: list = field(default_factory=list)  # (status, JSON text) of each


@dataclass
class State:
    """Some vGPUs, what the host says that it has left, and what it really created."""
    name: str
    vgpus: list
    available: dict
    created: dict
    reports: list
    refusals: dict  # what the kernel logged, by type
    view: dict = None


# --- Capacity ----------------------------------------------------------------


def check_offer(size, offered):
    """the empty host offers what its table says"""
    expect(offered, OFFERED[size], "available_instances")


def check_filling(filling):
    """as many vGPUs are created as available_instances said, one less each time"""
    count = filling.available[0]
    expect(filling.available, list(range(count, -1, -1)), f"available_instances of {filling.type}")
    expect(len(filling.vgpus), count, f"{filling.type} created")


def check_pages(filling):
    """each page that the host wrote is a sound vGPU of its type, with the shares as written"""
    for vgpu, (status, text) in zip(filling.vgpus, filling.reports, strict=True):
        expect(status, OK, f"status of {vgpu}")
        device = json.loads(text)["devices"][0]
        page = device["vgt_if"]
        shown = ("i915-" + str(device["vgpu_type"]), page["vgt_id"],
                 [(page[name]["base"], page[name]["base"] + page[name]["size"])
                  for name in ("mappable", "unmappable")], page["fence_count"])
        expect(shown, (vgpu.type, vgpu.id, vgpu.shares, 4), f"page of {vgpu}")
        check_outside(device["balloon"]["reserved"], vgpu, device["ggtt"])


def check_outside(reserved, vgpu, ggtt):
    """That what is reserved and the shares make up the whole GGTT."""
    pieces = sorted([(r["start"], r["end"]) for r in reserved] + vgpu.shares)
    position = 0
    for start, end in pieces:
        expect(start, position, f"start of a piece of {vgpu}")
        position = end
    expect(position, ggtt["total"], f"end of the last piece of {vgpu}")


def check_ids(filling):
    """the vGPUs' ids are 1 and up, and no share overlaps another"""
    expect([vgpu.id for vgpu in filling.vgpus], list(range(1, len(filling.vgpus) + 1)), "ids")
    check_apart(filling.vgpus)


def check_apart(vgpus):
    shares = sorted(share for vgpu in vgpus for share in vgpu.shares)
    for one, other in zip(shares, shares[1:]):
        if one[1] > other[0]:
            raise Failure(f"{one} overlaps {other}")


def check_view(state):
    """`host` allows as many by accounting as the host says, and never fewer than it creates"""
    fits = {fit["type"][-1]: fit for fit in state.view["fits"]}
    for name, available in state.available.items():
        expect(fits[name]["accounting"], available, f"accounting of {name} in {state.name}")
        bound = min(fits[name]["accounting"], fits[name]["contiguous"])
        if state.created[name] > bound:
            raise Failure(f"{state.created[name]} of {name} created in {state.name},"
                          f" at most {bound} expected: {fits[name]}")
    expect(state.view["overlaps"], [], f"overlaps in {state.name}")


def check_fragments(state):
    """where accounting allows one more and no hole is large enough, `host` says so"""
    fits = {fit["type"][-1]: fit for fit in state.view["fits"]}["4"]
    expect((state.available["4"], state.created["4"]), (1, 0), "the host's 4")
    expect((fits["accounting"], fits["contiguous"]), (1, 0), "`host`'s 4")


# --- Refusals ----------------------------------------------------------------


@dataclass
class Told:
    """Lines of the host's kernel log, and what `log` makes of them."""
    text: str
    status: int
    view: dict

    @property
    def kinds(self):
        return [message["kind"] for message in self.view.get("host_messages", [])]


def check_accounting_told(told):
    """a refusal by accounting is told as one, with the request, and as a host's log"""
    expect((told.status, told.view["boots"]), (NO_VGPU, []), "log")
    for kind in ("resource-exhausted", "resource-request", "create-failed"):
        if kind not in told.kinds:
            raise Failure(f"no {kind} in {told.kinds} of {told.text}")


def check_fragments_told(told):
    """a refusal for want of one hole is told as another kind"""
    for kind in ("no-contiguous-space", "create-failed"):
        if kind not in told.kinds:
            raise Failure(f"no {kind} in {told.kinds} of {told.text}")
    if "resource-exhausted" in told.kinds:
        raise Failure(f"accounting in {told.kinds}")


def check_reads_told(told):
    """reads of a wrong width are logged by the host, and told as accesses of the page"""
    expect(told.kinds.count("pvinfo-access"), len(WRONG_READS), "accesses of the page told")


# Offsets and widths in bytes that a host complains of, once each.
WRONG_READS = [(0x7800E, 2), (0x78010, 8), (0x78014, 4), (0x78050, 8), (0x78804, 4)]


# --- The host itself ---------------------------------------------------------


def check_host_itself(answer):
    """on the host itself there is no vGPU, and only the magic is looked for"""
    expect((answer["status"], answer["detect"]), (NO_VGPU, "none"), "the tool on the host")
    loads = [line for line in answer["trace"] if not line.startswith("total")
             and line.startswith("page")]
    # i915 reads and writes nothing there: it is not hardware's.
    expect(loads, ["page read 8 at 0x78000"] * answer["runs"], "what the device saw")


# --- Nested guests -----------------------------------------------------------

SIX_LOADS = [(0x000, 8), (0x008, 8), (0x010, 4), (0x040, 8), (0x048, 8), (0x050, 4)]
# i915 6.1's own: intel_vgpu_detect, the fences, and the balloon.
DRIVER_FIRST = (0x000, 8)


@dataclass
class Nested:
    """A nested guest: its records, the vGPU that it was given, and what KVM and the host saw."""
    vgpu: object
    records: dict
    driver: object
    exits: list  # (offset in the page, bytes) of each read of the page, in order
    host_log: str


def check_nested_before(nested):
    """before i915 the report has the host's page: verdict, type, id and shares"""
    record = nested.records["before.sysfs"]
    check_pages(Filling(nested.vgpu.type, [], "", [nested.vgpu], [(record.status, record.output)]))
    expect(nested.records["detect"].output.strip(), "gvt-g", "detect")


def check_nested_driver(nested):
    """i915 balloons on the real page as the report said before, and agrees thrice after"""
    if not nested.driver.ballooned:
        raise Failure(f"i915: {nested.driver}")
    for step in ("before.sysfs", "bound.sysfs"):
        device = json.loads(nested.records[step].output)["devices"][0]
        ranges = [(r["start"], r["end"], r["size"] // 1024) for r in device["balloon"]["reserved"]]
        expect(ranges, nested.driver.ranges, f"reserved in {step}")
    expect(device["driver_check"], dict.fromkeys(("log", "aperture", "fences"), "agrees"),
           "driver_check")
    expect(nested.records["bound.sysfs"].status, OK, "status with i915")


def check_nested_exits(nested):
    """a report is exactly six exits of the machine, with these widths, in this order"""
    reads = nested.exits
    expect(reads[:18], SIX_LOADS * 3, "reads of report, report and detect")
    expect(reads[18:19], [DRIVER_FIRST], "the next read, i915's")
    expect(reads[-12:], SIX_LOADS * 2, "reads of the last report and ggtt")


def check_nested_entries(nested):
    """entries that i915 wrote are seen through the real host, all of them in the share"""
    record = nested.records["ggtt"]
    audit = json.loads(record.output)
    expect((record.status, audit["complete"], audit["present_reserved"], audit["all_ones"]),
           (OK, True, 0, 0), "ggtt")
    if not audit["present_owned"]:
        raise Failure("no entry present at the end of the share")


def check_nested_silence(nested):
    """the host's kernel log has no line of the guest's"""
    lines = [line for line in nested.host_log.splitlines() if "gvt" in line]
    expect(lines, [], "the host's log")


def check_nested_pair(pair):
    """`host` over the reports of two guests has their shares and no overlap"""
    status, view = pair["view"]
    expect(status, OK, "status of host")
    expect(view["overlaps"], [], "overlaps")
    shown = [[(g[n]["base"], g[n]["base"] + g[n]["size"]) for n in ("mappable", "unmappable")]
             for g in view["guests"]]
    expect(shown, [vgpu.shares for vgpu in pair["vgpus"]], "guests")
    for hole in view["holes"]:
        for vgpu in pair["vgpus"]:
            for start, end in vgpu.shares:
                if hole["start"] < end and start < hole["end"]:
                    raise Failure(f"the hole {hole} is {vgpu}'s")


# --- Running them ------------------------------------------------------------


def attempt(check, *answers):
    """Why a check does not hold, or None; answers it cannot read count as that."""
    try:
        check(*answers)
    except Failure as failure:
        return str(failure)
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        return f"cannot be judged: {type(error).__name__}: {error}"
    return None


def control(check, breakage, *answers):
    """Why a check that holds does not fail once its object is broken, or None."""
    if attempt(check, *answers):
        return f"{check.__name__} fails already"
    broken = copy.deepcopy(answers)
    breakage(broken[-1])
    return None if attempt(check, *broken) else f"{check.__name__} still holds"
