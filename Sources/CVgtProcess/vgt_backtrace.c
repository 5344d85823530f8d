#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>

/* The Swift runtime's settings for backtraces, all zero: off.
 *
 * The static runtime has them in the object (Swift 6.3 stdlib/public/runtime/
 * Backtrace.cpp) whose initializer looks for a program `swift-backtrace` beside
 * the binary and installs handlers that run it when the process crashes: as
 * root, whoever put it there. What refers to that object finds these
 * definitions first, so the linker leaves it and its initializer out. Hidden,
 * since the shared runtime of the debug build keeps its own.
 *
 * The runtime reads it as `struct BacktraceSettings`, which is smaller. */
__attribute__((visibility("hidden"), used)) alignas(max_align_t) const char
    _swift_backtraceSettings[1024];

/* Only the backtracer asks; the runtime's start-up object (swiftrt.o) names it. */
__attribute__((visibility("hidden"), used)) bool _swift_backtrace_isThunkFunction(const char *name);

bool _swift_backtrace_isThunkFunction(const char *name)
{
    (void)name;
    return false;
}
