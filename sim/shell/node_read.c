/* From YAML text to a tree, by libyaml's events.
 *
 * Events rather than libyaml's documents, because they come with marks and can be refused while
 * they come: too deep, a tag, a key twice, an alias too many. Recursion follows the nesting, which
 * is bounded by NODE_DEPTH_MAX.
 *
 * The text is checked before libyaml sees it: libyaml gives up at the first bad byte with an offset
 * and no line. The check also finds NUL bytes, which would end a C string early. An escaped NUL
 * ("\0") is refused for the same reason.
 *
 * An alias is a copy, since every value can later be overridden alone. Copies are counted against a
 * budget, which is what stops "a billion laughs". An anchor is known only after its value is
 * complete, so a value cannot contain itself.
 *
 * Merge keys (`<<`) belong to an older YAML; includes and points do their work here, so they are
 * refused by name.
 */
#include "shell/node_private.h"
#include "shell/spelling.h"

#include <string.h>
#include <yaml.h>

struct node_reader {
    yaml_parser_t parser;
    const char *text;
    size_t size;
    const char *file;
    uint32_t column_offset; /* of the first line */
    GHashTable *anchors;    /* name to Node: borrowed from the tree, or one of ... */
    GPtrArray *scalars;     /* ... anchored scalars, copies, as a key doesn't outlive its reading */
    uint32_t alias_count;   /* nodes that aliases have added */
};

static struct text_position node_reader_at(const struct node_reader *r, yaml_mark_t mark)
{
    uint32_t column = (uint32_t)mark.column + 1 + (mark.line == 0 ? r->column_offset : 0);
    return diagnostic_at(r->file, (uint32_t)mark.line + 1, column);
}

/* Position of a byte. */
static struct text_position node_reader_at_byte(const struct node_reader *r, size_t offset)
{
    uint32_t line = 1;
    const char *line_start = r->text;
    const char *end = r->text + MIN(offset, r->size);

    for (const char *c = r->text; c < end; c++)
        if (*c == '\n') {
            line++;
            line_start = c + 1;
        }
    uint32_t column = (uint32_t)g_utf8_strlen(line_start, (gssize)(end - line_start)) + 1;
    return diagnostic_at(r->file, line, column + (line == 1 ? r->column_offset : 0));
}

static gboolean node_reader_check_text(const struct node_reader *r, GError **ret_error)
{
    const char *end;
    if (g_utf8_validate_len(r->text, r->size, &end))
        return TRUE;

    struct text_position at = node_reader_at_byte(r, (size_t)(end - r->text));
    if (*end == '\0')
        diagnostic_bad_input(ret_error, at, "not a text file: it has a NUL byte here");
    else
        diagnostic_bad_input(ret_error, at, "not a text file: byte 0x%02x is not valid UTF-8 here",
                             (guchar)*end);
    return FALSE;
}

static void node_reader_yaml_error(const struct node_reader *r, GError **ret_error)
{
    const yaml_parser_t *p = &r->parser;
    const char *problem = p->problem == NULL ? "out of memory" : p->problem;

    if (p->error == YAML_READER_ERROR) {
        diagnostic_bad_input(ret_error, node_reader_at_byte(r, p->problem_offset),
                             "not valid YAML: %s", problem);
        return;
    }
    struct text_position at = node_reader_at(r, p->problem_mark);
    struct text_position end = node_reader_at_byte(r, r->size);
    if (at.line > end.line) /* libyaml ends a last line that has no line end of its own */
        at = end;
    if (strstr(problem, "cannot start any token") != NULL && p->problem_mark.index < r->size &&
        p->mark.index < r->size) {
        const char *c = g_utf8_offset_to_pointer(r->text, (glong)p->problem_mark.index);
        if (*c == '\t') {
            diagnostic_bad_input(ret_error, at, "not valid YAML: a tab cannot indent, use blanks");
            return;
        }
        diagnostic_bad_input(ret_error, at,
                             "not valid YAML: a value cannot begin with '%c', quote it", *c);
        return;
    }
    if (p->context == NULL) {
        diagnostic_bad_input(ret_error, at, "not valid YAML: %s", problem);
        return;
    }
    diagnostic_bad_input(ret_error, at, "not valid YAML: %s, %s that began on line %u", problem,
                         p->context, (uint32_t)p->context_mark.line + 1);
}

static gboolean node_reader_next(struct node_reader *r, yaml_event_t *ret_event, GError **ret_error)
{
    if (yaml_parser_parse(&r->parser, ret_event))
        return TRUE;
    node_reader_yaml_error(r, ret_error);
    return FALSE;
}

static Node *node_reader_value(struct node_reader *r, const yaml_event_t *event, uint32_t depth,
                               GError **ret_error);

