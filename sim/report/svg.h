/* Makes gnuplot's SVG fit to stand inside a page. */
#ifndef REPORT_SVG_H
#define REPORT_SVG_H

#include <glib.h>

/* Returns the <svg> element alone: without prologue, name spaces and gnuplot's own titles, its ids
 * prefixed (a page holds many), with `title` for screen readers. NULL when there is none in `text`.
 * Caller frees. */
char *svg_embed(const char *text, const char *prefix, const char *title);

#endif
