/* Routes are compared one after the other: there are some fifty, most differ in their first
 * segment or in the number of them, which takes well under a microsecond.
 */
#include "backend/router.h"

#include <string.h>

enum { READ = 0, WRITE = 1 };

static const struct route routes[] = {
#define ROUTE(method, path, handler, access, writes)                                               \
    {#method, path, handler, ACCESS_##access, writes},
#include "backend/routes.def"
#undef ROUTE
};

/* Whether a path's segments are those of "/orders/{reference}/picks". */
static bool router_fits(const char *path, char *const *segment, uint32_t segment_count)
{
    uint32_t i = 0;

    while (*path == '/') {
        const size_t size = strcspn(++path, "/");
        if (i == segment_count)
            return false;
        if (path[0] == '{' ? segment[i][0] == '\0'
                           : strlen(segment[i]) != size || memcmp(path, segment[i], size) != 0)
            return false;
        path += size;
        i++;
    }
    return i == segment_count;
}

const struct route *router_find(const char *method, char *const *segment, uint32_t segment_count,
                                char **ret_allow)
{
    const char *asked = strcmp(method, "HEAD") == 0 ? "GET" : method;
    GString *allow = NULL;

    for (size_t i = 0; i < G_N_ELEMENTS(routes); i++) {
        if (!router_fits(routes[i].path, segment, segment_count))
            continue;
        if (strcmp(routes[i].method, asked) == 0) {
            if (allow != NULL)
                g_string_free(allow, TRUE);
            return &routes[i];
        }
        if (allow == NULL)
            allow = g_string_new(NULL);
        g_string_append_printf(allow, "%s%s", allow->len > 0 ? ", " : "", routes[i].method);
        if (strcmp(routes[i].method, "GET") == 0)
            g_string_append(allow, ", HEAD");
    }
    *ret_allow = allow != NULL ? g_string_free(allow, FALSE) : g_strdup("");
    return NULL;
}
