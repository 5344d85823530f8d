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

/* Short programs of our own: libseccomp would make them at run time. How the
 * instructions work: Linux 6.1 Documentation/userspace-api/seccomp_filter.rst.
 * The kernel compiles each program, and tries it on every number a call can have:
 * each instruction costs, and each comparison more. */

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define LOAD(field)                                                                                \
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offsetof(struct seccomp_data, field))
#define RETURN(action) BPF_STMT(BPF_RET | BPF_K, (action))
#define REFUSE (SECCOMP_RET_ERRNO | EPERM)
/* What follows, so many instructions, is for `value` alone. */
#define FOR(value, instructions) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), 0, (instructions))
/* Memory, but none that can be run. */
#define ALLOW_DATA(call)                                                                           \
    FOR((call), 4), LOAD(args[2]), BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 0, 1),      \
        RETURN(REFUSE), RETURN(SECCOMP_RET_ALLOW)

/* Of the process alone that the first argument names. */
#define ALLOW_FOR(call, process)                                                                   \
    FOR((call), 4), LOAD(args[0]), FOR((uint32_t)(process), 1), RETURN(SECCOMP_RET_ALLOW),      \
        RETURN(REFUSE)

/* Linux 6.1 include/uapi/drm/drm.h, DRM_IOCTL_BASE. */
#define DRM_LETTER 'd'

/* The call's number, which means something else to other kinds of program. Those
 * of x32 have bit 30 set. */
static const struct sock_filter number[] = {
    LOAD(arch),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0),
    RETURN(REFUSE),
    LOAD(nr),
};

/* Landlock could refuse it as well, since Linux 6.2: it would look at all folders
 * up to the root for every file that is opened, to read it, too. */
static const struct sock_filter truncating[] = {
    BPF_STMT(BPF_ALU | BPF_AND | BPF_K, ~(UINT32_C(1) << 30)),
    FOR(SYS_truncate, 1),
    RETURN(SECCOMP_RET_ERRNO | EACCES),
    RETURN(SECCOMP_RET_ALLOW),
};

/* Calls are looked for in two parts: most numbers are in the second, which is
 * shorter. */
#define FIRST_OF_MOST 64

static const uint16_t few[] = {
    SYS_read,
    SYS_write,
    SYS_writev,
    SYS_close,
    SYS_lseek,
    SYS_fstat,
    SYS_poll,
    SYS_munmap,
    SYS_mremap,
    SYS_madvise,
    SYS_brk,
    /* Signals, the program that reads the journal, and the end. */
    SYS_rt_sigaction,
    SYS_rt_sigprocmask,
    SYS_rt_sigreturn,
    SYS_getpid,
    SYS_wait4,
    SYS_exit,
};

static const uint16_t most[] = {
    SYS_newfstatat,
    SYS_futex,
    SYS_clock_gettime,
    SYS_clock_nanosleep,
    SYS_getrandom,
    SYS_restart_syscall,
    SYS_gettid,
    SYS_exit_group,
};

/* Gives the result its name; among most. */
static const uint16_t naming[] = {SYS_linkat, SYS_renameat2, SYS_unlink};

/* Writes the profile of a build that measures coverage; among most. */
static const uint16_t profiling[] = {SYS_openat,   SYS_fcntl, SYS_ftruncate,
                                     SYS_readlink, SYS_mkdir, SYS_fchmod};

/* Of some the arguments matter; among the few. */
static const struct sock_filter conditions[] = {
    ALLOW_DATA(SYS_mmap),
    ALLOW_DATA(SYS_mprotect),
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

struct program {
    /* A jump passes over at most 255. */
    struct sock_filter instructions[128];
    size_t count;
};

static void add(struct program *program, const struct sock_filter *part, size_t count)
{
    memcpy(program->instructions + program->count, part, count * sizeof(*part));
    program->count += count;
}

#define ADD(program, part) add((program), (part), COUNT(part))

static void allow(struct program *program, const uint16_t *calls, size_t count)
{
    const struct sock_filter end[] = {BPF_STMT(BPF_JMP | BPF_JA, 1), RETURN(SECCOMP_RET_ALLOW)};

    for (size_t left = count; left > 0; left--) {
        const struct sock_filter compare[] = {
            BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, calls[count - left], (uint8_t)left, 0)};

        ADD(program, compare);
    }
    ADD(program, end);
}

#define ALLOW(program, calls) allow((program), (calls), COUNT(calls))

/* Returns 0, or an errno value. */
static int install(struct program *program)
{
    struct sock_fprog filter = {.len = (unsigned short)program->count,
                                .filter = program->instructions};

    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0u, &filter) == 0)
        return 0;
    /* systemd-udevd refuses that to what it starts, but not this. */
    if (errno == EPERM && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0)
        return 0;
    /* Not built in; or valgrind, which knows only the second call, and would be
     * filtered itself. */
    return errno == ENOSYS || errno == EINVAL ? 0 : errno;
}

int vgt_filter_truncation(void)
{
    struct program program = {.count = 0};

    ADD(&program, number);
    ADD(&program, truncating);
    return install(&program);
}

int vgt_filter_calls(bool names_files)
{
    /* abort(3), raise(3) */
    const struct sock_filter ending[] = {ALLOW_FOR(SYS_tgkill, getpid())};
    const struct sock_filter ending_child[] = {ALLOW_FOR(SYS_kill, child)};
    struct program program = {.count = 0};
    size_t split;

    if (IS_SANITIZED)
        return 0;
    ADD(&program, number);
    split = program.count++;
    ALLOW(&program, most);
    ADD(&program, ending);
    if (names_files)
        ALLOW(&program, naming);
    if (__llvm_profile_get_filename)
        ALLOW(&program, profiling);
    ADD(&program, refusing);
    program.instructions[split] =
        (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, FIRST_OF_MOST, 0,
                                     (uint8_t)(program.count - split - 1));
    ALLOW(&program, few);
    ADD(&program, conditions);
    /* To 0 it would mean all of the group. */
    if (child > 0)
        ADD(&program, ending_child);
    ADD(&program, refusing);
    return install(&program);
}
