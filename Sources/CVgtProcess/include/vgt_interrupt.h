/// What Ctrl-C and its like do: a question that a long loop asks, and a file
/// that must not be left behind.
#ifndef VGT_INTERRUPT_H
#define VGT_INTERRUPT_H

#include <stdbool.h>

#pragma clang assume_nonnull begin

/// From here on the first SIGINT or SIGTERM is only noted; the next one ends
/// the process as usual.
void vgt_interrupt_note(void);

/// Whether one was noted.
bool vgt_interrupt_noted(void);

/// From here on a SIGINT, SIGTERM, SIGHUP or SIGQUIT that ends the process
/// removes a file first.
///
/// - path: copied; one that is longer than PATH_MAX is not seen to.
void vgt_interrupt_remove(const char *path);

/// The file is no longer removed.
void vgt_interrupt_keep(void);

#pragma clang assume_nonnull end

#endif
