/// Ctrl-C as a question that a long loop asks.
#ifndef VGT_INTERRUPT_H
#define VGT_INTERRUPT_H

#include <stdbool.h>

/// From here on the first SIGINT or SIGTERM is only noted; the next one ends
/// the process as usual.
void vgt_interrupt_note(void);

/// Whether one was noted.
bool vgt_interrupt_noted(void);

#endif
