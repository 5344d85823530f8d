#include "vgt_pci.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pciaccess.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "vgt_session.h"

/* PCI Local Bus Specification 3.0, section 6.1. */
#define COMMAND 0x04
#define REVISION 0x08
/* GMCH graphics control of generation 6 and later: Linux 6.1
 * include/drm/i915_drm.h, SNB_GMCH_CTRL and BDW_GMCH_CTRL. */
#define GMCH_CONTROL 0x50

/* All that is wanted of config space. A user without root gets the first 64
 * bytes: Linux 6.1 drivers/pci/pci-sysfs.c, pci_read_config. */
#define WANTED_SIZE (GMCH_CONTROL + 2)

#define INTEL 0x8086
#define DISPLAY_CLASS 0x030000
#define BASE_CLASS_MASK 0xff0000

static struct {
    bool is_open;
    struct pci_device **displays;
    size_t count;
} session;

struct pci_device *vgt_session_display(size_t index)
{
    return session.displays[index];
}

static bool is_display(const struct pci_device *device)
{
    return (device->device_class & BASE_CLASS_MASK) == DISPLAY_CLASS;
}

/* libpciaccess parses what its buffer held before when a file of sysfs cannot
 * be read: vendor, device and class are read in this order. Such a function
 * may be a display that is hidden. The vendor can be anything then, which
 * why_no_display finds. */
static bool is_misread(const struct pci_device *device)
{
    return device->vendor_id == 0 ||
           (device->vendor_id == INTEL &&
            (device->device_id == INTEL || device->device_class == device->device_id));
}

/* Reads the beginning of a file of a function's as text, NUL-terminated.
 * Returns how many bytes, less than `size`, or below 0: -1 where it cannot be
 * opened, -2 where it cannot be read. */
static ssize_t read_text(const struct pci_device *device, const char *name, char *text, size_t size)
{
    char path[sizeof(VGT_SYSFS_DEVICES) + 32];
    ssize_t length;
    int file;

    snprintf(path, sizeof(path), VGT_SYSFS_DEVICES "/%04" PRIx32 ":%02x:%02x.%u/%s",
             device->domain, device->bus, device->dev, device->func, name);
    file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return -1;
    length = read(file, text, size - 1);
    close(file);
    if (length < 0)
        return -2;
    text[length] = '\0';
    return length;
}

/* Whether the vendor is another than sysfs says: that file could not be read
 * before, and something else was taken for it. */
static bool is_other_vendor(const struct pci_device *device)
{
    char text[8];
    ssize_t length = read_text(device, "vendor", text, sizeof(text));

    if (length == -1)
        return false; /* Config space was taken instead. */
    return length <= 0 || strtoul(text, NULL, 16) != device->vendor_id;
}

/* Why there may be a display that was not seen; 0 where there is none. */
static int why_no_display(void)
{
    struct pci_device_iterator *all = pci_slot_match_iterator_create(NULL);
    const struct pci_device *device;
    int error = 0;

    if (!all)
        return ENOMEM;
    while (!error && (device = pci_device_next(all))) {
        if (is_other_vendor(device))
            error = EIO;
    }
    pci_iterator_destroy(all);
    return error;
}

static int keep(struct pci_device *display)
{
    struct pci_device **grown = realloc(session.displays, (session.count + 1) * sizeof(*grown));

    if (!grown)
        return ENOMEM;
    session.displays = grown;
    session.displays[session.count++] = display;
    return 0;
}

/* libpciaccess takes a folder that it cannot list, or that is not there, for an
 * empty one. Returns 0 where it is empty. */
static int why_no_function(void)
{
    DIR *folder = opendir(VGT_SYSFS_DEVICES);
    const struct dirent *entry;
    int error;

    if (!folder)
        return errno;
    do {
        errno = 0;
        entry = readdir(folder);
    } while (entry && entry->d_name[0] == '.');
    error = entry ? EIO : errno;
    closedir(folder);
    return error;
}

static int collect_displays(void)
{
    struct pci_device_iterator *all = pci_slot_match_iterator_create(NULL);
    struct pci_device *device;
    int error = 0;
    size_t count = 0;

    if (!all)
        return ENOMEM;
    while (!error && (device = pci_device_next(all))) {
        count++;
        if (is_misread(device))
            error = EIO;
        else if (device->vendor_id == INTEL && is_display(device))
            error = keep(device);
    }
    pci_iterator_destroy(all);
    if (error || session.count > 0)
        return error;
    return count > 0 ? why_no_display() : why_no_function();
}

