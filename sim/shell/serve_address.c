/* The socket is ours and not the HTTP library's, since that can't say why it could not listen.
 *
 * A page of another site may send requests to 127.0.0.1, but can't read the answers, unless its own
 * name is made to lead here after it was loaded (DNS rebinding). Then its requests carry that name
 * in their Host header; addresses in digits can't be made to lead elsewhere.
 */
#include "shell/serve_address.h"

#include <errno.h>
#include <netdb.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "shell/diagnostic.h"

/* "8089", ":8089", "host:8089", "[::1]:8089" in two. */
static gboolean listen_split(const char *address, char **ret_host, char **ret_port,
                             GError **ret_error)
{
    const char *colon = strrchr(address, ':');
    const char *port = colon != NULL ? colon + 1 : address;
    g_autofree char *host = colon != NULL ? g_strndup(address, (size_t)(colon - address)) : NULL;
    size_t size = host != NULL ? strlen(host) : 0;
    guint64 number;

    if (!g_ascii_string_to_unsigned(port, 10, 0, 65535, &number, NULL) ||
        (size > 0 && host[0] != '[' && strchr(host, ':') != NULL)) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE,
                    "expected [HOST:]PORT such as 8089, 0.0.0.0:8089 or [::1]:8089, found '%s'",
                    address);
        return FALSE;
    }
    if (size > 1 && host[0] == '[' && host[size - 1] == ']')
        *ret_host = g_strndup(host + 1, size - 2);
    else
        *ret_host = g_strdup(size > 0 ? host : "127.0.0.1");
    *ret_port = g_strdup(port);
    return TRUE;
}

/* A listening socket at the first of the addresses; -1 with errno set. */
static int listen_open(const struct addrinfo *info)
{
    static const int yes = 1;
    int fd = socket(info->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), cause;

    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(fd, info->ai_addr, info->ai_addrlen) == 0 && listen(fd, SOMAXCONN) == 0)
        return fd;
    cause = errno;
    close(fd);
    errno = cause;
    return -1;
}

static uint16_t listen_port(int fd)
{
    struct sockaddr_storage address;
    socklen_t size = sizeof address;
    char service[NI_MAXSERV] = "0";

    if (getsockname(fd, (struct sockaddr *)&address, &size) == 0)
        getnameinfo((struct sockaddr *)&address, size, NULL, 0, service, sizeof service,
                    NI_NUMERICSERV);
    return (uint16_t)g_ascii_strtoull(service, NULL, 10);
}

int serve_address_listen(const char *address, char **ret_host, uint16_t *ret_port,
                         GError **ret_error)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
                                   .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    g_autofree char *host = NULL, *port = NULL;
    struct addrinfo *found = NULL;
    int fd, code;

    if (!listen_split(address, &host, &port, ret_error))
        return -1;
    code = getaddrinfo(host, port, &hints, &found);
    if (code != 0) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN, "%s: %s", host,
                    gai_strerror(code));
        return -1;
    }
    fd = listen_open(found);
    if (fd < 0)
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN, "%s:%s: %s", host, port,
                    g_strerror(errno));
    freeaddrinfo(found);
    if (fd < 0)
        return -1;
    *ret_host = g_steal_pointer(&host);
    *ret_port = listen_port(fd);
    return fd;
}

gboolean serve_address_fits(const char *header, const char *host)
{
    const char *end = header[0] == '[' ? strchr(header, ']') : strrchr(header, ':');
    g_autofree char *name = NULL;

    if (header[0] == '[')
        name = end != NULL ? g_strndup(header + 1, (size_t)(end - header - 1)) : g_strdup("");
    else
        name = end != NULL ? g_strndup(header, (size_t)(end - header)) : g_strdup(header);
    return g_ascii_strcasecmp(name, "localhost") == 0 || g_ascii_strcasecmp(name, host) == 0 ||
           g_hostname_is_ip_address(name);
}
