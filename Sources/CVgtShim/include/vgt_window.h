/// A read-only mapping of part of BAR0, and aligned loads from it.
#ifndef VGT_WINDOW_H
#define VGT_WINDOW_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// A mapping. Opaque; owned by whoever mapped it.
struct vgt_window;

/// Where mapping stopped.
enum vgt_step {
    VGT_STEP_DONE,
    /// Opening resource0 or /dev/mem.
    VGT_STEP_OPEN,
    /// resource0 ends before the window (errno is ERANGE).
    VGT_STEP_SIZE,
    VGT_STEP_MAP,
};

struct vgt_mapping {
    /// NULL when mapping failed.
    struct vgt_window *_Nullable window;
    enum vgt_step step;
    /// errno of the failed step.
    int error;
};

/// Maps `size` bytes at `offset` of BAR0 of the display function `index`
/// through its resource0: libpciaccess, read-only.
///
/// - offset, size: bytes, multiples of 4096.
struct vgt_mapping vgt_window_map_sysfs(size_t index, uint32_t offset, uint32_t size);

/// Maps `size` bytes at `offset` of a BAR0 at physical `address` through
/// /dev/mem, read-only.
struct vgt_mapping vgt_window_map_devmem(uint64_t address, uint32_t offset, uint32_t size);

void vgt_window_unmap(struct vgt_window *window);

struct vgt_loaded {
    uint64_t value;
    /// 0; ERANGE outside the window or not aligned; EFAULT when the device
    /// went away (SIGBUS).
    int error;
};

/// One 32-bit load at `offset` bytes of BAR0.
struct vgt_loaded vgt_window_load32(const struct vgt_window *window, uint32_t offset);

/// One 64-bit load at `offset` bytes of BAR0.
struct vgt_loaded vgt_window_load64(const struct vgt_window *window, uint32_t offset);

/// Loads on end that gave the same.
struct vgt_load_run {
    uint64_t value;
    /// How many, one or more.
    uint32_t count;
};

struct vgt_load_runs {
    uint32_t count;
    /// As of one load.
    int error;
};

/// `count` 64-bit loads, one after the other, from `offset` on, one or more.
///
/// - runs: Room for `count`. What the loads gave, in order; equal ones are
///   put together, since a store for each would take as long as the loads.
///   After an error it holds nothing of use.
struct vgt_load_runs vgt_window_load64_runs(
    const struct vgt_window *window, uint32_t offset, uint32_t count, struct vgt_load_run *runs);

#pragma clang assume_nonnull end

#endif
