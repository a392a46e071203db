/* Files, and the files they include.
 *
 * A scenario is small; bulk data stands in CSV tables. So a file is read whole, but not before its
 * size is known: a sparse file of gigabytes is refused by its size alone. What is no regular file
 * (a pipe from another program) is read up to the same limit.
 *
 * Included files are read first, in their order, each with its own includes, and merged; the
 * including file comes last and wins. Every node keeps the file it came from. A file on the way
 * from the top to here must not be included again; the same file twice on different ways is fine,
 * but the number of reads is bounded, because sixteen files that each include the next one twice
 * would be read 65,536 times.
 */
#include "shell/node_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct node_include_frame {
    const struct node_include_frame *parent; /* who includes this file; NULL at the top */
    const char *canonical;                   /* path without links and dots */
    const char *path;                        /* as shown */
    struct text_position included_at;        /* in the parent */
};

struct node_includes {
    const struct node_shorthand *shorthands;
    uint32_t count;
};

/* The error of a file that can't be read: at the include that names it, else at the file. */
static void node_include_fail(const struct node_include_frame *frame, const char *why,
                              GError **ret_error)
{
    if (frame->parent == NULL)
        diagnostic_bad_input(ret_error, diagnostic_at(frame->path, 0, 0), "cannot be read: %s",
                             why);
    else
        diagnostic_bad_input(ret_error, frame->included_at, "cannot include '%s': %s", frame->path,
                             why);
}

static gboolean node_include_size(const struct node_include_frame *frame, int64_t size,
                                  GError **ret_error)
{
    if (size <= NODE_FILE_SIZE_MAX)
        return TRUE;
    g_autofree char *why =
        g_strdup_printf("it is larger than %d MiB; bulk data belongs in CSV tables",
                        (int)(NODE_FILE_SIZE_MAX >> 20));
    node_include_fail(frame, why, ret_error);
    return FALSE;
}

static GString *node_include_read_all(int file, const struct node_include_frame *frame,
                                      GError **ret_error)
{
    g_autoptr(GString) text = g_string_new(NULL);
    const size_t block_size = 1 << 16;
    char *block = g_malloc(block_size);
    ssize_t got;

    do {
        got = read(file, block, block_size);
        if (got < 0 && errno == EINTR) {
            got = 1;
            continue;
        }
        if (got > 0)
            g_string_append_len(text, block, got);
    } while (got > 0 && (int64_t)text->len <= NODE_FILE_SIZE_MAX);
    int error_number = errno;
    g_free(block);
    if (got < 0) {
        node_include_fail(frame, g_strerror(error_number), ret_error);
        return NULL;
    }
    if (!node_include_size(frame, (int64_t)text->len, ret_error))
        return NULL;
    return g_steal_pointer(&text);
}

static GString *node_include_load(const struct node_include_frame *frame, GError **ret_error)
{
    struct stat status;
    int file = open(frame->path, O_RDONLY | O_CLOEXEC);

    if (file < 0) {
        node_include_fail(frame, g_strerror(errno), ret_error);
        return NULL;
    }
    GString *text = NULL;
    if (fstat(file, &status) != 0)
        node_include_fail(frame, g_strerror(errno), ret_error);
    else if (S_ISDIR(status.st_mode))
        node_include_fail(frame, "it is a directory", ret_error);
    else if (!S_ISREG(status.st_mode) || node_include_size(frame, status.st_size, ret_error))
        text = node_include_read_all(file, frame, ret_error);
    close(file);
    return text;
}

/* A file that is already being read up the chain. The text names every link. */
static gboolean node_include_acyclic(const struct node_include_frame *frame, GError **ret_error)
{
    const struct node_include_frame *other = frame->parent;
    uint32_t depth = 1;

    for (; other != NULL && strcmp(other->canonical, frame->canonical) != 0; other = other->parent)
        depth++;
    if (other == NULL && depth <= NODE_INCLUDE_DEPTH_MAX + 1)
        return TRUE;
    if (other == NULL) {
        diagnostic_bad_input(ret_error, frame->included_at, "includes go deeper than %d files",
                             NODE_INCLUDE_DEPTH_MAX);
        return FALSE;
    }

    g_autoptr(GString) chain = g_string_new(NULL);
    for (const struct node_include_frame *link = frame; link != other; link = link->parent) {
        g_autofree char *at = diagnostic_position_text(link->included_at);
        g_autofree char *text = g_strdup_printf("%s includes %s", at, link->path);
        g_string_prepend(chain, chain->len > 0 ? ", " : "");
        g_string_prepend(chain, text);
    }
    diagnostic_bad_input(ret_error, frame->included_at, "cyclic include: %s", chain->str);
    return FALSE;
}

