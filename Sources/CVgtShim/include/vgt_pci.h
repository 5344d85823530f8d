/// Discovery of Intel display functions through libpciaccess.
///
/// libpciaccess keeps one global session and leaks the first when initialised
/// twice, so there is one session here, opened and closed explicitly.
#ifndef VGT_PCI_H
#define VGT_PCI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// A memory BAR. `size` is 0 when the BAR has no address: libpciaccess does
/// not tell an absent BAR from an unassigned one.
struct vgt_pci_bar {
    uint64_t address;
    uint64_t size;
};

/// A copy of what is needed of one function.
struct vgt_pci_function {
    uint32_t domain;
    uint8_t bus;
    uint8_t device;
    uint8_t function;
    uint16_t device_id;
    uint8_t revision;
    /// Base class, subclass, interface: 24 bits.
    uint32_t class_code;
    /// Set when the 16 bits at 0x04 of config space could be read.
    bool has_command;
    uint16_t command;
    /// Set when the 16 bits at 0x50 could be read. A user without root gets
    /// the first 64 bytes only, and libpciaccess calls that a success.
    bool has_gmch_control;
    uint16_t gmch_control;
    /// Set when the first 32 bits of config space answer all ones.
    bool is_gone;
    /// 0, or the errno value of a read of config space or of the BARs that
    /// failed; a read that ended early is no failure.
    int error;
    struct vgt_pci_bar bar0;
    struct vgt_pci_bar bar2;
};

/// Scans the bus. Returns 0 or an errno value.
///
/// - EBUSY: a session is open already.
/// - ENOENT: sysfs has no PCI tree; libpciaccess would call it an empty bus.
/// - EIO: the functions, or one of them, could not be read.
int vgt_pci_open(void);

/// Ends the session. No window of it may be mapped any more.
void vgt_pci_close(void);

/// How many functions are of vendor 0x8086 and class 0x03xxxx.
size_t vgt_pci_display_count(void);

/// Whether the function at `index` has this address. Reads nothing of it.
bool vgt_pci_display_is(
    size_t index, uint32_t domain, uint8_t bus, uint8_t device, uint8_t function);

/// The function at `index`, below `vgt_pci_display_count()`.
struct vgt_pci_function vgt_pci_display(size_t index);

/// A BAR as the kernel has it.
struct vgt_pci_region {
    uint64_t start;
    /// Linux 6.1 include/linux/ioport.h, IORESOURCE_*; libpciaccess keeps no
    /// copy of them.
    uint64_t flags;
};

/// BAR0 and BAR2 as the kernel has them.
struct vgt_pci_regions {
    /// Whether sysfs tells.
    bool are_known;
    struct vgt_pci_region bar0;
    struct vgt_pci_region bar2;
};

/// Those of the function at `index`, read anew.
struct vgt_pci_regions vgt_pci_kernel_regions(size_t index);

/// A display function of another vendor, as the scan saw it.
struct vgt_pci_other {
    /// Whether there is one.
    bool is_there;
    uint32_t domain;
    uint8_t bus;
    uint8_t device;
    uint8_t function;
    uint16_t vendor_id;
    uint16_t device_id;
};

/// The function at `index` among those of class 0x03xxxx and of another vendor
/// than 0x8086. Reads nothing of it.
struct vgt_pci_other vgt_pci_other(size_t index);

/// Whether any function, of any vendor and class, has this address.
bool vgt_pci_exists(uint32_t domain, uint8_t bus, uint8_t device, uint8_t function);

#pragma clang assume_nonnull end

#endif
