/* The table of outcomes: one line each in outcomes.def. */
#include "replay/outcome.h"

static const struct {
    const char *name;
    const char *text;
    enum outcome_class class;
} outcomes[] = {
#define OUTCOME(name, class, text) {#name, text, OUTCOME_##class},
#include "replay/outcomes.def"
#undef OUTCOME
};

const char *outcome_name(enum outcome outcome) { return outcomes[outcome].name; }

const char *outcome_text(enum outcome outcome) { return outcomes[outcome].text; }

enum outcome_class outcome_class(enum outcome outcome) { return outcomes[outcome].class; }
