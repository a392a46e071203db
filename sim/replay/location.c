/* Location headers.
 *
 * A reference is taken apart from left to right: scheme, authority, path, query. What it leaves out
 * comes from the request that it answers. Its path is laid out in the caller's room as it stands
 * and loses its "." and ".." there.
 *
 * Only the target that was allowed may be loaded, so another scheme, host or port leads nowhere. Hosts
 * are compared as texts: a second name of the same machine is another host, as it is for browsers.
 */
#include "replay/location.h"

#include <glib.h>
#include <string.h>

struct location_room {
    char *text;
    size_t size, capacity;
    bool full;
};

static void location_put(struct location_room *room, const char *text, size_t size)
{
    static const char digits[] = "0123456789ABCDEF";

    for (size_t i = 0; i < size; i++) {
        const uint8_t c = (uint8_t)text[i];
        const bool plain = c > ' ' && c <= '~';
        if (room->capacity - room->size < (plain ? 1 : 3)) {
            room->full = true;
            return;
        }
        if (plain) {
            room->text[room->size++] = (char)c;
            continue;
        }
        room->text[room->size++] = '%';
        room->text[room->size++] = digits[c >> 4];
        room->text[room->size++] = digits[c & 15];
    }
}

/* Up to the first of these characters. */
static struct api_text location_until(struct api_text text, const char *stops)
{
    uint32_t size = 0;

    while (size < text.size && strchr(stops, text.text[size]) == NULL)
        size++;
    return (struct api_text){text.text, size};
}

static struct api_text location_behind(struct api_text text, uint32_t size)
{
    return (struct api_text){text.text + size, text.size - size};
}

static bool location_begins(struct api_text text, const char *with)
{
    const size_t size = strlen(with);

    return text.size >= size && g_ascii_strncasecmp(text.text, with, size) == 0;
}

/* Size of a scheme with its colon, 0 = there is none. */
static uint32_t location_scheme(struct api_text text)
{
    for (uint32_t i = 0; i < text.size; i++) {
        const char c = text.text[i];
        if (c == ':')
            return i > 0 ? i + 1 : 0;
        if (!g_ascii_isalpha(c) &&
            (i == 0 || (!g_ascii_isdigit(c) && c != '+' && c != '-' && c != '.')))
            return 0;
    }
    return 0;
}

/* "host" or "host:port", the scheme's own port said or not. */
static bool location_is_target(const struct target *target, struct api_text authority)
{
    const char *usual = target->tls ? ":443" : ":80";
    uint32_t host_size = authority.size;

    while (host_size > 0 && g_ascii_isdigit(authority.text[host_size - 1]))
        host_size--;
    if (host_size > 0 && authority.text[host_size - 1] == ':') {
        const struct api_text port = location_behind(authority, host_size - 1);
        if (port.size == 1 || (port.size == strlen(usual) && location_begins(port, usual)))
            authority.size = host_size - 1;
    }
    return authority.size == strlen(target->authority) &&
           g_ascii_strncasecmp(authority.text, target->authority, authority.size) == 0;
}

/* Takes "." and ".." out of a path that begins with '/' (RFC 3986, 5.2.4); its new size. */
static size_t location_remove_dots(char *path, size_t size)
{
    size_t out = 0, next;

    for (size_t at = 0; at < size; at = next) {
        for (next = at + 1; next < size && path[next] != '/';)
            next++;
        const size_t segment = next - at - 1;
        const bool dots =
            segment > 0 && segment <= 2 && path[at + 1] == '.' && path[at + segment] == '.';
        if (!dots) {
            memmove(path + out, path + at, next - at);
            out += next - at;
            continue;
        }
        if (segment == 2)
            while (out > 0 && path[--out] != '/')
                continue;
        if (next == size)
            path[out++] = '/';
    }
    return out;
}

/* The reference without scheme and authority. FALSE: it leads elsewhere. */
static bool location_enter(const struct target *target, struct api_text *rest, bool *ret_whole)
{
    const uint32_t scheme = location_scheme(*rest);

    *ret_whole = false;
    if (scheme > 0) {
        if (!location_begins(*rest, target->tls ? "https://" : "http://"))
            return false;
        *rest = location_behind(*rest, scheme);
    }
    if (!location_begins(*rest, "//"))
        return true;
    const struct api_text authority = location_until(location_behind(*rest, 2), "/?");
    *rest = location_behind(*rest, authority.size + 2);
    *ret_whole = true;
    return location_is_target(target, authority);
}

bool location_resolve(const struct target *target, const struct api_text *base,
                      const struct api_text *reference, char *room, size_t room_size,
                      struct api_text *ret_path)
{
    struct location_room to = {.text = room, .capacity = room_size};
    struct api_text rest = location_until(*reference, "#");
    const struct api_text base_path = location_until(*base, "?");
    bool whole;

    if (!location_enter(target, &rest, &whole))
        return false;
    const struct api_text path = location_until(rest, "?");
    struct api_text query = location_behind(rest, path.size);
    if (path.size == 0 && !whole) {
        location_put(&to, base_path.text, base_path.size);
        if (query.size == 0)
            query = location_behind(*base, base_path.size);
    } else {
        uint32_t folder = base_path.size;
        while (folder > 0 && base_path.text[folder - 1] != '/')
            folder--;
        if (path.size > 0 && path.text[0] != '/')
            location_put(&to, base_path.text, folder);
        if (to.size == 0 && (path.size == 0 || path.text[0] != '/'))
            location_put(&to, "/", 1);
        location_put(&to, path.text, path.size);
        to.size = location_remove_dots(room, to.size);
    }
    location_put(&to, query.text, query.size);
    *ret_path = (struct api_text){room, (uint32_t)to.size};
    return !to.full && to.size > 0;
}
