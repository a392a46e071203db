/* Starting nginx, and wrk against it. */
#define _GNU_SOURCE
#include "bench/nginx.h"

#include <arpa/inet.h>
#include <errno.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define START_MS 5000

static const char configuration[] = "daemon off;\nmaster_process off;\nerror_log stderr crit;\n"
                                    "pid nginx.pid;\n"
                                    "events { worker_connections 4096; }\n"
                                    "http {\n"
                                    "  access_log off;\n"
                                    "  keepalive_requests 1000000000;\n"
                                    "  client_body_temp_path body;\n"
                                    "  proxy_temp_path proxy;\n"
                                    "  fastcgi_temp_path fastcgi;\n"
                                    "  uwsgi_temp_path uwsgi;\n"
                                    "  scgi_temp_path scgi;\n"
                                    "  server {\n"
                                    "    listen 127.0.0.1:%u backlog=4096;\n"
                                    "    location / { %s }\n"
                                    "  }\n"
                                    "}\n";

bool nginx_pin(uint32_t cpu)
{
    cpu_set_t set;

    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    return sched_setaffinity(0, sizeof(set), &set) == 0;
}

/* Connects to the port, or binds a free one: *port 0. */
static bool try_port(uint16_t *port)
{
    struct sockaddr_in in = {.sin_family = AF_INET,
                             .sin_port = htons(*port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(in);
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    bool good;

    if (*port == 0)
        good = bind(fd, (struct sockaddr *)&in, size) == 0 &&
               getsockname(fd, (struct sockaddr *)&in, &size) == 0;
    else
        good = connect(fd, (struct sockaddr *)&in, size) == 0;
    *port = ntohs(in.sin_port);
    close(fd);
    return good;
}

/* Starts a program on a core; it ends when this process does. */
static pid_t start(char *const *argv, uint32_t cpu, int output)
{
    const pid_t pid = fork();

    if (pid != 0)
        return pid;
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    nginx_pin(cpu);
    if (output >= 0)
        dup2(output, STDOUT_FILENO);
    execvp(argv[0], argv);
    fprintf(stderr, "%s: %s\n", argv[0], strerror(errno));
    _exit(127);
}

static void remove_folder(const char *folder)
{
    static const char *const names[] = {"nginx.conf", "nginx.pid", "body", "proxy",
                                        "fastcgi",    "uwsgi",     "scgi"};

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_build_filename(folder, names[i], NULL);
        remove(path);
    }
    g_rmdir(folder);
}

bool nginx_start(struct nginx *nginx, uint32_t cpu, const char *location)
{
    uint16_t port = 0;

    *nginx = (struct nginx){.folder = g_dir_make_tmp("omosim-nginx-XXXXXX", NULL)};
    if (nginx->folder == NULL || !try_port(&port))
        return false;
    g_autofree char *path = g_build_filename(nginx->folder, "nginx.conf", NULL);
    g_autofree char *text = g_strdup_printf(configuration, port, location);
    if (!g_file_set_contents(path, text, -1, NULL))
        return false;
    nginx->url = g_strdup_printf("http://127.0.0.1:%u", port);
    char *argv[] = {"nginx", "-p", nginx->folder, "-c", "nginx.conf", NULL};
    nginx->pid = start(argv, cpu, -1);
    for (int i = 0; i < START_MS; i++) {
        if (waitpid(nginx->pid, NULL, WNOHANG) != 0)
            break;
        if (try_port(&port))
            return true;
        g_usleep(1000);
    }
    nginx->pid = 0;
    fprintf(stderr, "nginx did not start\n");
    nginx_stop(nginx);
    return false;
}

void nginx_stop(struct nginx *nginx)
{
    if (nginx->pid > 0) {
        kill(nginx->pid, SIGTERM);
        waitpid(nginx->pid, NULL, 0);
    }
    if (nginx->folder != NULL)
        remove_folder(nginx->folder);
    g_clear_pointer(&nginx->folder, g_free);
    g_clear_pointer(&nginx->url, g_free);
    nginx->pid = 0;
}

/* Runs a peer on a core and takes its times; its output is kept, cut at `output_size`. */
static bool run_peer(char *const *argv, uint32_t cpu, char *output, size_t output_size,
                     struct nginx_peer *ret_peer)
{
    struct rusage usage;
    size_t size = 0;
    int pipes[2], status;

    if (pipe(pipes) != 0)
        return false;
    const pid_t pid = start(argv, cpu, pipes[1]);
    close(pipes[1]);
    for (ssize_t got; size < output_size - 1 &&
                      (got = read(pipes[0], output + size, output_size - 1 - size)) > 0;)
        size += (size_t)got;
    output[size] = '\0';
    close(pipes[0]);
    wait4(pid, &status, 0, &usage);
    ret_peer->user_s = (double)usage.ru_utime.tv_sec + (double)usage.ru_utime.tv_usec / 1e6;
    ret_peer->system_s = (double)usage.ru_stime.tv_sec + (double)usage.ru_stime.tv_usec / 1e6;
    return status == 0;
}

bool nginx_run_wrk(const struct nginx *nginx, uint32_t cpu, uint32_t connections, uint32_t seconds,
                   struct nginx_peer *ret_peer)
{
    g_autofree char *connection_text = g_strdup_printf("-c%u", connections);
    g_autofree char *time_text = g_strdup_printf("-d%us", seconds);
    char *argv[] = {"wrk", "-t1", connection_text, time_text, nginx->url, NULL};
    char output[4096];

    if (!run_peer(argv, cpu, output, sizeof(output), ret_peer))
        return false;
    const char *requests = strstr(output, " requests in ");
    if (requests == NULL)
        return false;
    while (requests > output && g_ascii_isdigit(requests[-1]))
        requests--;
    ret_peer->requests = strtoull(requests, NULL, 10);
    return ret_peer->requests > 0;
}

bool nginx_run_h2load(const char *url, uint32_t cpu, uint32_t connections, uint32_t streams,
                      uint32_t seconds, struct nginx_peer *ret_peer)
{
    g_autofree char *connection_text = g_strdup_printf("-c%u", connections);
    g_autofree char *stream_text = g_strdup_printf("-m%u", streams);
    g_autofree char *time_text = g_strdup_printf("-D%u", seconds);
    char *argv[] = {"h2load",    "-t1",     connection_text,
                    stream_text, time_text, (char *)(uintptr_t)url,
                    NULL};
    char output[16384];

    if (!run_peer(argv, cpu, output, sizeof(output), ret_peer))
        return false;
    const char *requests = strstr(output, " succeeded,");
    if (requests == NULL)
        return false;
    while (requests > output && g_ascii_isdigit(requests[-1]))
        requests--;
    ret_peer->requests = strtoull(requests, NULL, 10);
    return ret_peer->requests > 0;
}
