/* Programs and servers of bench_load: a processor each, time counted by wait4(). */
#define _GNU_SOURCE
#include "bench/peers.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static void start_in_child(const char *const *argv, int cpu, int output)
{
    cpu_set_t set;

    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    sched_setaffinity(0, sizeof set, &set); /* one processor only: then it shares it */
    dup2(output, STDOUT_FILENO);
    dup2(output, STDERR_FILENO);
    execvp(argv[0], (char *const *)argv);
    _exit(127);
}

void peers_run(const char *const *argv, struct peers_run *ret_run)
{
    char name[] = "/tmp/bench_load.XXXXXX";
    const int output = mkstemp(name);
    struct rusage usage;
    int status = 0;

    *ret_run = (struct peers_run){.status = -1};
    if (output < 0)
        return;
    const pid_t pid = fork();
    if (pid == 0)
        start_in_child(argv, PEERS_TOOL_CPU, output);
    while (wait4(pid, &status, 0, &usage) < 0 && errno == EINTR) {
    }
    g_file_get_contents(name, &ret_run->output, NULL, NULL);
    unlink(name);
    close(output);
    ret_run->status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    ret_run->ok = ret_run->status == 0 || ret_run->status == 1;
    ret_run->user_s = (double)usage.ru_utime.tv_sec + (double)usage.ru_utime.tv_usec / 1e6;
    ret_run->system_s = (double)usage.ru_stime.tv_sec + (double)usage.ru_stime.tv_usec / 1e6;
    ret_run->memory_kb = usage.ru_maxrss;
    if (ret_run->output == NULL)
        ret_run->output = g_strdup("");
}

void peers_run_line(struct peers_run *ret_run, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *line = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_auto(GStrv) argv = NULL;
    g_autoptr(GError) error = NULL;
    if (!g_shell_parse_argv(line, NULL, &argv, &error))
        g_error("%s: %s", line, error->message);
    peers_run((const char *const *)argv, ret_run);
    if (!ret_run->ok)
        g_printerr("bench load: %s: status %d\n%s\n", line, ret_run->status, ret_run->output);
}

void peers_run_clear(struct peers_run *run)
{
    g_free(run->output);
    run->output = NULL;
}

double peers_number_after(const char *output, const char *label)
{
    const char *at = strstr(output, label);
    char *end;

    if (at == NULL)
        return NAN;
    at += strlen(label);
    at += strspn(at, " \t:");
    const double value = strtod(at, &end);
    return end == at ? NAN : value;
}

double peers_json(const struct peers_run *run, const char *path)
{
    const char *begin = strchr(run->output, '{');
    json_t *root = begin != NULL ? json_loads(begin, JSON_DISABLE_EOF_CHECK, NULL) : NULL;
    g_auto(GStrv) steps = g_strsplit(path, "/", -1);
    const json_t *at = root;

    for (char **step = steps; at != NULL && *step != NULL; step++)
        at = json_object_get(at, *step);
    const double value = json_is_number(at) ? json_number_value(at) : NAN;
    json_decref(root);
    return value;
}

/* ---- servers -------------------------------------------------------------------------------- */

pid_t peers_server_start(const char *const *argv, const char *log)
{
    const int output = open(log, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    const pid_t pid = fork();

    if (pid == 0)
        start_in_child(argv, PEERS_SERVER_CPU, output);
    close(output);
    return pid;
}

void peers_server_stop(pid_t pid)
{
    int status;

    if (pid <= 0)
        return;
    kill(pid, SIGTERM);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
}

uint32_t peers_free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    const int fd = socket(AF_INET, SOCK_STREAM, 0);

    if (bind(fd, (struct sockaddr *)&address, size) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &size) != 0)
        g_error("no free port");
    close(fd);
    return ntohs(address.sin_port);
}

bool peers_wait_for_port(uint32_t port)
{
    const struct sockaddr_in address = {.sin_family = AF_INET,
                                        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                        .sin_port = htons((uint16_t)port)};

    for (uint32_t i = 0; i < 100; i++) {
        const int fd = socket(AF_INET, SOCK_STREAM, 0);
        const bool there = connect(fd, (const struct sockaddr *)&address, sizeof address) == 0;

        close(fd);
        if (there)
            return true;
        g_usleep(50000);
    }
    return false;
}
