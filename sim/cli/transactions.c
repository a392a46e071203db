/* Purchases from a CSV table.
 *
 * Tables of purchases have no common header, but few words for each thing. Each role has a list of
 * those words; the first that the header has is taken, case and '_', ' ', '-' aside. A basket's
 * lines may stand apart, so nothing here joins rows: whoever counts decides what one purchase is.
 */
#include "cli/transactions.h"

#include "shell/csv.h"
#include "shell/spelling.h"
#include "shell/units.h"
#include "traffic/moment.h"

#include <string.h>

#define NAMES_MAX 12
#define INTERNED (TRANSACTIONS_STORE + 1) /* roles below hold ids, or have no use of them */

static const struct role {
    const char *name, *help;
    const char *names[NAMES_MAX];
} roles[TRANSACTIONS_ROLES] = {
    [TRANSACTIONS_CUSTOMER] = {"id",
                               "who bought",
                               {"id", "customer_id", "customer", "household_id", "household_key",
                                "member_id", "member", "user_id", "client_id", "cust"}},
    [TRANSACTIONS_DATE] = {"date",
                           "when: 2017-01-28, 20170128, with a time of day or without",
                           {"date", "transaction_timestamp", "timestamp", "datetime", "time",
                            "order_date", "purchase_date", "transaction_date", "invoice_date"}},
    [TRANSACTIONS_AMOUNT] = {"amount",
                             "money",
                             {"amount", "sales_value", "value", "spend", "revenue", "sales",
                              "monetary_value", "total"}},
    [TRANSACTIONS_BASKET] = {"basket",
                             "which purchase a line is of",
                             {"basket_id", "basket", "order_id", "invoice", "invoice_no",
                              "transaction_id", "receipt_id"}},
    [TRANSACTIONS_PRODUCT] = {"product",
                              "what was bought",
                              {"product_id", "product", "sku", "sku_id", "item_id", "item",
                               "stock_code"}},
    [TRANSACTIONS_QUANTITY] = {"quantity",
                               "units of a line",
                               {"quantity", "units", "qty", "count"}},
    [TRANSACTIONS_STORE] = {"store", "where", {"store_id", "store", "shop_id", "shop", "place"}},
    [TRANSACTIONS_DISCOUNT] = {"discount",
                               "money off the shelf price",
                               {"retail_disc", "discount", "retail_discount"}},
    [TRANSACTIONS_COUPON] = {"coupon",
                             "money off by coupons",
                             {"coupon_disc", "coupon", "coupon_discount"}},
    [TRANSACTIONS_REPEATS] = {"repeats",
                              "in a table with a row a customer: purchases after the first",
                              {"frequency", "repeats", "x"}},
    [TRANSACTIONS_LAST] = {"last",
                           "and when the last was, counted from the first",
                           {"recency", "t_x", "tx", "last"}},
    [TRANSACTIONS_AGE] = {"age",
                          "and for how long the customer has been watched since then",
                          {"age", "T", "T_cal", "tenure"}},
};

struct transactions {
    Csv *csv;
    int64_t column[TRANSACTIONS_ROLES]; /* -1 = none */
    Intern *ids[INTERNED];              /* of roles with ids, else NULL */
};

static bool same_letter(char a, char b)
{
    return g_ascii_tolower(a) == g_ascii_tolower(b) ||
           (strchr("_- ", a) != NULL && strchr("_- ", b) != NULL);
}

static bool same_name(const char *a, const char *b)
{
    while (*a != '\0' && *b != '\0' && same_letter(*a, *b))
        a++, b++;
    return *a == '\0' && *b == '\0';
}

static int64_t find_column(const Csv *csv, const struct role *role)
{
    const char *const *header = csv_column_names(csv);

    for (int i = 0; i < NAMES_MAX && role->names[i] != NULL; i++)
        for (int64_t c = 0; header[c] != NULL; c++)
            if (same_name(header[c], role->names[i]))
                return c;
    return -1;
}

static gboolean set_column(Transactions *t, const char *setting, GError **ret_error)
{
    const char *names[TRANSACTIONS_ROLES + 1] = {NULL};
    const char *equals = strchr(setting, '=');
    uint32_t column;

    for (int i = 0; i < TRANSACTIONS_ROLES; i++)
        names[i] = roles[i].name;
    if (equals == NULL) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE,
                    "--column: expected ROLE=NAME, such as id=household, found '%s'", setting);
        return FALSE;
    }
    g_autofree char *word = g_strndup(setting, (gsize)(equals - setting));
    for (int i = 0; i < TRANSACTIONS_ROLES; i++)
        if (strcmp(word, roles[i].name) == 0) {
            if (!csv_column(t->csv, equals + 1, &column, ret_error))
                return FALSE;
            t->column[i] = column;
            return TRUE;
        }
    g_autofree char *hint = spelling_hint(word, names);
    g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE,
                "--column: unknown role '%s'%s", word, hint);
    return FALSE;
}

Transactions *transactions_open(const char *path, char **columns, GError **ret_error)
{
    g_autoptr(Transactions) t = g_new0(Transactions, 1);

    t->csv = csv_open(path, ret_error);
    if (t->csv == NULL)
        return NULL;
    for (int i = 0; i < TRANSACTIONS_ROLES; i++)
        t->column[i] = find_column(t->csv, &roles[i]);
    for (; columns != NULL && *columns != NULL; columns++)
        if (!set_column(t, *columns, ret_error))
            return NULL;
    t->ids[TRANSACTIONS_CUSTOMER] = intern_new();
    t->ids[TRANSACTIONS_BASKET] = intern_new();
    t->ids[TRANSACTIONS_PRODUCT] = intern_new();
    t->ids[TRANSACTIONS_STORE] = intern_new();
    return g_steal_pointer(&t);
}

