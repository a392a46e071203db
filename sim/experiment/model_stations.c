/* Adding a queueing network: stations, routes, sources.
 *
 * What an option may be is the kernel's to say, and it says it when a station is added. So the
 * draft keeps a kernel beside its lists to which everything is added as it comes: a refusal has the
 * kernel's own words, at the call that deserves them. A kernel that found a mistake is of no
 * further use; it is thrown away and made anew from the lists at the next call, so that a refused
 * call leaves the model as it was. Checked here is what the kernel has no opinion on: handlers,
 * which a model can't share between worlds, and names, which become parts of KPI names.
 */
#include "experiment/seal.h"

/* ---- copies ---------------------------------------------------------------------------------- */

/* *array becomes a copy of itself in the arena; NULL stays NULL. */
static bool seal_copy_array(struct arena *a, const void **array, size_t count, size_t element_size)
{
    if (*array == NULL)
        return true;
    void *copy = arena_take(a, count, element_size);
    if (copy == NULL)
        return false;
    if (count != 0)
        memcpy(copy, *array, count * element_size);
    *array = copy;
    return true;
}

bool seal_copy_station(struct arena *a, const omo_station_options *from, omo_station_options *to)
{
    *to = *from;
    to->user = NULL;
    const void *name = from->name, *shifts = from->shifts, *crews = from->crews,
               *branches = from->branches;
    bool ok = seal_copy_array(a, &name, strlen(from->name) + 1, 1) &&
              seal_copy_array(a, &shifts, from->shift_count, sizeof(from->shifts[0])) &&
              seal_copy_array(a, &crews, from->crew_count, sizeof(from->crews[0])) &&
              seal_copy_array(a, &branches, from->branch_count, sizeof(from->branches[0]));
    to->name = name;
    to->shifts = shifts;
    to->crews = crews;
    to->branches = branches;
    return ok;
}

bool seal_copy_source(struct arena *a, const omo_source_options *from, omo_source_options *to)
{
    *to = *from;
    to->user = NULL;
    const void *name = from->name, *rates = from->rates;
    bool ok = seal_copy_array(a, &name, strlen(from->name) + 1, 1) &&
              seal_copy_array(a, &rates, from->rate_count, sizeof(from->rates[0]));
    to->name = name;
    to->rates = rates;
    return ok;
}

/* ---- checks ---------------------------------------------------------------------------------- */

static omo_status model_stations_name(const struct model_draft *d, const char *name,
                                      omo_error *ret_error)
{
    const struct queueing q = draft_queueing(d);

    DRAFT_CHECK(name != NULL && name[0] != '\0', "a station or source needs a name");
    DRAFT_CHECK(strchr(name, '.') == NULL,
                "%s: a name can't have a dot, which divides the names of KPIs", name);
    for (uint32_t i = 0; i < q.station_count; i++)
        DRAFT_CHECK(strcmp(q.station[i].name, name) != 0, "%s: there is a station of that name",
                    name);
    for (uint32_t i = 0; i < q.source_count; i++)
        DRAFT_CHECK(strcmp(q.source[i].name, name) != 0, "%s: there is a source of that name",
                    name);
    return OMO_OK;
}

/* The draft's kernel with all that was added so far, or NULL with the error set. */
static omo_kernel *model_stations_kernel(struct model_draft *d, omo_error *ret_error)
{
    const struct queueing q = draft_queueing(d);

    if (d->kernel != NULL)
        return d->kernel;
    d->kernel = omo_kernel_new(NULL, ret_error);
    if (d->kernel == NULL)
        return NULL;
    omo_status status = queueing_fill(&q, d->kernel, ret_error);
    OMO_ASSERT(status == OMO_OK);
    return d->kernel;
}

/* What the kernel says of the last thing that was added to it. */
static omo_status model_stations_verdict(struct model_draft *d, omo_status status,
                                         omo_error *ret_error)
{
    omo_status told = omo_kernel_status(d->kernel, ret_error);

    if (told == OMO_OK && status == OMO_OK)
        return OMO_OK;
    if (told == OMO_OK)
        told = core_error(ret_error, status, "the kernel refuses this");
    omo_kernel_free(d->kernel);
    d->kernel = NULL;
    return told;
}

/* Tables of empirical laws are copied; whether the law makes sense where it is used, the kernel
 * says. */
static omo_status model_stations_law(omo_model *m, omo_law *law, omo_error *ret_error)
{
    return law->kind == OMO_LAW_EMPIRICAL ? draft_keep_law(&m->tables, law, ret_error) : OMO_OK;
}

/* ---- adding ---------------------------------------------------------------------------------- */

