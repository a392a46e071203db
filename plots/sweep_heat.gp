# title: Two settings at once
# question: Which combination of the two settings is best?
# for: sweep
# caption: SELECT 'The mean of ' || replace(:objective, '_', ' ') || ' at each combination; the frame is the best, '
#     || (SELECT label FROM point WHERE point = :winner) || '.'
# data cell: WITH ax AS (SELECT axis, count(DISTINCT v.text) AS n,
#         row_number() OVER (ORDER BY a.kind IN ('number', 'duration') DESC, axis) AS place
#       FROM axis a JOIN axis_value v USING (axis) WHERE a.kind <> 'factor' GROUP BY axis),
#     grid AS (SELECT count(*) AS axes, max(CASE WHEN place = 2 THEN n ELSE 1 END) AS curves,
#         (SELECT n FROM ax WHERE place = 1) * (SELECT n FROM ax WHERE place = 2) AS points FROM ax),
#     value AS (SELECT v.*, ax.place, min(v.point) OVER (PARTITION BY v.axis, v.text) AS first
#       FROM ax JOIN axis_value v USING (axis)),
#     ranked AS (SELECT *, dense_rank() OVER (PARTITION BY place
#       ORDER BY coalesce(number, first), first) AS step FROM value)
#   SELECT x.step AS x, y.step AS y, k.mean, x.text AS x_text, y.text AS y_text,
#     k.point = :winner AS best
#   FROM kpi k JOIN kpi_column c USING (kpi) JOIN ranked x ON x.point = k.point AND x.place = 1
#     JOIN ranked y ON y.point = k.point AND y.place = 2, grid
#   WHERE c.name = :objective AND grid.axes = 2 AND grid.curves > 8
#     AND grid.points = (SELECT count(*) FROM point) AND k.mean IS NOT NULL
#   ORDER BY y, x
# data axis: SELECT path FROM axis ORDER BY kind IN ('number', 'duration') DESC, axis
#
# A cell for each combination, equally wide, coloured by the objective's mean.

stats data_cell using 'x' nooutput
across_count = int(STATS_max)
stats data_cell using 'y' nooutput
up_count = int(STATS_max)
row_height = up_count > 30 ? 12 : 24
height = up_count * row_height + 110
eval page(height)
axis_name = ''
stats data_axis using (column(0) == 0 ? (axis_name = strcol('path'), 1) : 1) nooutput
other_name = ''
stats data_axis using (column(0) == 1 ? (other_name = strcol('path'), 1) : 1) nooutput
set lmargin at screen across(narrow ? 78 : 110)
set rmargin at screen 1 - across(narrow ? 70 : 110)
set tmargin at screen 1 - 34.0 / height
set bmargin at screen 60.0 / height
set xtics ()
set ytics nomirror scale 0 ()
skip = ceil(across_count / (narrow ? 4.0 : 10.0))
do for [i = 0 : int(rows_cell) - 1] {
    here = 0
    there = 0
    stats data_cell using (column(0) == i ? (here = int(column('x')), there = int(column('y')), \
        here_text = strcol('x_text'), there_text = strcol('y_text'), 1) : 1) nooutput
    if (there == 1 && (here - 1) % skip == 0) { set xtics add (cut(here_text, 10) here) offset 0, 0.3 }
    if (here == 1 && (row_height > 12 || there % 2 == 1)) { set ytics add (cut(there_text, 12) there) }
}
best_x = 0
best_y = 0
stats data_cell using (column('best') > 0 ? (best_x = column('x'), best_y = column('y'), 1) : 1) nooutput
set object 1 rectangle from best_x - 0.5, best_y - 0.5 to best_x + 0.5, best_y + 0.5 front \
    fillstyle empty border linecolor rgb bad linewidth 3
set label 1 other_name at graph 0, graph 1 offset 0, 0.7 left textcolor rgb faint
set label 2 axis_name at graph 1, graph 0 offset 0, -2.2 right textcolor rgb faint
set palette defined (0 '#F7FBFF', 0.5 '#6BAED6', 1 '#08306B')
set cbtics nomirror scale 0 format ''
stats data_cell using 'mean' nooutput
low = STATS_min
high = STATS_max > low ? STATS_max : low + 1
tic = step(high - low, 5)
set cbrange [low : high]
set cbtics ()
do for [i = ceil(low / tic) : floor(high / tic)] { set cbtics add (precise(i * tic, tic) i * tic) }
set xrange [0.5 : across_count + 0.5]
set yrange [0.5 : up_count + 0.5]
plot data_cell using 'x' : 'y' : 'mean' with image pixels
