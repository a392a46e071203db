/* Row filters.
 *
 * Recursive descent over a handful of rules into a small tree, which is then walked per row:
 *
 *   or   = and { "or" and }
 *   and  = not { "and" not }
 *   not  = "not" not | "(" or ")" | comparison
 *
 * Words are runs of anything that isn't a blank, a parenthesis, a quote or an operator, so 太原市 and
 * 2021-05-01 need no quotes. Column names are looked up once, at where_bind(); numbers of the
 * expression are parsed once, at where_parse(). Depth is bounded, since the expression comes from a
 * user.
 *
 * A field that is no number never lies above or below a number: `Area >= 120` must not keep the
 * rows whose area is "unknown", which it would if the two were compared as texts.
 */
#include "shell/where.h"
#include "shell/spelling.h"
#include "shell/units.h"

#include <stdbool.h>
#include <string.h>

enum where_token {
    WHERE_END,
    WHERE_OPEN,
    WHERE_CLOSE,
    WHERE_AND,
    WHERE_OR,
    WHERE_NOT,
    WHERE_OPERATOR,
    WHERE_WORD,   /* bare */
    WHERE_QUOTED, /* 'text' or "text" */
    WHERE_COLUMN  /* `in backticks` */
};

enum where_operator { WHERE_EQ, WHERE_NE, WHERE_LT, WHERE_LE, WHERE_GT, WHERE_GE };

static const char *const where_operators[] = {"==", "!=", "<", "<=", ">", ">="};

struct where_operand {
    bool is_column;
    char *text; /* the column's name, or the value */
    bool is_number;
    double number;
    uint32_t column; /* once bound */
    struct text_position at;
};

struct where_node {
    enum where_token kind; /* WHERE_AND, WHERE_OR, WHERE_NOT, WHERE_OPERATOR */
    enum where_operator op;
    struct where_node *left, *right;
    struct where_operand operands[2];
};

struct where {
    struct where_node *root;
};

struct where_parser {
    const char *text;
    size_t next; /* behind the current token */
    struct text_position origin;
    enum where_token token;
    enum where_operator op;
    size_t token_offset;
    char *word; /* owned */
};

static void where_node_free(struct where_node *node)
{
    if (node == NULL)
        return;
    where_node_free(node->left);
    where_node_free(node->right);
    g_free(node->operands[0].text);
    g_free(node->operands[1].text);
    g_free(node);
}

static struct text_position where_at(const struct where_parser *p, size_t offset)
{
    struct text_position at = p->origin;
    at.column += (uint32_t)g_utf8_strlen(p->text, (gssize)offset);
    return at;
}

/* Quoted text; a doubled quote stands for one. */
static gboolean where_scan_quoted(struct where_parser *p, char quote, GError **ret_error)
{
    g_autoptr(GString) word = g_string_new(NULL);
    const char *at = p->text + p->token_offset + 1;

    for (; *at != '\0'; at++) {
        if (*at == quote && at[1] != quote)
            break;
        at += *at == quote;
        g_string_append_c(word, *at);
    }
    if (*at == '\0') {
        diagnostic_bad_input(ret_error, where_at(p, p->token_offset), "quote without an end");
        return FALSE;
    }
    p->token = quote == '`' ? WHERE_COLUMN : WHERE_QUOTED;
    p->word = g_strdup(word->str);
    p->next = (size_t)(at + 1 - p->text);
    return TRUE;
}

static gboolean where_scan_operator(struct where_parser *p, GError **ret_error)
{
    const char *at = p->text + p->token_offset;

    for (int length = 2; length > 0; length--)
        for (uint32_t i = 0; i < G_N_ELEMENTS(where_operators); i++)
            if (strlen(where_operators[i]) == (size_t)length &&
                strncmp(at, where_operators[i], (size_t)length) == 0) {
                p->token = WHERE_OPERATOR;
                p->op = (enum where_operator)i;
                p->next = p->token_offset + (size_t)length;
                return TRUE;
            }
    diagnostic_bad_input(ret_error, where_at(p, p->token_offset),
                         "unknown operator '%c' (one of == != < <= > >=)", *at);
    return FALSE;
}

