/* Process groups that we started, and the guard that outlives us to end them.
 *
 * A service started for a test must not be left behind when the test ends: not after an error, not
 * after Ctrl-C, and not after a kill -9 of ourselves, which leaves us no chance to act. PR_SET_PDEATHSIG
 * reaches the shell alone, not what the shell has started, and fires when a *thread* ends. So the
 * guard is forked: it reads "this group lives", "this one is gone" from a pipe whose other end only
 * we hold. When we are gone the system closes that end, and the guard ends what is still on its
 * list. It has a session of its own: keys typed at our terminal do not reach it.
 *
 * A group is gone when no process in it is left, not when the shell has ended: "server & wait" has
 * children. We make ourselves the reaper of orphans (PR_SET_CHILD_SUBREAPER), so that these can be
 * waited for; in a container without an init nobody else would do it, and a dead process that nobody
 * has waited for still counts as one of its group.
 *
 * Between fork and exit the guard calls only what is safe there with other threads about
 * (signal-safety(7)).
 */
#define _GNU_SOURCE /* pipe2, close_range, posix_spawn_file_actions_addclosefrom_np */
#include "replay/process.h"

#include "shell/diagnostic.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define GUARD_GROUPS 256 /* that live at the same time; more are not guarded */
#define LOOK_MS 10       /* between two looks at whether a group is gone */

struct guard_message {
    int32_t group;
    int32_t lives;
};

struct guard {
    int fd; /* we write, the guard reads */
    pid_t pid;
};

struct process {
    Guard *guard;
    pid_t pid;
    bool ended; /* the shell has been waited for */
    bool gone;  /* the whole group */
    int status; /* of the shell */
};

static void sleep_ms(uint32_t ms)
{
    struct timespec left = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};

    while (nanosleep(&left, &left) != 0 && errno == EINTR) {
    }
}

/* ---- the guard's process --------------------------------------------------------------------- */

static void guard_note(int32_t *groups, uint32_t *count, struct guard_message message)
{
    if (message.lives) {
        if (*count < GUARD_GROUPS)
            groups[(*count)++] = message.group;
        return;
    }
    for (uint32_t i = 0; i < *count; i++)
        if (groups[i] == message.group) {
            groups[i] = groups[--*count];
            return;
        }
}

static void guard_end_groups(const int32_t *groups, uint32_t count)
{
    uint32_t left = count;

    for (uint32_t i = 0; i < count; i++)
        kill(-groups[i], SIGTERM);
    for (uint32_t ms = 0; left > 0 && ms < PROCESS_END_MS; ms += LOOK_MS) {
        left = 0;
        for (uint32_t i = 0; i < count; i++)
            left += kill(-groups[i], 0) == 0;
        if (left > 0)
            sleep_ms(LOOK_MS);
    }
    for (uint32_t i = 0; left > 0 && i < count; i++)
        kill(-groups[i], SIGKILL);
}

static void guard_close_others(int fd)
{
    const long limit = sysconf(_SC_OPEN_MAX);

    if ((fd == 0 || close_range(0, (unsigned)fd - 1, 0) == 0) &&
        close_range((unsigned)fd + 1, ~0u, 0) == 0)
        return;
    for (int other = 0; other < (limit > 0 && limit < 65536 ? (int)limit : 65536); other++)
        if (other != fd)
            close(other);
}

static void guard_run(int fd)
{
    static const int ignored[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE};
    int32_t groups[GUARD_GROUPS];
    uint32_t count = 0;
    struct guard_message message;
    ssize_t size;

    setsid();
    for (size_t i = 0; i < G_N_ELEMENTS(ignored); i++)
        signal(ignored[i], SIG_IGN);
    guard_close_others(fd);
    do {
        size = read(fd, &message, sizeof message);
        if (size == (ssize_t)sizeof message)
            guard_note(groups, &count, message);
    } while (size > 0 || (size < 0 && errno == EINTR));
    guard_end_groups(groups, count);
    _exit(0);
}

/* ---- our side -------------------------------------------------------------------------------- */

static gboolean set_errno_error(GError **ret_error, const char *what, int fault)
{
    g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN, "%s: %s", what,
                g_strerror(fault));
    return FALSE;
}

