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
    char *label;     /* of a factorial point, or NULL */
    Node *overlay;   /* what a named point overrides, or NULL */
    char **settings; /* of --vary, "path=value", or NULL */
    uint32_t *step;  /* [axis] which of the axis's values, or NULL */
    GPtrArray *on;   /* const Node *, overlays of the factors that are on, or NULL; borrowed */
};

struct scenario_factor {
    char *name;
    const char *label; /* borrowed from the tree, or the name */
    Node *overlay;     /* what it overrides */
    struct text_position at;
};

struct scenario {
    char *path, *directory, *name, *text, *hash;
    char **sets;        /* --set arguments, never NULL */
    Node *root;         /* file, includes and sets */
    GPtrArray *points;  /* struct scenario_entry */
    GPtrArray *factors; /* struct scenario_factor */
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

/* scenario_factorial.c */

void scenario_factor_free(gpointer factor);
/* Reads and checks the block `factors`. */
void scenario_check_factors(Scenario *scenario, GPtrArray *list);

/* scenario_vary.c */

/* The point that all others are based on, or NULL with an error. */
const struct scenario_entry *scenario_vary_base(const Scenario *scenario, const char *point,
                                                GError **ret_error);
/* Replaces the points and axes of a scenario; takes both arrays. */
void scenario_vary_replace(Scenario *scenario, GPtrArray *points, GPtrArray *axes);

/* scenario_check.c */

/* Refuses in a point's or factor's overrides (`what`) whatever belongs to the scenario. */
void scenario_check_overlay(const Node *overlay, const char *what, GPtrArray *list);

/* Checks the tree of an entry and adds to `list` what isn't there yet. */
void scenario_check_entry(const Scenario *scenario, const struct scenario_entry *entry,
                          GPtrArray *list);
/* Reads run.kpis, points and calibration. */
void scenario_check_header(Scenario *scenario, GPtrArray *list);

#endif
