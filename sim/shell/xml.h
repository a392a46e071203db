/* Text for XML files: escaped, and without what XML 1.0 cannot hold. */
#ifndef SHELL_XML_H
#define SHELL_XML_H

#include <glib.h>

/* Text of an attribute or element. Control characters become blanks, bytes that aren't UTF-8 are
 * replaced; NULL is "". Caller frees. */
char *xml_escape(const char *text);
/* The same of an element's text: line ends stay. */
char *xml_escape_lines(const char *text);

#endif
