/* Service addresses.
 *
 * A load tool is a weapon when it is pointed at the wrong host: nothing but loopback is a target
 * unless its host was allowed by name on the command line. A name counts as loopback when all that
 * it resolves to is; the addresses are kept, so that a name which changes later changes nothing.
 *
 * User info in a URL ("http://user:secret@host") becomes an Authorization header (RFC 7617) and is
 * left out of everything that is shown.
 */
#include "replay/pool.h"
#include "shell/diagnostic.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static void set_usage(GError **ret_error, const char *shown, const char *what)
{
    g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE, "target '%s': %s", shown,
                what);
}

/* ---- reading a URL --------------------------------------------------------------------------- */

/* The URL without its user info. Caller frees. */
static char *target_shown(const char *url)
{
    const char *authority = strstr(url, "://");

    if (authority == NULL)
        return g_strdup(url);
    authority += 3;
    const size_t size = strcspn(authority, "/?#");
    const char *at = g_strrstr_len(authority, (gssize)size, "@");
    if (at == NULL)
        return g_strdup(url);
    return g_strdup_printf("%.*s%s", (int)(authority - url), url, at + 1);
}

/* "user:secret", percent-coding taken off, as the value of an Authorization header. */
static char *target_authorization(const char *info, size_t size)
{
    g_autofree char *coded = g_strndup(info, size);
    g_autofree char *plain = g_uri_unescape_string(coded, NULL);

    if (plain == NULL)
        return NULL;
    g_autofree char *pair =
        strchr(plain, ':') != NULL ? g_strdup(plain) : g_strconcat(plain, ":", NULL);
    g_autofree char *base64 = g_base64_encode((const guchar *)pair, strlen(pair));
    return g_strconcat("Basic ", base64, NULL);
}

/* "/base/": must be a path of visible ASCII; a trailing '/' is cut. */
static gboolean read_base(struct target *t, const char *base, const char *shown, GError **ret_error)
{
    size_t size = strlen(base);

    if (strpbrk(base, "?#") != NULL) {
        set_usage(ret_error, shown, "expected a path after the host, without '?' and '#'");
        return FALSE;
    }
    for (size_t i = 0; i < size; i++)
        if (base[i] <= ' ' || base[i] > '~') {
            set_usage(ret_error, shown, "blanks and such must be written as %XX");
            return FALSE;
        }
    while (size > 0 && base[size - 1] == '/')
        size--;
    t->base_path = g_strndup(base, size);
    return TRUE;
}

/* "host", "host:port" or "[::1]:port"; *ret_host is without brackets. */
static gboolean read_host(const char *text, const char *shown, char **ret_host, uint32_t *port,
                          GError **ret_error)
{
    const char *end, *colon;

    if (*text == '[') {
        end = strchr(text, ']');
        if (end == NULL || (end[1] != '\0' && end[1] != ':')) {
            set_usage(ret_error, shown, "expected '[address]' or '[address]:port'");
            return FALSE;
        }
        *ret_host = g_strndup(text + 1, (gsize)(end - text - 1));
        colon = end[1] == ':' ? end + 1 : NULL;
    } else {
        colon = strchr(text, ':');
        *ret_host = colon != NULL ? g_strndup(text, (gsize)(colon - text)) : g_strdup(text);
    }
    if (**ret_host == '\0') {
        set_usage(ret_error, shown, "the host is missing");
        return FALSE;
    }
    if (colon != NULL) {
        guint64 number;
        if (!g_ascii_string_to_unsigned(colon + 1, 10, 1, 65535, &number, NULL)) {
            set_usage(ret_error, shown, "the port must be a number from 1 to 65535");
            return FALSE;
        }
        *port = (uint32_t)number;
    }
    return TRUE;
}

static gboolean read_unix(struct target *t, const char *text, const char *shown, GError **ret_error)
{
    const char *base = strstr(text, ":/");

    t->unix_path = base != NULL ? g_strndup(text, (gsize)(base - text)) : g_strdup(text);
    if (*t->unix_path == '\0' ||
        strlen(t->unix_path) >= sizeof(((struct sockaddr_un *)NULL)->sun_path)) {
        set_usage(ret_error, shown, "the path of a unix socket has 1 to 107 bytes");
        return FALSE;
    }
    t->authority = g_strdup("localhost");
    return read_base(t, base != NULL ? base + 1 : "", shown, ret_error);
}

/* ---- addresses ------------------------------------------------------------------------------- */

static bool is_loopback(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET) {
        const struct sockaddr_in *in = (const struct sockaddr_in *)(const void *)address;
        return ntohl(in->sin_addr.s_addr) >> 24 == 127;
    }
    const struct in6_addr *in6 = &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr;
    return IN6_IS_ADDR_LOOPBACK(in6) || (IN6_IS_ADDR_V4MAPPED(in6) && in6->s6_addr[12] == 127);
}

static bool is_allowed(const char *host, const char *const *allowed_hosts)
{
    for (; allowed_hosts != NULL && *allowed_hosts != NULL; allowed_hosts++) {
        const char *allowed = *allowed_hosts;
        const size_t size = strlen(allowed);
        if (g_ascii_strcasecmp(allowed, host) == 0)
            return true;
        if (size > 2 && allowed[0] == '[' && allowed[size - 1] == ']' && strlen(host) == size - 2 &&
            g_ascii_strncasecmp(allowed + 1, host, size - 2) == 0)
            return true;
    }
    return false;
}

