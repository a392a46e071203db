/* The feed's slow half: what only reports and readers pay for. */
#include "measure/feed.h"

#include "measure/detail.h"

void feed_flush(struct feed *f)
{
    if (f->reader != NULL && f->batch_count != 0)
        f->reader(f->reader_user, f->batch, f->batch_count);
    f->batch_count = 0;
}

void feed_pass_on(struct feed *f, const omo_fact *fact)
{
    if (f->detail != NULL)
        detail_read(f->detail, fact);
    if (f->reader == NULL)
        return;
    f->batch[f->batch_count++] = *fact;
    if (f->batch_count == FEED_BATCH)
        feed_flush(f);
}

void feed_units(struct feed *f, enum fact_kind kind, uint32_t place, int64_t units)
{
    struct feed_about about = {.place = place, .channel = OMO_FACT_NO_CHANNEL};

    while (units > 0) {
        int64_t part = core_min_i64(units, (int64_t)OMO_FACT_QUANTITY_MAX);
        feed_none(f, kind, about, part);
        units -= part;
    }
}
