/* The columns of a plan as a table: a row a step, those of a journey one below the other.
 *
 *   column         of       what                                            when missing or empty
 *   journey        journey  any text; rows that follow each other with the  each row is a journey
 *                           same one are one journey
 *   start_us       journey  its start, microseconds since time 0            the first step's time
 *   member         journey  number                                          nobody known
 *   order          journey  number                                          none
 *   channel        journey  name                                            none
 *   journey_place  journey  name                                            none
 *   at_us          step     intended time, microseconds since time 0        (needed)
 *   step           step     kind: see traffic/steps.def                     (needed)
 *   place          step     name                                            none
 *   sku            step     name                                            none
 *   quantity       step     units                                           0
 *   amount         step     money: 12.50                                    0
 *   coupon         step     name                                            none
 *   request        step     recorded request, an HTTP/1.1 message in base64 none
 *
 * What is of the journey is taken from its first row.
 */
#ifndef TRAFFIC_CSV_COLUMNS_H
#define TRAFFIC_CSV_COLUMNS_H

enum csv_columns {
    CSV_JOURNEY,
    CSV_START_US,
    CSV_MEMBER,
    CSV_ORDER,
    CSV_CHANNEL,
    CSV_JOURNEY_PLACE,
    CSV_AT_US,
    CSV_STEP,
    CSV_PLACE,
    CSV_SKU,
    CSV_QUANTITY,
    CSV_AMOUNT,
    CSV_COUPON,
    CSV_REQUEST,
    CSV_COLUMNS
};

static const char *const csv_columns[CSV_COLUMNS] = {"journey", "start_us", "member",
                                                     "order",   "channel",  "journey_place",
                                                     "at_us",   "step",     "place",
                                                     "sku",     "quantity", "amount",
                                                     "coupon",  "request"};

#endif
