/* What the files of this module share; not seen by Swift. */
#ifndef VGT_SESSION_H
#define VGT_SESSION_H

#include <stddef.h>

/* The folder that libpciaccess has compiled in. */
#define VGT_SYSFS_DEVICES "/sys/bus/pci/devices"

struct pci_device;

/* The probed display function at `index`. */
struct pci_device *vgt_session_display(size_t index);

#endif