omo_status omo_model_add_station(omo_model *model, const omo_station_options *options,
                                 omo_station *ret_station, omo_error *ret_error)
{
    DRAFT_OPEN(model, options);
    struct model_draft *d = model->draft;
    omo_station_options copy;

    if (model_stations_name(d, options->name, ret_error) != OMO_OK)
        return OMO_EINVAL;
    DRAFT_CHECK(options->on_start == NULL && options->on_done == NULL &&
                    options->on_reneged == NULL && options->on_refused == NULL,
                "%s: a station of a model has no handlers", options->name);
    DRAFT_CHECK((options->shifts != NULL) == (options->shift_count != 0) &&
                    (options->crews != NULL) == (options->crew_count != 0) &&
                    (options->branches != NULL) == (options->branch_count != 0),
                "%s: a list and its count don't agree", options->name);
    for (uint32_t i = 0; i < options->branch_count; i++)
        DRAFT_CHECK(options->branches[i].index < d->stations.count,
                    "%s: a branch must be a station that was added before", options->name);
    if (model_stations_kernel(d, ret_error) == NULL)
        return OMO_ENOMEM;
    if (!seal_copy_station(&d->arena, options, &copy))
        return draft_memory(ret_error);
    omo_law *law[] = {&copy.service, &copy.patience, &copy.up, &copy.down};
    for (size_t i = 0; i < sizeof(law) / sizeof(law[0]); i++)
        if (model_stations_law(model, law[i], ret_error) != OMO_OK)
            return OMO_EINVAL;
    omo_kernel_add_station(d->kernel, &copy);
    omo_status status = model_stations_verdict(d, OMO_OK, ret_error);
    if (status != OMO_OK)
        return status;
    uint32_t index = draft_add(&d->stations, &copy, sizeof(copy));
    if (index == OMO_NONE)
        return draft_memory(ret_error);
    if (ret_station != NULL)
        ret_station->index = index;
    return OMO_OK;
}

omo_status omo_model_add_route(omo_model *model, omo_station from, omo_outcome outcome,
                               omo_station to, uint32_t share_ppm, omo_error *ret_error)
{
    DRAFT_CHECK(model != NULL && !model->sealed, "the model is sealed or missing");
    struct model_draft *d = model->draft;
    const struct queueing q = draft_queueing(d);
    const struct queueing_route route = {from, outcome, to, share_ppm};
    uint64_t sum_ppm = share_ppm;

    DRAFT_CHECK(from.index < q.station_count && to.index < q.station_count,
                "a route leads from and to a station that was added before");
    DRAFT_CHECK((unsigned)outcome < OMO_OUTCOME_COUNT, "%s: a route of an unknown outcome",
                q.station[from.index].name);
    for (uint32_t i = 0; i < q.route_count; i++)
        if (q.route[i].from.index == from.index && q.route[i].outcome == outcome)
            sum_ppm += q.route[i].share_ppm;
    DRAFT_CHECK(sum_ppm <= OMO_PPM, "%s: the shares of its routes add up to %.6g %%, above 100 %%",
                q.station[from.index].name, (double)sum_ppm / 1e4);
    if (model_stations_kernel(d, ret_error) == NULL)
        return OMO_ENOMEM;
    omo_status status =
        model_stations_verdict(d, omo_kernel_route(d->kernel, from, outcome, to, share_ppm),
                               ret_error);
    if (status != OMO_OK)
        return status;
    return draft_add(&d->routes, &route, sizeof(route)) == OMO_NONE ? draft_memory(ret_error)
                                                                    : OMO_OK;
}

omo_status omo_model_add_source(omo_model *model, const omo_source_options *options,
                                omo_source *ret_source, omo_error *ret_error)
{
    DRAFT_OPEN(model, options);
    struct model_draft *d = model->draft;
    omo_source_options copy;

    if (model_stations_name(d, options->name, ret_error) != OMO_OK)
        return OMO_EINVAL;
    DRAFT_CHECK(options->on_arrival == NULL && options->on_end == NULL,
                "%s: a source of a model has no handlers", options->name);
    DRAFT_CHECK((options->rates != NULL) == (options->rate_count != 0),
                "%s: a list and its count don't agree", options->name);
    DRAFT_CHECK(options->to.index < d->stations.count,
                "%s: a source needs a station that was added before", options->name);
    DRAFT_CHECK(options->skill < OMO_SKILLS_MAX, "%s: skills are 0 to %d", options->name,
                OMO_SKILLS_MAX - 1);
    if (model_stations_kernel(d, ret_error) == NULL)
        return OMO_ENOMEM;
    if (!seal_copy_source(&d->arena, options, &copy))
        return draft_memory(ret_error);
    if (model_stations_law(model, &copy.interval, ret_error) != OMO_OK)
        return OMO_EINVAL;
    omo_kernel_add_source(d->kernel, &copy);
    omo_status status = model_stations_verdict(d, OMO_OK, ret_error);
    if (status != OMO_OK)
        return status;
    uint32_t index = draft_add(&d->sources, &copy, sizeof(copy));
    if (index == OMO_NONE)
        return draft_memory(ret_error);
    if (ret_source != NULL)
        ret_source->index = index;
    return OMO_OK;
}
