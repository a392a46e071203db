/* What an audit found, for people: a table of all invariants, the evidence of those that are
 * violated, what could not be told and why, and last, where a terminal leaves the eye, the verdict in
 * a sentence.
 *
 * A finding names its subject and says what is wrong, with the requests that prove it below. Only the
 * worst few are printed; the record and --json have up to AUDIT_FINDINGS_MAX of each invariant.
 */
#include "replay/audit/tell.h"

#include "replay/figure.h"
#include "shell/diagnostic.h"

#include <string.h>

static const char *const off = "\033[0m", *const bold = "\033[1m";

/* Verdicts have a colour, and stand there in words as well. */
static const char *verdict_colour(enum audit_verdict verdict)
{
    static const char *const colours[] = {[AUDIT_HOLDS] = "\033[32m",
                                          [AUDIT_VIOLATED] = "\033[31m",
                                          [AUDIT_CANNOT_TELL] = "\033[33m"};

    return colours[verdict];
}

static void print_verdict(FILE *stream, bool colour, enum audit_verdict verdict)
{
    fprintf(stream, "%s%-11s%s", colour ? verdict_colour(verdict) : "", audit_verdict_name(verdict),
            colour ? off : "");
}

/* The count, or a dash for none. */
static struct figure cell(uint64_t count)
{
    return count > 0 ? figure_count(count) : (struct figure){"-"};
}

/* Texts hold what the service said, which may be anything: nothing of it moves the cursor. */
static void print_text(FILE *stream, const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);

    for (const char *c = valid; *c != '\0'; c = g_utf8_next_char(c)) {
        const gunichar letter = g_utf8_get_char(c);
        if (letter < 0x20 || (letter >= 0x7f && letter < 0xa0))
            fputc(' ', stream);
        else
            fwrite(c, 1, (size_t)(g_utf8_next_char(c) - c), stream);
    }
}

/* ---- parts ----------------------------------------------------------------------------------- */

static void print_counts(const struct audit_counts *c, FILE *stream)
{
    fprintf(stream, "  requests  %s: %s done, %s not done, %s open\n",
            figure_count(c->requests).text, figure_count(c->done).text,
            figure_count(c->not_done).text, figure_count(c->open).text);
    fprintf(stream, "  orders    %s asked for: %s acknowledged, %s open; %s new in the books\n",
            figure_count(c->orders_asked).text, figure_count(c->orders_done).text,
            figure_count(c->orders_open).text, figure_count(c->orders_in_books).text);
}

static void print_table(const Audit *audit, FILE *stream, bool colour)
{
    int width = 0;

    for (uint32_t i = 0; i < AUDIT_INVARIANT_COUNT; i++)
        width = MAX(width, (int)strlen(audit_invariant_title(i)));
    fprintf(stream, "\n%s%-*s  %-11s  %9s  %9s  %10s%s\n", colour ? bold : "", width, "invariant",
            "verdict", "checked", "open", "violations", colour ? off : "");
    for (uint32_t i = 0; i < AUDIT_INVARIANT_COUNT; i++) {
        const struct audit_result *r = audit_result(audit, i);
        fprintf(stream, "%-*s  ", width, audit_invariant_title(i));
        print_verdict(stream, colour, r->verdict);
        fprintf(stream, "  %9s  %9s  %10s\n", cell(r->checked).text, cell(r->open).text,
                cell(r->violations).text);
    }
}

static void print_finding(const struct audit_finding *f, FILE *stream, bool colour)
{
    fprintf(stream, "  %s", colour ? bold : "");
    print_text(stream, f->subject);
    fprintf(stream, "%s: ", colour ? off : "");
    print_text(stream, f->text);
    for (guint i = 0; i < f->requests->len; i++) {
        fputs("\n      ", stream);
        print_text(stream, g_array_index(f->requests, struct audit_request, i).text);
    }
    fputc('\n', stream);
}

