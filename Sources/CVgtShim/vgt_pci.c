#include "vgt_pci.h"

#include <errno.h>
#include <pciaccess.h>
#include <stdlib.h>
#include <unistd.h>

#include "vgt_session.h"

/* PCI Local Bus Specification 3.0, section 6.1. */
#define COMMAND 0x04
/* GMCH graphics control of generation 6 and later: Linux 6.1
 * include/drm/i915_drm.h, SNB_GMCH_CTRL and BDW_GMCH_CTRL. */
#define GMCH_CONTROL 0x50

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

static int collect_displays(void)
{
    const struct pci_id_match match = {
        .vendor_id = INTEL,
        .device_id = PCI_MATCH_ANY,
        .subvendor_id = PCI_MATCH_ANY,
        .subdevice_id = PCI_MATCH_ANY,
        .device_class = DISPLAY_CLASS,
        .device_class_mask = BASE_CLASS_MASK,
    };
    struct pci_device_iterator *found = pci_id_match_iterator_create(&match);
    struct pci_device *device;

    if (!found)
        return ENOMEM;
    while ((device = pci_device_next(found))) {
        struct pci_device **grown =
            realloc(session.displays, (session.count + 1) * sizeof(*grown));

        if (!grown) {
            pci_iterator_destroy(found);
            return ENOMEM;
        }
        session.displays = grown;
        session.displays[session.count++] = device;
    }
    pci_iterator_destroy(found);
    return 0;
}

int vgt_pci_open(void)
{
    int error;

    if (session.is_open)
        return EBUSY;
    if (access(VGT_SYSFS_DEVICES, F_OK) != 0)
        return errno;
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

/* libpciaccess reports a read that ended early as a success. */
static bool read_config16(struct pci_device *device, pciaddr_t offset, uint16_t *value)
{
    uint8_t bytes[2];
    pciaddr_t count = 0;

    if (pci_device_cfg_read(device, bytes, offset, sizeof(bytes), &count) != 0)
        return false;
    if (count != sizeof(bytes))
        return false;
    *value = (uint16_t)(bytes[0] | bytes[1] << 8);
    return true;
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
    uint16_t low = 0, high = 0;

    /* Fills regions[]; of a device that is gone it leaves them empty. */
    if (pci_device_probe(device) == 0) {
        function.bar0 = memory_bar(&device->regions[0]);
        function.bar2 = memory_bar(&device->regions[2]);
    }
    function.has_command = read_config16(device, COMMAND, &function.command);
    function.has_gmch_control = read_config16(device, GMCH_CONTROL, &function.gmch_control);
    function.is_gone = read_config16(device, 0, &low) && read_config16(device, 2, &high) &&
                       low == UINT16_MAX && high == UINT16_MAX;
    return function;
}

bool vgt_pci_exists(uint32_t domain, uint8_t bus, uint8_t device, uint8_t function)
{
    return pci_device_find_by_slot(domain, bus, device, function) != NULL;
}
