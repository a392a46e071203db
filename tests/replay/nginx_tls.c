/* nginx on loopback. Ports are found by asking the kernel for free ones; should somebody take one of
 * them before nginx does, it says so and others are tried. */
#include "replay/nginx_tls.h"

#include <arpa/inet.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define BIG_SIZE (3 << 20)

static uint16_t free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (bind(fd, (struct sockaddr *)&address, sizeof address) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &size) != 0)
        g_error("no free port");
    close(fd);
    return ntohs(address.sin_port);
}

/* Waits until somebody listens. FALSE = the process has ended. */
static bool wait_for(int pid, uint16_t port)
{
    const struct sockaddr_in address = {.sin_family = AF_INET,
                                        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                        .sin_port = htons(port)};

    for (int i = 0; i < 2000; i++) {
        const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        const bool there = connect(fd, (const struct sockaddr *)&address, sizeof address) == 0;

        close(fd);
        if (there)
            return true;
        if (waitpid(pid, NULL, WNOHANG) == pid)
            return false;
        g_usleep(10000);
    }
    return false;
}

static void write_files(const struct nginx_tls *nginx, const struct nginx_tls_options *options,
                        const uint16_t port[3])
{
    g_autofree char *configuration = g_build_filename(nginx->folder, "nginx.conf", NULL);
    g_autofree char *big = g_build_filename(nginx->folder, "big", NULL);
    g_autofree char *big_bytes = g_strnfill(BIG_SIZE, 'b');
    g_autofree char *text = g_strnfill(2000, 't');
    g_autoptr(GString) c = g_string_new("daemon off;\nworker_processes 1;\npid pid;\n");

    if (geteuid() == 0)
        g_string_append(c, "user root;\n");
    if (options->core >= 0) {
        g_string_append(c, "worker_cpu_affinity 1");
        for (int i = 0; i < options->core; i++)
            g_string_append_c(c, '0');
        g_string_append(c, ";\n");
    }
    g_string_append(c, "events { worker_connections 4096; }\nhttp {\n"
                       "access_log off;\nclient_max_body_size 10m;\ndefault_type text/plain;\n"
                       "client_body_temp_path b;\nproxy_temp_path p;\nfastcgi_temp_path f;\n"
                       "uwsgi_temp_path u;\nscgi_temp_path s;\n"
                       "gzip on;\ngzip_min_length 100;\ngzip_types text/plain;\n");
    g_string_append_printf(c, "keepalive_requests %u;\n",
                           options->requests_max > 0 ? options->requests_max : 1000000000);
    g_string_append_printf(c,
                           "server {\nlisten 127.0.0.1:%u;\nlisten 127.0.0.1:%u http2;\n"
                           "listen 127.0.0.1:%u ssl http2;\nroot %s;\n",
                           port[0], port[1], port[2], nginx->folder);
    g_string_append_printf(c, "ssl_certificate %s;\nssl_certificate_key %s;\n",
                           options->certificate, options->key);
    if (options->client_ca != NULL)
        g_string_append_printf(c, "ssl_client_certificate %s;\nssl_verify_client on;\n",
                               options->client_ca);
    g_string_append_printf(
        c,
        "location = / { return 200 \"hello\\n\"; }\nlocation = /big { gzip off; }\n"
        "location = /text { return 200 \"%s\"; }\n"
        "location = /post { return 200 \"posted\\n\"; }\n"
        "location = /moved { return 302 /post; }\nlocation = /kept { return 307 /moved; }\n}\n}\n",
        text);
    g_file_set_contents(configuration, c->str, (gssize)c->len, NULL);
    g_file_set_contents(big, big_bytes, BIG_SIZE, NULL);
}

static int run(const struct nginx_tls *nginx, const char *program)
{
    g_autofree char *prefix = g_strconcat(nginx->folder, "/", NULL);
    const int parent = getpid();
    const int pid = fork();

    if (pid != 0)
        return pid;
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent)
        _exit(1);
    execl(program, "nginx", "-p", prefix, "-c", "nginx.conf", "-e", "error.log", NULL);
    _exit(127);
}

static const char *find_program(void)
{
    static const char *const places[] = {"/usr/sbin/nginx", "/usr/bin/nginx",
                                         "/usr/local/sbin/nginx", NULL};

    for (int i = 0; places[i] != NULL; i++)
        if (access(places[i], X_OK) == 0)
            return places[i];
    return NULL;
}

bool nginx_tls_is_installed(void) { return find_program() != NULL; }

struct nginx_tls *nginx_tls_start(const struct nginx_tls_options *options)
{
    const char *program = find_program();
    struct nginx_tls *nginx = g_new0(struct nginx_tls, 1);

    nginx->folder = g_dir_make_tmp("omosim-nginx-XXXXXX", NULL);
    for (int try = 0; try < 5; try++) {
        const uint16_t port[3] = {free_port(), free_port(), free_port()};

        write_files(nginx, options, port);
        nginx->pid = run(nginx, program);
        if (!wait_for(nginx->pid, port[2]))
            continue;
        nginx->http = g_strdup_printf("http://127.0.0.1:%u", port[0]);
        nginx->http2 = g_strdup_printf("http://127.0.0.1:%u", port[1]);
        nginx->https = g_strdup_printf("https://127.0.0.1:%u", port[2]);
        return nginx;
    }
    g_error("nginx does not start: see %s/error.log", nginx->folder);
}

void nginx_tls_stop(struct nginx_tls *nginx)
{
    static const char *const names[] = {"nginx.conf", "big", "error.log", "pid", "b",
                                        "p",          "f",   "u",         "s"};

    if (nginx == NULL)
        return;
    kill(nginx->pid, SIGTERM);
    waitpid(nginx->pid, NULL, 0);
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_build_filename(nginx->folder, names[i], NULL);
        if (g_unlink(path) != 0)
            g_rmdir(path);
    }
    g_rmdir(nginx->folder);
    g_free(nginx->folder);
    g_free(nginx->http);
    g_free(nginx->http2);
    g_free(nginx->https);
    g_free(nginx);
}