/* Where a scalar's text begins: past its anchor, when it has one. */
static struct text_position node_reader_scalar_at(const struct node_reader *r,
                                                  const yaml_event_t *event)
{
    yaml_mark_t mark = event->start_mark;
    bool one_line = event->start_mark.line == event->end_mark.line;

    if (event->data.scalar.anchor != NULL && one_line &&
        event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE)
        mark.column =
            event->end_mark.column - (size_t)g_utf8_strlen((const char *)event->data.scalar.value,
                                                           (gssize)event->data.scalar.length);
    return node_reader_at(r, mark);
}

static Node *node_reader_scalar(struct node_reader *r, const yaml_event_t *event,
                                GError **ret_error)
{
    const char *text = (const char *)event->data.scalar.value;
    struct text_position at = node_reader_scalar_at(r, event);

    if (strlen(text) != event->data.scalar.length) {
        diagnostic_bad_input(ret_error, at, "a text cannot hold a NUL character");
        return NULL;
    }
    Node *node = node_new_scalar(text, at);
    node->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    node->folded = event->start_mark.line != event->end_mark.line;
    return node;
}

static Node *node_reader_sequence(struct node_reader *r, const yaml_event_t *event, uint32_t depth,
                                  GError **ret_error)
{
    g_autoptr(Node) node = node_new_sequence(node_reader_at(r, event->start_mark));

    for (;;) {
        yaml_event_t next;
        if (!node_reader_next(r, &next, ret_error))
            return NULL;
        if (next.type == YAML_SEQUENCE_END_EVENT) {
            yaml_event_delete(&next);
            return g_steal_pointer(&node);
        }
        Node *item = node_reader_value(r, &next, depth + 1, ret_error);
        yaml_event_delete(&next);
        if (item == NULL)
            return NULL;
        node_append(node, item);
    }
}

/* Whether `key` may be put into `mapping`. */
static gboolean node_reader_key(const Node *mapping, const Node *key, GError **ret_error)
{
    if (node_kind(key) != NODE_SCALAR) {
        diagnostic_bad_input(ret_error, key->at, "a key must be a text, found %s",
                             node_kind_name(key));
        return FALSE;
    }
    if (strcmp(key->text, "<<") == 0 && !key->quoted) {
        diagnostic_bad_input(ret_error, key->at,
                             "merge keys ('<<') are not supported: use include or points");
        return FALSE;
    }
    int64_t first = node_find(mapping, key->text);
    if (first >= 0) {
        g_autofree char *where =
            diagnostic_position_text(node_key_position(mapping, (uint32_t)first));
        diagnostic_bad_input(ret_error, key->at, "key '%s' stands here twice, first at %s",
                             key->text, where);
        return FALSE;
    }
    return TRUE;
}

static Node *node_reader_mapping(struct node_reader *r, const yaml_event_t *event, uint32_t depth,
                                 GError **ret_error)
{
    g_autoptr(Node) node = node_new_mapping(node_reader_at(r, event->start_mark));

    for (;;) {
        yaml_event_t next;
        if (!node_reader_next(r, &next, ret_error))
            return NULL;
        if (next.type == YAML_MAPPING_END_EVENT) {
            yaml_event_delete(&next);
            return g_steal_pointer(&node);
        }
        struct text_position key_at = node_reader_at(r, next.start_mark);
        bool is_alias = next.type == YAML_ALIAS_EVENT;
        g_autoptr(Node) key = node_reader_value(r, &next, depth + 1, ret_error);
        if (key != NULL && is_alias)
            key->at = key_at;
        yaml_event_delete(&next);
        if (key == NULL || !node_reader_key(node, key, ret_error) ||
            !node_reader_next(r, &next, ret_error))
            return NULL;
        Node *value = node_reader_value(r, &next, depth + 1, ret_error);
        yaml_event_delete(&next);
        if (value == NULL)
            return NULL;
        node_put(node, key->text, key->at, value);
    }
}

/* Number of nodes and depth of a tree. */
static void node_measure(const Node *node, uint32_t depth, uint32_t *count, uint32_t *depth_max)
{
    (*count)++;
    *depth_max = MAX(*depth_max, depth);
    for (uint32_t i = 0; i < node_count(node); i++)
        node_measure(node_child(node, i), depth + 1, count, depth_max);
}

static gboolean node_reader_depth(struct text_position at, uint32_t depth, GError **ret_error)
{
    if (depth <= NODE_DEPTH_MAX)
        return TRUE;
    diagnostic_bad_input(ret_error, at, "nested deeper than %d", NODE_DEPTH_MAX);
    return FALSE;
}