Guard *guard_new(GError **ret_error)
{
    int fds[2];

    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    if (pipe2(fds, O_CLOEXEC) != 0) {
        set_errno_error(ret_error, "can't make a pipe", errno);
        return NULL;
    }
    const pid_t pid = fork();
    if (pid == 0)
        guard_run(fds[0]);
    close(fds[0]);
    if (pid < 0) {
        set_errno_error(ret_error, "can't start a process", errno);
        close(fds[1]);
        return NULL;
    }
    Guard *guard = g_new0(Guard, 1);
    guard->fd = fds[1];
    guard->pid = pid;
    return guard;
}

void guard_free(Guard *guard)
{
    if (guard == NULL)
        return;
    close(guard->fd);
    while (waitpid(guard->pid, NULL, 0) < 0 && errno == EINTR) {
    }
    g_free(guard);
}

/* Smaller than PIPE_BUF, so whole, whatever thread writes at the same time. */
static void guard_tell(const Guard *guard, pid_t group, bool lives)
{
    const struct guard_message message = {.group = group, .lives = lives};

    while (write(guard->fd, &message, sizeof message) < 0 && errno == EINTR) {
    }
}

/* ---- processes ------------------------------------------------------------------------------- */

/* Signals as a shell expects them: this process ignores SIGPIPE and SIGXFSZ. */
static void prepare_signals(posix_spawnattr_t *attributes)
{
    sigset_t usual, none;

    sigfillset(&usual);
    sigemptyset(&none);
    posix_spawnattr_setsigdefault(attributes, &usual);
    posix_spawnattr_setsigmask(attributes, &none);
    posix_spawnattr_setpgroup(attributes, 0);
    posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF |
                                             POSIX_SPAWN_SETSIGMASK);
}

static int spawn(const char *command, pid_t *ret_pid)
{
    char shell[] = "sh", option[] = "-c";
    char *arguments[] = {shell, option, (char *)(uintptr_t)command, NULL};
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;

    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files, STDERR_FILENO, STDOUT_FILENO);
    posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
    posix_spawnattr_init(&attributes);
    prepare_signals(&attributes);
    const int fault = posix_spawn(ret_pid, "/bin/sh", &files, &attributes, arguments, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    return fault;
}

Process *process_start(Guard *guard, const char *command, GError **ret_error)
{
    pid_t pid = 0;
    const int fault = spawn(command, &pid);

    if (fault != 0) {
        set_errno_error(ret_error, "/bin/sh", fault);
        return NULL;
    }
    guard_tell(guard, pid, true);
    Process *process = g_new0(Process, 1);
    process->guard = guard;
    process->pid = pid;
    return process;
}

pid_t process_id(const Process *process) { return process->pid; }

/* Waits for all of the group that have ended. */
static void process_reap(Process *process)
{
    int status = 0;

    for (pid_t pid; (pid = waitpid(-process->pid, &status, WNOHANG)) > 0;)
        if (pid == process->pid) {
            process->ended = true;
            process->status = status;
        }
}

bool process_has_ended(Process *process)
{
    if (!process->ended)
        process_reap(process);
    return process->ended;
}

char *process_end_text(const Process *process)
{
    if (!process->ended)
        return g_strdup("");
    if (WIFSIGNALED(process->status))
        return g_strdup_printf("signal %d", WTERMSIG(process->status));
    return g_strdup_printf("status %d", WEXITSTATUS(process->status));
}

static bool process_is_gone(Process *process)
{
    if (process->gone)
        return true;
    process_reap(process);
    process->gone = process->ended && kill(-process->pid, 0) != 0 && errno == ESRCH;
    if (process->gone)
        guard_tell(process->guard, process->pid, false);
    return process->gone;
}

void process_kill(Process *process)
{
    if (process_is_gone(process))
        return;
    kill(-process->pid, SIGKILL);
    for (uint32_t ms = 0; ms < PROCESS_END_MS && !process_is_gone(process); ms += LOOK_MS)
        sleep_ms(LOOK_MS);
}

void process_end(Process *process, uint32_t patience_ms)
{
    if (process_is_gone(process))
        return;
    kill(-process->pid, SIGTERM);
    for (uint32_t ms = 0; ms < patience_ms; ms += LOOK_MS) {
        if (process_is_gone(process))
            return;
        sleep_ms(LOOK_MS);
    }
    process_kill(process);
}

void process_free(Process *process)
{
    if (process == NULL)
        return;
    process_end(process, PROCESS_END_MS);
    g_free(process);
}
