# title: The measures side by side
# question: Which point does better, measure by measure, and is the difference more than chance?
# caption: WITH gap AS (
#     SELECT c.name, c.unit, c.direction, p.mean, p.half_width, k.mean AS base,
#       (abs(p.mean) > p.half_width AND p.mean * c.direction > 0) AS better,
#       (abs(p.mean) > p.half_width AND p.mean * c.direction < 0) AS worse
#     FROM paired p JOIN kpi_column c USING (kpi) JOIN kpi k ON k.kpi = p.kpi AND k.point = 0
#     WHERE p.point = :other AND :other <> 0
#       AND c.name IN ('profit', 'net_sales', 'fill_rate', 'lost_sales', 'lead_time',
#         'oversold_units'))
#   SELECT CASE WHEN (SELECT count(*) FROM replication WHERE point = 0) < 2
#     THEN 'Bars are the values of the only replication; nothing is known of their error.'
#     WHEN count(*) = 0
#     THEN 'Bars are means over the replications, whiskers their 95 % intervals.'
#     ELSE 'Against ' || (SELECT label FROM point WHERE point = 0) || ', '
#       || (SELECT label FROM point WHERE point = :other) || ' is better on '
#       || sum(better) || ' of ' || count(*) || ' measures and worse on ' || sum(worse)
#       || ' (paired differences, 95 %); whiskers are 95 % intervals of the means.' END FROM gap
# data kpi: WITH wanted(place, name, title) AS (VALUES (1, 'profit', 'profit'),
#     (2, 'net_sales', 'net sales'), (3, 'fill_rate', 'fill rate'), (4, 'lost_sales', 'lost sales'),
#     (5, 'lead_time', 'lead time'), (6, 'oversold_units', 'oversold units'))
#   SELECT dense_rank() OVER (ORDER BY w.place) AS panel, s.key + 1 AS position, k.mean,
#     coalesce(k.half_width, 0) AS half_width, w.title,
#     figure(k.mean, k.half_width, c.unit) AS text, c.direction
#   FROM wanted w JOIN kpi_column c USING (name) JOIN kpi k USING (kpi)
#     JOIN json_each(:shown) s ON s.value = k.point
#   WHERE k.mean IS NOT NULL ORDER BY panel, position
#
# Panels of horizontal bars, one for each measure that the result has, bars from zero. Each bar ends
# in its value; names stand left of the first column of panels.

stats data_kpi using 'panel' nooutput
panels = int(STATS_max)
columns = narrow ? 1 : 3
rows = (panels + columns - 1) / columns
bar = narrow ? 24 : 27
head = 34
height = rows * (point_count * bar + head) + 12
eval page(height)

longest = 0
do for [i = 1:point_count] { longest = strlen(label[i]) > longest ? strlen(label[i]) : longest }
names = across((longest < 24 ? longest : 24) * font_size * 0.56 + 14)
column_width = (1 - names - across(8)) / columns

set multiplot
do for [p = 1:panels] {
    @whole
    stats data_kpi using (column('panel') == p ? column('mean') + column('half_width') : NaN) \
        nooutput
    high = STATS_max > 0 ? STATS_max : 0
    stats data_kpi using (column('panel') == p ? column('mean') - column('half_width') : NaN) \
        nooutput
    low = STATS_min < 0 ? STATS_min : 0
    span = high - low > 0 ? high - low : 1
    row = (p - 1) / columns
    col = (p - 1) % columns
    set lmargin at screen names + col * column_width
    set rmargin at screen names + (col + 1) * column_width - across(14)
    set tmargin at screen 1 - (row * (point_count * bar + head) + head) / real(height)
    set bmargin at screen 1 - ((row + 1) * (point_count * bar + head)) / real(height)
    # Room to the right of the longest bar for its value.
    set xrange [low : low + span * (narrow ? 1.62 : 1.72)]
    set yrange [point_count + 0.5 : 0.5]
    unset xtics
    unset ytics
    if (col == 0) {
        set ytics nomirror scale 0 ()
        do for [i = 1:point_count] { set ytics add (cut(label[i], 24) i) }
    }
    set label 1 '' at graph 0, graph 1 offset 0, 0.7 left textcolor rgb ink font ',14'
    title_text = ''
    better = ''
    stats data_kpi using (column('panel') == p ? (title_text = strcol('title'), \
        better = column('direction') > 0 ? ' (more is better)' : \
        column('direction') < 0 ? ' (less is better)' : '', 1) : NaN) nooutput
    set label 1 title_text . better
    set arrow 1 from 0, graph 0 to 0, graph 1 nohead linecolor rgb faint linewidth 1
    plot for [i = 1:point_count] data_kpi using (0.5 * column('mean')) : \
            (column('panel') == p && column('position') == i ? i : NaN) : \
            (0.5 * abs(column('mean'))) : (0.36) with boxxyerror linecolor rgb colour[i], \
        data_kpi using 'mean' : (column('panel') == p && column('half_width') > 0 ? \
            column('position') : NaN) : 'half_width' with xerrorbars pointtype 0 \
            linecolor rgb ink linewidth 1.4, \
        data_kpi using ((column('mean') > 0 ? column('mean') + column('half_width') : 0) \
            + span * 0.04) : (column('panel') == p ? column('position') : NaN) : \
            (strcol('text')) with labels left textcolor rgb ink
}
unset multiplot
