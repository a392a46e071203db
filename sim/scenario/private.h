/* Inside of a Scenario, for scenario*.c alone. */
#ifndef SCENARIO_PRIVATE_H
#define SCENARIO_PRIVATE_H

#include "scenario/scenario.h"

#include "scenario/axis.h"
#include "scenario/build.h"
#include "scenario/overrides.h"

struct scenario_entry {          /* a point */
    struct scenario_point point; /* texts borrowed from the tree or owned below */
    char *name, *overrides;
    Node *overlay;   /* what a named point overrides, or NULL */
    char **settings; /* of --vary, "path=value", or NULL */
    uint32_t *step;  /* [axis] which of the axis's values, or NULL */
};

struct scenario {
    char *path, *directory, *name, *text, *hash;
    char **sets;       /* --set arguments, never NULL */
    Node *root;        /* file, includes and sets */
    GPtrArray *points; /* struct scenario_entry */
    uint32_t default_point;
    GPtrArray *axes;     /* struct axis */
    GPtrArray *kpis;     /* names and groups, borrowed from the tree */
    GArray *calibration; /* struct scenario_calibration */
};

/* scenario.c */

/* The tree that a point's model is built from, or NULL (caller frees with node_free()). NULL as
 * entry is the base. */
Node *scenario_tree(const Scenario *scenario, const struct scenario_entry *entry,
                    GError **ret_error);
struct scenario_entry *scenario_entry_new(const char *name);
void scenario_entry_free(gpointer entry);

/* scenario_check.c */

/* Checks the tree of an entry and adds to `list` what isn't there yet. */
void scenario_check_entry(const Scenario *scenario, const struct scenario_entry *entry,
                          GPtrArray *list);
/* Reads run.kpis, points and calibration. */
void scenario_check_header(Scenario *scenario, GPtrArray *list);

#endif
