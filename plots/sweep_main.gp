# title: Each setting by itself
# question: Which of the settings moves the objective, whatever the others are?
# for: sweep
# caption: SELECT 'Each mark is a point: ' || replace(:objective, '_', ' ')
#     || ' against one setting, whatever the others are there. '
#     || CASE WHEN EXISTS (SELECT 1 FROM axis_value GROUP BY axis, text HAVING count(*) > 1)
#       THEN 'Lines join the means of points with the same value: main effects.' ELSE
#       'Each point has a value of its own on every axis, so a trend is what is left when the others vary.' END
# data mark: WITH ax AS (SELECT axis, a.kind, a.path, count(DISTINCT v.text) AS n,
#         row_number() OVER (ORDER BY a.kind IN ('number', 'duration') DESC, axis) AS place
#       FROM axis a JOIN axis_value v USING (axis) WHERE a.kind <> 'factor' GROUP BY axis),
#     grid AS (SELECT count(*) AS axes, CAST(round(exp(sum(ln(n)))) AS INTEGER) AS points,
#         max(CASE WHEN place = 2 THEN n ELSE 1 END) AS curves FROM ax),
#     value AS (SELECT v.*, ax.path, min(v.point) OVER (PARTITION BY v.axis, v.text) AS first
#       FROM ax JOIN axis_value v USING (axis)),
#     ranked AS (SELECT *, dense_rank() OVER (PARTITION BY axis ORDER BY first) AS step FROM value)
#   SELECT dense_rank() OVER (ORDER BY r.axis) AS panel, coalesce(r.number, r.step) AS x, r.text, r.path,
#     k.mean, avg(k.mean) OVER (PARTITION BY r.axis, r.text) AS average,
#     count(*) OVER (PARTITION BY r.axis, r.text) AS many
#   FROM kpi k JOIN kpi_column c USING (kpi) JOIN ranked r ON r.point = k.point, grid
#   WHERE c.name = :objective AND k.mean IS NOT NULL AND grid.axes > 1
#     AND NOT (grid.axes = 2 AND grid.curves <= 8 AND grid.points = (SELECT count(*) FROM point))
#   ORDER BY panel, x
#
# A panel for each axis, all on one scale of the objective.

stats data_mark using 'panel' nooutput
panels = int(STATS_max)
columns = narrow ? 1 : (panels < 3 ? panels : 3)
rows = (panels + columns - 1) / columns
panel_height = 230
height = rows * panel_height + 12
eval page(height)
stats data_mark using 'mean' nooutput
room = STATS_max > STATS_min ? STATS_max - STATS_min : 1
high = STATS_max + 0.06 * room
low = STATS_min - 0.06 * room
tic = step(high - low, 4)
set grid ytics linecolor rgb rule linetype 1
set multiplot
do for [p = 1:panels] {
    @whole
    row = (p - 1) / columns
    col = (p - 1) % columns
    set lmargin at screen col * 1.0 / columns + across(narrow ? 78 : 80)
    set rmargin at screen (col + 1) * 1.0 / columns - across(24)
    set tmargin at screen 1 - (row * panel_height + 34.0) / height
    set bmargin at screen 1 - ((row + 1) * panel_height - 34.0) / height
    first = 1e300
    last = -1e300
    path = ''
    stats data_mark using (column('panel') == p ? (first = column('x') < first ? column('x') : first, \
        last = column('x') > last ? column('x') : last, path = strcol('path'), 1) : 1) nooutput
    span = last > first ? last - first : 1
    apart = span * (narrow ? 0.3 : 0.36)
    taken = first - 2 * apart
    set xtics ()
    do for [i = 0 : int(rows_mark) - 1] {
        here = taken
        stats data_mark using (column(0) == i && column('panel') == p ? (here = column('x'), \
            here_text = strcol('text'), 1) : 1) nooutput
        if (here - taken >= apart) {
            set xtics add (cut(here_text, 12) here) offset 0, 0.3
            taken = here
        }
    }
    set ytics nomirror scale 0 ()
    do for [i = ceil(low / tic) : floor(high / tic)] { set ytics add (precise(i * tic, tic) i * tic) }
    set label 1 cut(path, narrow ? 38 : 30) at graph 0, graph 1 offset 0, 0.7 left textcolor rgb ink \
        font ',14'
    set xrange [first - 0.06 * span : last + 0.06 * span]
    set yrange [low : high]
    plot data_mark using (column('panel') == p && column('many') > 1 ? column('x') : NaN) : 'average' \
            with lines linecolor rgb bad linewidth 2, \
        data_mark using (column('panel') == p ? column('x') : NaN) : 'mean' with points pointtype 7 \
            pointsize 0.5 linecolor rgb good
}
unset multiplot