static gboolean where_advance(struct where_parser *p, GError **ret_error)
{
    g_clear_pointer(&p->word, g_free);
    p->token_offset = p->next + strspn(p->text + p->next, " \t\r\n");
    const char *at = p->text + p->token_offset;
    p->next = p->token_offset + 1;

    switch (*at) {
    case '\0':
        p->token = WHERE_END;
        p->next = p->token_offset;
        return TRUE;
    case '(':
        p->token = WHERE_OPEN;
        return TRUE;
    case ')':
        p->token = WHERE_CLOSE;
        return TRUE;
    case '\'':
    case '"':
    case '`':
        return where_scan_quoted(p, *at, ret_error);
    case '=':
    case '!':
    case '<':
    case '>':
        return where_scan_operator(p, ret_error);
    default:
        break;
    }
    size_t length = strcspn(at, " \t\r\n()=!<>'\"`");
    p->word = g_strndup(at, length);
    p->next = p->token_offset + length;
    p->token = strcmp(p->word, "and") == 0   ? WHERE_AND
               : strcmp(p->word, "or") == 0  ? WHERE_OR
               : strcmp(p->word, "not") == 0 ? WHERE_NOT
                                             : WHERE_WORD;
    return TRUE;
}

static gboolean where_expected(const struct where_parser *p, const char *expected,
                               GError **ret_error)
{
    struct text_position at = where_at(p, p->token_offset);

    if (p->token == WHERE_END) {
        diagnostic_bad_input(ret_error, at, "expected %s, found the end", expected);
    } else {
        g_autofree char *found = g_strndup(p->text + p->token_offset, p->next - p->token_offset);
        diagnostic_bad_input(ret_error, at, "expected %s, found %s", expected, found);
    }
    return FALSE;
}

static gboolean where_parse_comparison(struct where_parser *p, struct where_node *node,
                                       GError **ret_error)
{
    struct where_operand *left = &node->operands[0], *right = &node->operands[1];

    if (p->token != WHERE_WORD && p->token != WHERE_COLUMN)
        return where_expected(p, "a column", ret_error);
    *left = (struct where_operand){
        .is_column = true,
        .text = g_steal_pointer(&p->word),
        .at = where_at(p, p->token_offset),
    };
    if (!where_advance(p, ret_error))
        return FALSE;
    if (p->token != WHERE_OPERATOR)
        return where_expected(p, "one of == != < <= > >=", ret_error);
    node->op = p->op;
    if (!where_advance(p, ret_error))
        return FALSE;
    if (p->token != WHERE_WORD && p->token != WHERE_COLUMN && p->token != WHERE_QUOTED)
        return where_expected(p, "a value", ret_error);
    *right = (struct where_operand){
        .is_column = p->token == WHERE_COLUMN,
        .text = g_steal_pointer(&p->word),
        .at = where_at(p, p->token_offset),
    };
    right->is_number = !right->is_column && units_parse_number(right->text, &right->number, NULL);
    return where_advance(p, ret_error);
}

static struct where_node *where_parse_or(struct where_parser *p, uint32_t depth,
                                         GError **ret_error);

static struct where_node *where_parse_not(struct where_parser *p, uint32_t depth,
                                          GError **ret_error)
{
    if (depth > WHERE_DEPTH_MAX) {
        diagnostic_bad_input(ret_error, where_at(p, p->token_offset), "nested deeper than %d",
                             WHERE_DEPTH_MAX);
        return NULL;
    }
    if (p->token == WHERE_OPEN) {
        struct where_node *inner = NULL;
        if (where_advance(p, ret_error))
            inner = where_parse_or(p, depth + 1, ret_error);
        if (inner == NULL)
            return NULL;
        if (p->token == WHERE_CLOSE ? where_advance(p, ret_error)
                                    : where_expected(p, "and, or, or ')'", ret_error))
            return inner;
        where_node_free(inner);
        return NULL;
    }

    struct where_node *node = g_new0(struct where_node, 1);
    node->kind = p->token == WHERE_NOT ? WHERE_NOT : WHERE_OPERATOR;
    if (node->kind == WHERE_OPERATOR) {
        if (where_parse_comparison(p, node, ret_error))
            return node;
    } else if (where_advance(p, ret_error)) {
        node->left = where_parse_not(p, depth + 1, ret_error);
        if (node->left != NULL)
            return node;
    }
    where_node_free(node);
    return NULL;
}

/* A chain of `kind`, AND or OR. It grows to the left, so its length is depth for the walk: bounded.
 * */