static void set_not_allowed(GError **ret_error, const char *url, const char *host)
{
    g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE,
                "target '%s': '%s' is not this machine; if you may load it, say --allow-host %s",
                url, host, host);
}

static gboolean resolve(struct target *t, const char *host, uint32_t port, bool allowed,
                        GError **ret_error)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    char service[8];
    bool loopback = true;

    g_snprintf(service, sizeof(service), "%u", port);
    const int status = getaddrinfo(host, service, &hints, &found);
    if (status != 0 && !allowed) { /* nobody knows it to be this machine */
        set_not_allowed(ret_error, t->url, host);
        return FALSE;
    }
    if (status != 0) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN,
                    "target '%s': can't find the address of '%s': %s", t->url, host,
                    status == EAI_SYSTEM ? g_strerror(errno) : gai_strerror(status));
        return FALSE;
    }
    for (const struct addrinfo *a = found; a != NULL; a = a->ai_next) {
        if (a->ai_family != AF_INET && a->ai_family != AF_INET6)
            continue;
        loopback &= is_loopback(a->ai_addr);
        if (t->address_count < G_N_ELEMENTS(t->address))
            memcpy(&t->address[t->address_count++], a->ai_addr, a->ai_addrlen);
    }
    freeaddrinfo(found);
    if (!loopback && !allowed) {
        set_not_allowed(ret_error, t->url, host);
        return FALSE;
    }
    if (t->address_count == 0)
        set_usage(ret_error, t->url, "its host has no IPv4 or IPv6 address");
    return t->address_count > 0;
}

/* ---- targets --------------------------------------------------------------------------------- */

static gboolean read_url(struct target *t, const char *url, const char *const *allowed_hosts,
                         GError **ret_error)
{
    uint32_t port;

    if (g_str_has_prefix(url, "unix:"))
        return read_unix(t, url + 5, t->url, ret_error);
    t->tls = g_ascii_strncasecmp(url, "https://", 8) == 0;
    if (!t->tls && g_ascii_strncasecmp(url, "http://", 7) != 0) {
        set_usage(ret_error, t->url,
                  "expected http://host:port, https://host:port or unix:/path/of.sock");
        return FALSE;
    }
    const char *authority = url + (t->tls ? 8 : 7);
    const size_t size = strcspn(authority, "/?#");
    const char *at = g_strrstr_len(authority, (gssize)size, "@");
    if (at != NULL)
        t->authorization = target_authorization(authority, (size_t)(at - authority));
    const char *begin = at != NULL ? at + 1 : authority;
    g_autofree char *where = g_strndup(begin, (gsize)(authority + size - begin));
    g_autofree char *host = NULL;
    const uint32_t usual_port = t->tls ? 443 : 80;

    port = usual_port;
    if (!read_host(where, t->url, &host, &port, ret_error) ||
        !read_base(t, authority + size, t->url, ret_error))
        return FALSE;
    const bool literal6 = strchr(host, ':') != NULL;
    g_autofree char *name = literal6 ? g_strdup_printf("[%s]", host) : g_strdup(host);
    t->authority = port == usual_port ? g_strdup(name) : g_strdup_printf("%s:%u", name, port);
    return resolve(t, host, port, is_allowed(host, allowed_hosts), ret_error);
}

struct target *target_new(const char *url, const char *const *allowed_hosts, GError **ret_error)
{
    struct target *t = g_new0(struct target, 1);

    t->url = target_shown(url);
    if (!read_url(t, url, allowed_hosts, ret_error)) {
        target_free(t);
        return NULL;
    }
    return t;
}

void target_free(struct target *target)
{
    if (target == NULL)
        return;
    g_free(target->url);
    g_free(target->authority);
    g_free(target->base_path);
    g_free(target->unix_path);
    g_free(target->authorization);
    g_free(target);
}

/* ---- probing --------------------------------------------------------------------------------- */

/* Connects within the time: 0 or an errno. */
static int probe(const struct sockaddr *address, socklen_t size, uint32_t timeout_ms)
{
    const int fd = socket(address->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int fault = 0;

    if (fd < 0)
        return errno;
    if (connect(fd, address, size) != 0)
        fault = errno;
    if (fault == EINPROGRESS) {
        struct pollfd wait = {.fd = fd, .events = POLLOUT};
        socklen_t fault_size = sizeof(fault);
        const int ready = poll(&wait, 1, (int)timeout_ms);
        if (ready == 0)
            fault = ETIMEDOUT;
        else if (ready < 0)
            fault = errno;
        else
            getsockopt(fd, SOL_SOCKET, SO_ERROR, &fault, &fault_size);
    }
    close(fd);
    return fault;
}

gboolean target_probe(const struct target *target, uint32_t timeout_ms, GError **ret_error)
{
    int fault = 0;

    if (target->unix_path != NULL) {
        struct sockaddr_un address = {.sun_family = AF_UNIX};
        g_strlcpy(address.sun_path, target->unix_path, sizeof(address.sun_path));
        fault = probe((const struct sockaddr *)&address, sizeof(address), timeout_ms);
    }
    for (uint32_t i = 0; i < target->address_count; i++) {
        const struct sockaddr *address = (const struct sockaddr *)&target->address[i];
        const socklen_t size = address->sa_family == AF_INET ? sizeof(struct sockaddr_in)
                                                             : sizeof(struct sockaddr_in6);
        fault = probe(address, size, timeout_ms);
        if (fault == 0)
            break;
    }
    if (fault != 0)
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN, "can't reach %s: %s",
                    target->url, g_strerror(fault));
    return fault == 0;
}