static void print_evidence(const Audit *audit, FILE *stream, bool colour, uint32_t findings_max)
{
    for (uint32_t i = 0; i < AUDIT_INVARIANT_COUNT; i++) {
        const struct audit_result *r = audit_result(audit, i);
        const guint shown = MIN(r->findings->len, findings_max);
        if (r->verdict != AUDIT_VIOLATED)
            continue;
        fprintf(stream, "\n%s%s%s: %s\n", colour ? verdict_colour(AUDIT_VIOLATED) : "",
                audit_invariant_title(i), colour ? off : "", audit_invariant_text(i));
        for (guint k = 0; k < shown; k++)
            print_finding(g_ptr_array_index(r->findings, k), stream, colour);
        if (r->violations > shown)
            fprintf(stream, "  and %s more\n", figure_count(r->violations - shown).text);
    }
}

/* What an invariant lacked, also where the rest was enough for a verdict. */
static void print_missing(const Audit *audit, FILE *stream)
{
    bool first = true;

    for (uint32_t i = 0; i < AUDIT_INVARIANT_COUNT; i++) {
        const struct audit_result *r = audit_result(audit, i);
        if (r->missing->len == 0)
            continue;
        fprintf(stream, "%s  %s: ", first ? "\nnot there to tell by\n" : "",
                audit_invariant_title(i));
        for (guint k = 0; k < r->missing->len; k++) {
            fputs(k > 0 ? "; " : "", stream);
            print_text(stream, g_ptr_array_index(r->missing, k));
        }
        fputc('\n', stream);
        first = false;
    }
}

static void print_notes(const Audit *audit, FILE *stream)
{
    const char *const *notes = audit_notes(audit);

    if (notes[0] != NULL)
        fputs("\nto know\n", stream);
    for (; *notes != NULL; notes++) {
        fputs("  ", stream);
        print_text(stream, *notes);
        fputc('\n', stream);
    }
}

char *audit_sentence(const Audit *audit)
{
    uint32_t count[AUDIT_CANNOT_TELL + 1] = {0}, first = AUDIT_INVARIANT_COUNT;

    for (uint32_t i = 0; i < AUDIT_INVARIANT_COUNT; i++) {
        const enum audit_verdict verdict = audit_result(audit, i)->verdict;
        count[verdict]++;
        if (verdict == AUDIT_VIOLATED && first == AUDIT_INVARIANT_COUNT)
            first = i;
    }
    if (audit_verdict(audit) == AUDIT_CANNOT_TELL)
        return g_strdup("CANNOT TELL: there is nothing to judge by");
    g_autofree char *unknown =
        count[AUDIT_CANNOT_TELL] > 0
            ? g_strdup_printf("; %u cannot be told", count[AUDIT_CANNOT_TELL])
            : g_strdup("");
    if (first == AUDIT_INVARIANT_COUNT)
        return g_strdup_printf("HOLDS: %u of %u invariants hold%s", count[AUDIT_HOLDS],
                               AUDIT_INVARIANT_COUNT, unknown);
    return g_strdup_printf("VIOLATED: %u of %u invariants (%s%s)%s", count[AUDIT_VIOLATED],
                           AUDIT_INVARIANT_COUNT, audit_invariant_title(first),
                           count[AUDIT_VIOLATED] > 1 ? ", and others" : "", unknown);
}

void audit_print(const Audit *audit, FILE *stream, uint32_t findings_max)
{
    const bool colour = diagnostic_use_colour(stream);
    g_autofree char *sentence = audit_sentence(audit);

    fprintf(stream, "%saudit%s\n", colour ? bold : "", colour ? off : "");
    print_counts(audit_counts(audit), stream);
    print_table(audit, stream, colour);
    print_evidence(audit, stream, colour, findings_max);
    print_missing(audit, stream);
    print_notes(audit, stream);
    fprintf(stream, "\n%s%s%s\n", colour ? verdict_colour(audit_verdict(audit)) : "", sentence,
            colour ? off : "");
}