static Node *node_reader_alias(struct node_reader *r, const yaml_event_t *event, uint32_t depth,
                               GError **ret_error)
{
    const char *name = (const char *)event->data.alias.anchor;
    const Node *anchor = g_hash_table_lookup(r->anchors, name);
    struct text_position at = node_reader_at(r, event->start_mark);

    if (anchor == NULL) {
        g_autofree const char **names =
            (const char **)g_hash_table_get_keys_as_array(r->anchors, NULL);
        g_autofree char *hint = spelling_hint(name, names);
        diagnostic_bad_input(ret_error, at, "no anchor '%s' stands before this alias%s", name,
                             hint);
        return NULL;
    }
    uint32_t depth_max = depth;
    node_measure(anchor, depth, &r->alias_count, &depth_max);
    if (!node_reader_depth(at, depth_max, ret_error))
        return NULL;
    if (r->alias_count > NODE_ALIAS_COUNT_MAX) {
        diagnostic_bad_input(ret_error, at, "aliases add more than %d values",
                             NODE_ALIAS_COUNT_MAX);
        return NULL;
    }
    return node_copy(anchor);
}

static const yaml_char_t *node_event_tag(const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return event->data.scalar.tag;
    case YAML_SEQUENCE_START_EVENT:
        return event->data.sequence_start.tag;
    case YAML_MAPPING_START_EVENT:
        return event->data.mapping_start.tag;
    default:
        return NULL;
    }
}

static const yaml_char_t *node_event_anchor(const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return event->data.scalar.anchor;
    case YAML_SEQUENCE_START_EVENT:
        return event->data.sequence_start.anchor;
    case YAML_MAPPING_START_EVENT:
        return event->data.mapping_start.anchor;
    default:
        return NULL;
    }
}

static Node *node_reader_value(struct node_reader *r, const yaml_event_t *event, uint32_t depth,
                               GError **ret_error)
{
    struct text_position at = node_reader_at(r, event->start_mark);
    const yaml_char_t *tag = node_event_tag(event);
    const yaml_char_t *anchor = node_event_anchor(event);
    Node *node = NULL;

    if (!node_reader_depth(at, depth, ret_error))
        return NULL;
    if (tag != NULL) {
        diagnostic_bad_input(ret_error, at, "tags are not supported, found '%s'", tag);
        return NULL;
    }
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        node = node_reader_scalar(r, event, ret_error);
        break;
    case YAML_SEQUENCE_START_EVENT:
        node = node_reader_sequence(r, event, depth, ret_error);
        break;
    case YAML_MAPPING_START_EVENT:
        node = node_reader_mapping(r, event, depth, ret_error);
        break;
    case YAML_ALIAS_EVENT:
        return node_reader_alias(r, event, depth, ret_error);
    default:
        g_assert_not_reached();
    }
    if (node != NULL && anchor != NULL) {
        Node *anchored = node;
        if (node->kind == NODE_SCALAR) {
            anchored = node_copy(node);
            g_ptr_array_add(r->scalars, anchored);
        }
        g_hash_table_insert(r->anchors, g_strdup((const char *)anchor), anchored);
    }
    return node;
}

/* The one document of a text; *ret_root stays NULL when there is none. */
static gboolean node_reader_document(struct node_reader *r, Node **ret_root, GError **ret_error)
{
    g_autoptr(Node) root = NULL;

    for (bool end = false; !end;) {
        yaml_event_t event;
        if (!node_reader_next(r, &event, ret_error))
            return FALSE;
        switch (event.type) {
        case YAML_STREAM_END_EVENT:
            end = true;
            break;
        case YAML_STREAM_START_EVENT:
        case YAML_DOCUMENT_END_EVENT:
            break;
        case YAML_DOCUMENT_START_EVENT:
            if (root != NULL) {
                diagnostic_bad_input(ret_error, node_reader_at(r, event.start_mark),
                                     "expected one document, a second begins here");
                yaml_event_delete(&event);
                return FALSE;
            }
            break;
        default:
            root = node_reader_value(r, &event, 1, ret_error);
            if (root == NULL) {
                yaml_event_delete(&event);
                return FALSE;
            }
        }
        yaml_event_delete(&event);
    }
    *ret_root = g_steal_pointer(&root);
    return TRUE;
}

Node *node_read_part(const char *text, size_t size, const char *file, uint32_t column_offset,
                     GError **ret_error)
{
    if (size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) { /* a byte order mark */
        text += 3;
        size -= 3;
    }

    struct node_reader r = {
        .text = text,
        .size = size,
        .file = g_intern_string(file),
        .column_offset = column_offset,
    };
    Node *root = NULL;

    if (!node_reader_check_text(&r, ret_error))
        return NULL;
    if (!yaml_parser_initialize(&r.parser)) {
        diagnostic_bad_input(ret_error, diagnostic_at(file, 0, 0), "out of memory");
        return NULL;
    }
    r.scalars = g_ptr_array_new_with_free_func((GDestroyNotify)node_free);
    r.anchors = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)text, size);
    if (node_reader_document(&r, &root, ret_error) && root == NULL)
        root = node_new_scalar("", diagnostic_at(file, 1, 1 + column_offset));
    g_hash_table_unref(r.anchors);
    g_ptr_array_unref(r.scalars);
    yaml_parser_delete(&r.parser);
    return root;
}

Node *node_read_text(const char *text, size_t size, const char *name, GError **ret_error)
{
    return node_read_part(text, size, name, 0, ret_error);
}