static Node *node_include_file(struct node_includes *all, const struct node_include_frame *frame,
                               GError **ret_error);

/* Reads one included file and merges it into `base`. */
static gboolean node_include_one(struct node_includes *all, const struct node_include_frame *parent,
                                 const Node *name, Node *base, GError **ret_error)
{
    if (node_kind(name) != NODE_SCALAR || *node_text(name) == '\0') {
        diagnostic_bad_input(ret_error, node_position(name),
                             "include: expected a file name or a list of them, found %s",
                             node_is_empty(name) ? "nothing" : node_kind_name(name));
        return FALSE;
    }

    g_autofree char *directory = g_path_get_dirname(parent->path);
    g_autofree char *path = g_path_is_absolute(node_text(name)) || strcmp(directory, ".") == 0
                                ? g_strdup(node_text(name))
                                : g_build_filename(directory, node_text(name), NULL);
    char *canonical = realpath(path, NULL);
    struct node_include_frame frame = {
        .parent = parent,
        .canonical = canonical == NULL ? path : canonical,
        .path = path,
        .included_at = node_position(name),
    };
    g_autoptr(Node) included = NULL;
    if (node_include_acyclic(&frame, ret_error))
        included = node_include_file(all, &frame, ret_error);
    free(canonical);
    if (included == NULL)
        return FALSE;
    node_merge(base, included, all->shorthands);
    return TRUE;
}

/* Merges the includes of `root` under it. */
static Node *node_include_resolve(struct node_includes *all, const struct node_include_frame *frame,
                                  Node *root, GError **ret_error)
{
    const Node *include = node_get(root, "include");
    g_autoptr(Node) base = node_new_mapping(node_position(root));
    if (node_kind(include) != NODE_SEQUENCE) {
        if (!node_include_one(all, frame, include, base, ret_error))
            return NULL;
    } else {
        for (uint32_t i = 0; i < node_count(include); i++)
            if (!node_include_one(all, frame, node_child(include, i), base, ret_error))
                return NULL;
    }
    node_remove(root, "include");
    node_merge(base, root, all->shorthands);
    return g_steal_pointer(&base);
}

static Node *node_include_file(struct node_includes *all, const struct node_include_frame *frame,
                               GError **ret_error)
{
    if (++all->count > NODE_INCLUDE_COUNT_MAX) {
        diagnostic_bad_input(ret_error, frame->included_at, "more than %d files are included",
                             NODE_INCLUDE_COUNT_MAX);
        return NULL;
    }
    GString *text = node_include_load(frame, ret_error);
    if (text == NULL)
        return NULL;
    g_autoptr(Node) root = node_read_text(text->str, text->len, frame->path, ret_error);
    g_string_free(text, TRUE);
    if (root == NULL)
        return NULL;
    if (node_kind(root) != NODE_MAPPING) {
        diagnostic_bad_input(ret_error, node_position(root), "expected a mapping at the top, %s%s",
                             node_is_empty(root) ? "the file is empty" : "found ",
                             node_is_empty(root) ? "" : node_kind_name(root));
        return NULL;
    }
    if (node_get(root, "include") == NULL)
        return g_steal_pointer(&root);
    return node_include_resolve(all, frame, root, ret_error);
}

Node *node_read_file(const char *path, const struct node_shorthand *shorthands, GError **ret_error)
{
    struct node_includes all = {.shorthands = shorthands};
    char *canonical = realpath(path, NULL);
    struct node_include_frame frame = {
        .canonical = canonical == NULL ? path : canonical,
        .path = path,
        .included_at = diagnostic_at(path, 0, 0),
    };

    Node *root = node_include_file(&all, &frame, ret_error);
    free(canonical);
    return root;
}
