# title: Orders and sales by channel
# question: Which channels grow, and do they take from each other?
# keys: points
# caption: WITH sum_of AS (SELECT point, channel, sum(orders) AS orders FROM
#       (SELECT point, channel, value AS orders FROM series WHERE name = 'orders'
#         AND day >= :warm_up_days) GROUP BY point, channel),
#     gap AS (SELECT c.id, b.orders - a.orders AS change FROM sum_of a
#       JOIN sum_of b ON b.channel = a.channel AND b.point = :other
#       JOIN channel c ON c.channel = a.channel WHERE a.point = 0)
#   SELECT CASE WHEN :other = 0 THEN (SELECT id FROM channel JOIN sum_of USING (channel)
#       WHERE point = 0 ORDER BY orders DESC LIMIT 1) || ' takes the most orders.'
#     ELSE 'From ' || (SELECT label FROM point WHERE point = 0) || ' to '
#       || (SELECT label FROM point WHERE point = :other) || ' '
#       || (SELECT id || ' changes most: ' || change(change, NULL, 'orders') FROM gap
#         ORDER BY abs(change) DESC LIMIT 1) || '; all channels together '
#       || (SELECT change(sum(change), NULL, 'orders') FROM gap) || '.' END || ' First replication.'
#   WHERE EXISTS (SELECT 1 FROM sum_of)
# data sums: WITH day AS (SELECT point, channel, day,
#       sum(CASE name WHEN 'orders' THEN value END) AS orders,
#       sum(CASE name WHEN 'sales_cents' THEN value END) / 100.0 AS sales
#     FROM series WHERE name IN ('orders', 'sales_cents') AND day >= :warm_up_days
#     GROUP BY point, channel, day),
#     mean AS (SELECT point, channel, avg(orders) AS orders, avg(sales) AS sales FROM day
#       GROUP BY point, channel)
#   SELECT dense_rank() OVER (ORDER BY m.channel) AS row, c.id AS channel, s.key + 1 AS position,
#     m.orders, m.sales, figure(m.orders, NULL, '') AS orders_text,
#     figure(m.sales, NULL, '') AS sales_text
#   FROM mean m JOIN json_each(:shown) s ON s.value = m.point JOIN channel c USING (channel)
#   WHERE m.channel IN (SELECT channel FROM mean WHERE orders > 0)
#   ORDER BY row, position
#
# Two panels of grouped bars: mean orders a day and mean sales a day, a group for each channel, a
# bar for each point. Bars begin at zero and end in their value. Where one channel dwarfs the others
# (walk-in by habit), each channel has a scale of its own, so that the points can be compared within
# it; the heading says so.

stats data_sums using 'row' nooutput
groups = int(STATS_max)
bar = narrow ? 15 : 17
group = point_count * bar + 14
panels = 2
columns = narrow ? 1 : 2
panel_height = groups * group + 40
height = (narrow ? 2 : 1) * panel_height + 8
eval page(height)
names = across(narrow ? 86 : 100)
column_width = (1 - names) / columns

unset xtics
set multiplot
do for [p = 1:panels] {
    @whole
    measure = p == 1 ? 'orders' : 'sales'
    row = narrow ? p - 1 : 0
    col = narrow ? 0 : p - 1
    stats data_sums using (column(measure)) nooutput
    high = STATS_max > 0 ? STATS_max : 1
    array most[groups]
    least = high
    do for [g = 1:groups] {
        stats data_sums using (column('row') == g ? column(measure) : NaN) nooutput
        most[g] = STATS_max > 0 ? STATS_max : 1
        least = most[g] < least ? most[g] : least
    }
    own = point_count > 1 && high > 8 * least
    do for [g = 1:groups] { most[g] = own ? most[g] : high }
    set lmargin at screen names + col * column_width
    set rmargin at screen names + (col + 1) * column_width - across(12)
    set tmargin at screen 1 - (row * panel_height + 32.0) / height
    set bmargin at screen 1 - ((row + 1) * panel_height - 8.0) / height
    unset ytics
    if (col == 0) {
        set ytics nomirror scale 0 ()
        title_text = ''
        do for [g = 1:groups] {
            stats data_sums using (column('row') == g ? (title_text = strcol('channel'), 1) : NaN) \
                nooutput
            set ytics add (cut(title_text, 14) g)
        }
    }
    set label 1 (p == 1 ? 'orders a day' : 'sales a day, ' . currency) . \
        (own ? ' (a scale for each channel)' : '') at graph 0, graph 1 offset 0, 0.5 left \
        textcolor rgb ink font ',14'
    share = 1.0 * point_count * bar / group
    at(g, i) = g + ((i - 0.5) / point_count - 0.5) * share
    half = 0.42 * share / point_count
    set arrow 1 from 0, graph 0 to 0, graph 1 nohead linecolor rgb faint linewidth 1
    set xrange [0 : narrow ? 1.25 : 1.2]
    set yrange [groups + 0.5 : 0.5]
    share_of(row) = column(measure) / most[int(row)]
    plot for [i = 1:point_count] data_sums using (0.5 * share_of(column('row'))) : \
            (column('position') == i ? at(column('row'), i) : NaN) : \
            (0.5 * share_of(column('row'))) : (half) with boxxyerror linecolor rgb colour[i], \
        data_sums using (share_of(column('row')) + 0.015) : \
            (at(column('row'), column('position'))) : (strcol(measure . '_text')) \
            with labels left textcolor rgb ink font ',11'
}
unset multiplot
