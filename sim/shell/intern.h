/* Texts to numbers: each different text gets one, 1, 2, ... in the order of their coming; "" is 0.
 * One thread. Never shrinks. */
#ifndef SHELL_INTERN_H
#define SHELL_INTERN_H

#include <glib.h>
#include <stdint.h>

#define INTERN_NONE 0u

typedef struct intern Intern;
Intern *intern_new(void);
void intern_free(Intern *intern);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Intern, intern_free)
/* The text's number; it is taken in when it is new. `size` < 0: terminated. Texts of fewer than
 * UINT32_MAX bytes. */
uint32_t intern_put(Intern *intern, const char *text, int64_t size);
/* The number in decimal digits, as text. */
uint32_t intern_put_number(Intern *intern, uint64_t number);
/* Terminated; borrowed until intern_free(), and stays where it is while others are taken in. */
const char *intern_text(const Intern *intern, uint32_t number);
/* How many there are, 0 included: numbers are below it. */
uint32_t intern_count(const Intern *intern);

#endif