static struct where_node *where_parse_chain(struct where_parser *p, enum where_token kind,
                                            uint32_t depth, GError **ret_error)
{
    struct where_node *chain = kind == WHERE_AND
                                   ? where_parse_not(p, depth, ret_error)
                                   : where_parse_chain(p, WHERE_AND, depth, ret_error);

    for (uint32_t count = 0; chain != NULL && p->token == kind; count++) {
        struct where_node *next = NULL;
        if (count == WHERE_CHAIN_MAX)
            diagnostic_bad_input(ret_error, where_at(p, p->token_offset), "more than %d conditions",
                                 WHERE_CHAIN_MAX);
        else if (where_advance(p, ret_error))
            next = kind == WHERE_AND ? where_parse_not(p, depth, ret_error)
                                     : where_parse_chain(p, WHERE_AND, depth, ret_error);
        if (next == NULL) {
            where_node_free(chain);
            return NULL;
        }
        struct where_node *both = g_new0(struct where_node, 1);
        both->kind = kind;
        both->left = chain;
        both->right = next;
        chain = both;
    }
    return chain;
}

static struct where_node *where_parse_or(struct where_parser *p, uint32_t depth, GError **ret_error)
{
    return where_parse_chain(p, WHERE_OR, depth, ret_error);
}

Where *where_parse(const char *expression, struct text_position at, GError **ret_error)
{
    struct where_parser p = {
        .text = expression,
        .origin = at.file != NULL ? at : diagnostic_at("where", 1, 1),
    };
    struct where_node *root = NULL;

    if (!g_utf8_validate(expression, -1, NULL)) {
        diagnostic_bad_input(ret_error, p.origin, "the filter is not valid UTF-8");
        return NULL;
    }
    if (where_advance(&p, ret_error))
        root = where_parse_or(&p, 0, ret_error);
    if (root != NULL && p.token != WHERE_END) {
        where_expected(&p, "and, or, or the end (texts with blanks need quotes)", ret_error);
        where_node_free(g_steal_pointer(&root));
    }
    g_free(p.word);
    if (root == NULL)
        return NULL;
    Where *where = g_new0(Where, 1);
    where->root = root;
    return where;
}

void where_free(Where *where)
{
    if (where == NULL)
        return;
    where_node_free(where->root);
    g_free(where);
}

static gboolean where_bind_node(struct where_node *node, const Csv *csv, GError **ret_error)
{
    if (node->left != NULL && !where_bind_node(node->left, csv, ret_error))
        return FALSE;
    if (node->right != NULL && !where_bind_node(node->right, csv, ret_error))
        return FALSE;
    for (uint32_t i = 0; i < 2; i++) {
        struct where_operand *operand = &node->operands[i];
        if (!operand->is_column)
            continue;
        int64_t found = csv_column_find(csv, operand->text);
        if (found < 0) {
            g_autofree char *hint = spelling_hint(operand->text, csv_column_names(csv));
            diagnostic_bad_input(ret_error, operand->at, "no column '%s'%s", operand->text, hint);
            return FALSE;
        }
        operand->column = (uint32_t)found;
    }
    return TRUE;
}

gboolean where_bind(Where *where, const Csv *csv, GError **ret_error)
{
    return where_bind_node(where->root, csv, ret_error);
}

static bool where_number(const struct where_operand *operand, const char *text, double *ret_number)
{
    if (!operand->is_column) {
        *ret_number = operand->number;
        return operand->is_number;
    }
    return units_parse_number(text, ret_number, NULL);
}

static bool where_compare(const struct where_node *node, const Csv *csv)
{
    const struct where_operand *left = &node->operands[0], *right = &node->operands[1];
    const char *left_text = csv_text(csv, left->column);
    const char *right_text = right->is_column ? csv_text(csv, right->column) : right->text;
    double a = 0, b = 0;
    bool right_is_number = where_number(right, right_text, &b);
    bool left_is_number = right_is_number && where_number(left, left_text, &a);
    int order = left_is_number ? (a > b) - (a < b) : strcmp(left_text, right_text);

    switch (node->op) {
    case WHERE_EQ:
        return order == 0;
    case WHERE_NE:
        return order != 0;
    default:
        break;
    }
    if (right_is_number && !left_is_number)
        return false;
    switch (node->op) {
    case WHERE_LT:
        return order < 0;
    case WHERE_LE:
        return order <= 0;
    case WHERE_GT:
        return order > 0;
    default:
        return order >= 0;
    }
}

static bool where_match_node(const struct where_node *node, const Csv *csv)
{
    switch (node->kind) {
    case WHERE_AND:
        return where_match_node(node->left, csv) && where_match_node(node->right, csv);
    case WHERE_OR:
        return where_match_node(node->left, csv) || where_match_node(node->right, csv);
    case WHERE_NOT:
        return !where_match_node(node->left, csv);
    default:
        return where_compare(node, csv);
    }
}

gboolean where_match(const Where *where, const Csv *csv)
{
    return where_match_node(where->root, csv);
}
