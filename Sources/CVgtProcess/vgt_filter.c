#include "vgt_confine.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A short program of our own, a constant: libseccomp makes one at run time.
 * How the instructions work: Linux 6.1
 * Documentation/userspace-api/seccomp_filter.rst. */

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define LOAD(field)                                                                                \
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offsetof(struct seccomp_data, field))
#define RETURN(action) BPF_STMT(BPF_RET | BPF_K, (action))
#define REFUSE (SECCOMP_RET_ERRNO | EPERM)
/* What follows, so many instructions, is for `value` alone. */
#define FOR(value, instructions) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), 0, (instructions))
#define ALLOW(call) FOR(SYS_##call, 1), RETURN(SECCOMP_RET_ALLOW)
/* Memory, but none that can be run. */
#define ALLOW_DATA(call)                                                                           \
    FOR(SYS_##call, 4), LOAD(args[2]), BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 0, 1),      \
        RETURN(REFUSE), RETURN(SECCOMP_RET_ALLOW)

/* Of the process alone that the first argument names. */
#define ALLOW_FOR(call, process)                                                                   \
    FOR(SYS_##call, 4), LOAD(args[0]), FOR((uint32_t)(process), 1), RETURN(SECCOMP_RET_ALLOW),      \
        RETURN(REFUSE)

/* Linux 6.1 include/uapi/drm/drm.h, DRM_IOCTL_BASE. */
#define DRM_LETTER 'd'

static const struct sock_filter working[] = {
    LOAD(arch),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0),
    RETURN(REFUSE),
    /* The numbers of x32 have bit 30 set, so they are none of these. */
    LOAD(nr),
    ALLOW(read),
    ALLOW(write),
    ALLOW(writev),
    ALLOW(close),
    ALLOW(lseek),
    ALLOW(fstat),
    ALLOW(newfstatat),
    ALLOW(poll),
    ALLOW_DATA(mmap),
    ALLOW_DATA(mprotect),
    ALLOW(munmap),
    ALLOW(mremap),
    ALLOW(madvise),
    ALLOW(brk),
    ALLOW(futex),
    ALLOW(clock_gettime),
    ALLOW(getrandom),
    /* Signals, the program that reads the journal, and the end. */
    ALLOW(rt_sigaction),
    ALLOW(rt_sigprocmask),
    ALLOW(rt_sigreturn),
    ALLOW(restart_syscall),
    ALLOW(getpid),
    ALLOW(gettid),
    ALLOW(wait4),
    ALLOW(clock_nanosleep),
    ALLOW(exit),
    ALLOW(exit_group),
    /* What a terminal is like, but not TIOCSTI, which types into it; and what
     * the driver is asked. */
    FOR(SYS_ioctl, 10),
    LOAD(args[1]),
    FOR(TCGETS, 1),
    RETURN(SECCOMP_RET_ALLOW),
    FOR(TIOCGWINSZ, 1),
    RETURN(SECCOMP_RET_ALLOW),
    BPF_STMT(BPF_ALU | BPF_RSH | BPF_K, _IOC_TYPESHIFT),
    BPF_STMT(BPF_ALU | BPF_AND | BPF_K, _IOC_TYPEMASK),
    FOR(DRM_LETTER, 1),
    RETURN(SECCOMP_RET_ALLOW),
    RETURN(REFUSE),
};

/* Gives the result its name. */
static const struct sock_filter naming[] = {ALLOW(linkat), ALLOW(renameat2), ALLOW(unlink)};

/* Writes the profile of a build that measures coverage. */
static const struct sock_filter profiling[] = {
    ALLOW(openat), ALLOW(fcntl), ALLOW(ftruncate), ALLOW(readlink), ALLOW(mkdir), ALLOW(fchmod),
};

static const struct sock_filter refusing[] = {RETURN(REFUSE)};

/* The program that reads the journal; 0 where none was started. */
static pid_t child;

void vgt_filter_keep_child(pid_t process)
{
    child = process;
}

/* Of the runtime that measures coverage; absent from every other build. */
extern const char *__llvm_profile_get_filename(void) __attribute__((weak));

/* Sanitizers make calls of their own. */
#define IS_SANITIZED (__has_feature(address_sanitizer) || __has_feature(thread_sanitizer))

static size_t append(struct sock_filter *program, size_t count, const struct sock_filter *part,
                     size_t length)
{
    memcpy(program + count, part, length * sizeof(*part));
    return count + length;
}

int vgt_filter_calls(bool names_files)
{
    /* abort(3), raise(3) */
    const struct sock_filter ending[] = {ALLOW_FOR(tgkill, getpid())};
    const struct sock_filter ending_child[] = {ALLOW_FOR(kill, child)};
    struct sock_filter filter[COUNT(working) + COUNT(ending) + COUNT(ending_child) +
                              COUNT(naming) + COUNT(profiling) + COUNT(refusing)];
    struct sock_fprog program = {.filter = filter};
    size_t count = append(filter, 0, working, COUNT(working));

    if (IS_SANITIZED)
        return 0;
    count = append(filter, count, ending, COUNT(ending));
    /* To 0 it would mean all of the group. */
    if (child > 0)
        count = append(filter, count, ending_child, COUNT(ending_child));
    if (names_files)
        count = append(filter, count, naming, COUNT(naming));
    if (__llvm_profile_get_filename)
        count = append(filter, count, profiling, COUNT(profiling));
    count = append(filter, count, refusing, COUNT(refusing));
    program.len = (unsigned short)count;
    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0u, &program) == 0)
        return 0;
    /* systemd-udevd refuses that to what it starts, but not this. */
    if (errno == EPERM && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0)
        return 0;
    /* Not built in; or valgrind, which knows only the second call, and would be
     * filtered itself. */
    return errno == ENOSYS || errno == EINVAL ? 0 : errno;
}
