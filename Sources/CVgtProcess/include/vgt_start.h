/// What a process sees to before it opens, reads or prints anything.
#ifndef VGT_START_H
#define VGT_START_H

#include <stdbool.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// Makes descriptors 0 to 2 taken, and lets a write to a closed pipe or past
/// the limit of a file's size fail (EPIPE, EFBIG) instead of ending the
/// process.
///
/// A descriptor that was closed stays one that can neither be read nor written
/// (EBADF): without this the next file that is opened, a device among them,
/// would get what is meant for standard output or standard error.
void vgt_process_start(void);

/// Bytes of a limit of setrlimit(2), UINT64_MAX where there is none.
struct vgt_limits {
    uint64_t address_space;
    uint64_t data;
    uint64_t stack;
};

struct vgt_limits vgt_process_limits(void);

/// Lets this process open as many files as it may at all: the hard limit.
void vgt_raise_descriptor_limit(void);

/// Renames a file to a name that must not be taken; as rename(2) returns.
int vgt_rename_new(const char *from, const char *to);

/// Columns of the terminal behind a descriptor; 0 where it does not tell.
unsigned vgt_terminal_columns(int descriptor);

/// Waits until a non-blocking descriptor can be written, or read.
void vgt_wait_ready(int descriptor, bool for_writing);

#pragma clang assume_nonnull end

#endif