void transactions_free(Transactions *t)
{
    if (t == NULL)
        return;
    for (int i = 0; i < INTERNED; i++)
        if (t->ids[i] != NULL)
            intern_free(t->ids[i]);
    csv_free(t->csv);
    g_free(t);
}

bool transactions_has(const Transactions *t, enum transactions_role role)
{
    return t->column[role] >= 0;
}

const char *transactions_column(const Transactions *t, enum transactions_role role)
{
    return t->column[role] < 0 ? NULL : csv_column_names(t->csv)[t->column[role]];
}

gboolean transactions_need(const Transactions *t, enum transactions_role role, GError **ret_error)
{
    const char *const *header = csv_column_names(t->csv);
    const char *near = NULL;

    if (t->column[role] >= 0)
        return TRUE;
    g_autofree char *looked = g_strjoinv(", ", (char **)roles[role].names);
    for (int i = 0; i < NAMES_MAX && roles[role].names[i] != NULL && near == NULL; i++)
        near = spelling_nearest(roles[role].names[i], header);
    g_autofree char *hint = near != NULL ? g_strdup_printf("; is it '%s'?", near) : g_strdup("");
    diagnostic_bad_input(
        ret_error, diagnostic_at(csv_position(t->csv, 0).file, 1, 0),
        "no column for the %s (%s): looked for %s%s; name it with --column %s=NAME",
        roles[role].name, roles[role].help, looked, hint, roles[role].name);
    return FALSE;
}

/* ---- rows ------------------------------------------------------------------------------------ */

static void read_id(Transactions *t, enum transactions_role role, uint32_t *ret_number)
{
    if (t->column[role] >= 0)
        *ret_number = intern_put(t->ids[role], csv_text(t->csv, (uint32_t)t->column[role]), -1);
}

static gboolean read_money(const Transactions *t, enum transactions_role role, int64_t *ret_cents,
                           GError **ret_error)
{
    g_autoptr(GError) reason = NULL;

    if (t->column[role] < 0)
        return TRUE;
    if (units_parse_money_rounded_cents(csv_text(t->csv, (uint32_t)t->column[role]), ret_cents,
                                        &reason))
        return TRUE;
    transactions_refuse(t, role, ret_error, "bad %s: %s", roles[role].name, reason->message);
    return FALSE;
}

static gboolean read_number(const Transactions *t, enum transactions_role role, double *ret_number,
                            GError **ret_error)
{
    return t->column[role] < 0 ||
           csv_get_number(t->csv, (uint32_t)t->column[role], ret_number, ret_error);
}

static gboolean read_date(const Transactions *t, struct transaction *row, GError **ret_error)
{
    if (t->column[TRANSACTIONS_DATE] < 0)
        return TRUE;
    const char *text = csv_text(t->csv, (uint32_t)t->column[TRANSACTIONS_DATE]);
    if (moment_parse_local(text, strlen(text), &row->at_us, &row->has_clock))
        return TRUE;
    transactions_refuse(t, TRANSACTIONS_DATE, ret_error,
                        "expected a date such as 2017-01-28, 20170128 or 2017-01-28 19:06:53, "
                        "found '%s'",
                        text);
    return FALSE;
}

gboolean transactions_next(Transactions *t, struct transaction *ret_row, GError **ret_error)
{
    struct transaction row = {.quantity = 1};

    if (!csv_next(t->csv, ret_error))
        return FALSE;
    read_id(t, TRANSACTIONS_CUSTOMER, &row.customer);
    read_id(t, TRANSACTIONS_BASKET, &row.basket);
    read_id(t, TRANSACTIONS_PRODUCT, &row.product);
    read_id(t, TRANSACTIONS_STORE, &row.store);
    if (!read_date(t, &row, ret_error) ||
        !read_money(t, TRANSACTIONS_AMOUNT, &row.amount_cents, ret_error) ||
        !read_money(t, TRANSACTIONS_DISCOUNT, &row.discount_cents, ret_error) ||
        !read_money(t, TRANSACTIONS_COUPON, &row.coupon_cents, ret_error) ||
        !read_number(t, TRANSACTIONS_QUANTITY, &row.quantity, ret_error))
        return FALSE;
    if (t->column[TRANSACTIONS_DATE] < 0 &&
        (!read_number(t, TRANSACTIONS_REPEATS, &row.repeats, ret_error) ||
         !read_number(t, TRANSACTIONS_LAST, &row.last, ret_error) ||
         !read_number(t, TRANSACTIONS_AGE, &row.age, ret_error)))
        return FALSE;
    *ret_row = row;
    return TRUE;
}

uint32_t transactions_count(const Transactions *t, enum transactions_role role)
{
    return intern_count(t->ids[role]) - 1;
}

const char *transactions_id(const Transactions *t, enum transactions_role role, uint32_t number)
{
    return intern_text(t->ids[role], number);
}

uint64_t transactions_line_count(const Transactions *t) { return csv_row_count(t->csv); }

double transactions_share_done(const Transactions *t) { return csv_share_done(t->csv); }

void transactions_refuse(const Transactions *t, enum transactions_role role, GError **ret_error,
                         const char *format, ...)
{
    struct text_position at = csv_position(t->csv, (uint32_t)MAX(t->column[role], 0));
    va_list arguments;

    if (t->column[role] < 0)
        at.column = 0;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    diagnostic_bad_input(ret_error, at, "%s", text);
}

char *transactions_help(void)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (int i = 0; i < TRANSACTIONS_ROLES; i++) {
        g_autofree char *names = g_strjoinv(", ", (char **)roles[i].names);
        g_string_append_printf(text, "  %-9s %s\n            (%s)\n", roles[i].name, roles[i].help,
                               names);
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}
