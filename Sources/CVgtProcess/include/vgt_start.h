/// What a process sees to before it opens, reads or prints anything.
#ifndef VGT_START_H
#define VGT_START_H

#include <stdbool.h>

#pragma clang assume_nonnull begin

/// Lets a write to a closed pipe or past the limit of a file's size fail (EPIPE,
/// EFBIG) instead of ending the process.
///
/// Two things happen by themselves, before main. Descriptors 0 to 2 are taken:
/// one that was closed stays one that can neither be read nor written (EBADF);
/// the next file that is opened, a device among them, would otherwise get what
/// is meant for standard output or standard error. And a process whose limits
/// leave too little stack or address space ends with a line that says so.
void vgt_process_start(void);

/// Takes them again, after one was closed.
void vgt_take_standard_descriptors(void);

/// The exit status where the process cannot even start.
enum { VGT_STATUS_CANNOT_TELL = 3 };

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
