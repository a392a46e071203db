/* An SVG file and an SVG element differ in small things. Inside HTML the name space is known and
 * the prologue is an error; ids are shared by the whole page, so the symbols of one picture would
 * stand in for those of the next; and gnuplot's <title> elements ("gnuplot_plot_1") would show up
 * as tooltips. gnuplot's output is regular, so a few replacements do; no XML parser is needed.
 */
#include "report/svg.h"

#include <string.h>

#include "report/format.h"

static void embed_replace(GString *svg, const char *find, const char *form, const char *prefix)
{
    g_autofree char *replacement = g_strdup_printf("%s%s-", form, prefix);

    g_string_replace(svg, find, replacement, 0);
}

/* Cuts every OPEN ... CLOSE. */
static void embed_cut(GString *svg, const char *open, const char *close)
{
    const char *from;

    while ((from = strstr(svg->str, open)) != NULL) {
        const char *to = strstr(from, close);
        gsize size = to != NULL ? (gsize)(to - from) + strlen(close) : strlen(from);
        g_string_erase(svg, from - svg->str, (gssize)size);
    }
}

char *svg_embed(const char *text, const char *prefix, const char *title)
{
    const char *start = strstr(text, "<svg"), *end = g_strrstr(text, "</svg>");
    g_autofree char *escaped = format_html(title);
    g_autofree char *head = g_strdup_printf("<svg role=\"img\" aria-label=\"%s\"", escaped);
    GString *svg;

    if (start == NULL || end == NULL || end < start)
        return NULL;
    svg = g_string_new_len(start, end - start + (gssize)strlen("</svg>"));
    embed_cut(svg, "<title>", "</title>");
    embed_cut(svg, "<desc>", "</desc>");
    embed_cut(svg, " xmlns=\"", "\"\n");
    embed_cut(svg, " xmlns:xlink=\"", "\"\n");
    embed_replace(svg, "id=\"", "id=\"", prefix);
    embed_replace(svg, "id='", "id='", prefix);
    embed_replace(svg, "href='#", "href='#", prefix);
    embed_replace(svg, "url(#", "url(#", prefix);
    g_string_replace(svg, "xlink:href", "href", 0);
    g_string_replace(svg, "\t", "", 0);
    g_string_replace(svg, "\n\n", "\n", 0);
    g_string_erase(svg, 0, (gssize)strlen("<svg"));
    g_string_prepend(svg, head);
    return g_string_free(svg, FALSE);
}
