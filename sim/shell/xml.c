/* XML 1.0 has no way to write most control characters, not even as &#1;, nor U+FFFE and U+FFFF: a
 * file with one of them is refused whole by its readers. A name or an answer from elsewhere may hold
 * any of them, so they go, and everything else is kept.
 */
#include "shell/xml.h"

static char *escape(const char *text, gboolean lines)
{
    g_autofree char *valid = g_utf8_make_valid(text == NULL ? "" : text, -1);
    g_autoptr(GString) clean = g_string_new(NULL);

    for (const char *c = valid; *c != '\0'; c = g_utf8_next_char(c)) {
        const gunichar letter = g_utf8_get_char(c);
        const gboolean out = letter < 0x20 || (letter >= 0x7f && letter < 0xa0) ||
                             letter == 0xfffe || letter == 0xffff;
        g_string_append_unichar(clean, out && !(lines && letter == '\n') ? ' ' : letter);
    }
    return g_markup_escape_text(clean->str, -1);
}

char *xml_escape(const char *text) { return escape(text, FALSE); }

char *xml_escape_lines(const char *text) { return escape(text, TRUE); }