int vgt_pci_open(void)
{
    int error;

    if (session.is_open)
        return EBUSY;
    error = pci_system_init();
    if (error)
        return error;
    session.is_open = true;
    error = collect_displays();
    if (error)
        vgt_pci_close();
    return error;
}

void vgt_pci_close(void)
{
    if (!session.is_open)
        return;
    free(session.displays);
    session.displays = NULL;
    session.count = 0;
    session.is_open = false;
    pci_system_cleanup();
}

size_t vgt_pci_display_count(void)
{
    return session.count;
}

bool vgt_pci_display_is(
    size_t index, uint32_t domain, uint8_t bus, uint8_t device, uint8_t function)
{
    const struct pci_device *display = session.displays[index];

    return display->domain == domain && display->bus == bus && display->dev == device &&
           display->func == function;
}

/* How many of the first `size` bytes of config space could be read: libpciaccess
 * reports a read that ended early as a success. */
static pciaddr_t read_config(
    struct pci_device *device, uint8_t *bytes, pciaddr_t size, int *error)
{
    pciaddr_t count = 0;
    int failed = pci_device_cfg_read(device, bytes, 0, size, &count);

    if (failed && !*error)
        *error = failed;
    return failed ? 0 : count;
}

static uint16_t word16(const uint8_t *bytes)
{
    return (uint16_t)(bytes[0] | bytes[1] << 8);
}

static struct vgt_pci_bar memory_bar(const struct pci_mem_region *region)
{
    struct vgt_pci_bar bar = {0};

    if (!region->is_IO && region->base_addr != 0) {
        bar.address = region->base_addr;
        bar.size = region->size;
    }
    return bar;
}

struct vgt_pci_function vgt_pci_display(size_t index)
{
    struct pci_device *device = session.displays[index];
    struct vgt_pci_function function = {
        .domain = device->domain,
        .bus = device->bus,
        .device = device->dev,
        .function = device->func,
        .device_id = device->device_id,
        .revision = device->revision,
        .class_code = device->device_class,
    };
    uint8_t config[WANTED_SIZE];
    pciaddr_t count;

    /* Fills regions[]; of a device that is gone it leaves them empty. */
    function.error = pci_device_probe(device);
    if (function.error == 0) {
        function.bar0 = memory_bar(&device->regions[0]);
        function.bar2 = memory_bar(&device->regions[2]);
    }
    count = read_config(device, config, sizeof(config), &function.error);
    if (count > REVISION) {
        function.has_command = true;
        function.command = word16(config + COMMAND);
        function.revision = config[REVISION];
        function.is_gone = word16(config) == UINT16_MAX && word16(config + 2) == UINT16_MAX;
    }
    if (count == sizeof(config)) {
        function.has_gmch_control = true;
        function.gmch_control = word16(config + GMCH_CONTROL);
    }
    return function;
}

/* A line of sysfs's "resource": start, end and flags, each of 18 characters and
 * one after it. */
enum { FIELD = 19, LINE = 3 * FIELD };

static struct vgt_pci_region parse_region(const char *line)
{
    return (struct vgt_pci_region){
        .start = strtoull(line, NULL, 16),
        .flags = strtoull(line + 2 * FIELD, NULL, 16),
    };
}

struct vgt_pci_regions vgt_pci_kernel_regions(size_t index)
{
    struct vgt_pci_regions regions = {.are_known = false};
    char lines[3 * LINE + 1];

    if (read_text(session.displays[index], "resource", lines, sizeof(lines)) != 3 * LINE)
        return regions;
    regions.are_known = true;
    regions.bar0 = parse_region(lines);
    regions.bar2 = parse_region(lines + 2 * LINE);
    return regions;
}

bool vgt_pci_exists(uint32_t domain, uint8_t bus, uint8_t device, uint8_t function)
{
    return pci_device_find_by_slot(domain, bus, device, function) != NULL;
}

struct vgt_pci_other vgt_pci_other(size_t index)
{
    struct pci_device_iterator *all = pci_slot_match_iterator_create(NULL);
    struct vgt_pci_other other = {.is_there = false};
    const struct pci_device *device;

    while (all && !other.is_there && (device = pci_device_next(all))) {
        if (device->vendor_id == INTEL || !is_display(device) || index-- > 0)
            continue;
        other = (struct vgt_pci_other){
            .is_there = true,
            .domain = device->domain,
            .bus = device->bus,
            .device = device->dev,
            .function = device->func,
            .vendor_id = device->vendor_id,
            .device_id = device->device_id,
        };
    }
    if (all)
        pci_iterator_destroy(all);
    return other;
}
