# title: The measures along the setting
# for: sweep
# question: How does each measure change with the setting, and from where on is it more than chance?
# caption: SELECT CASE WHEN (SELECT count(*) FROM replication WHERE point = 0) < 2
#     THEN 'Each mark is the only replication; nothing is known of its error.'
#     ELSE 'Bands are 95 % intervals of the means. The bars at the marks are those of the differences '
#       || 'to ' || (SELECT label FROM point WHERE point = 0)
#       || ': all points met the same customers.' END
#     || CASE WHEN EXISTS (SELECT 1 FROM expected) THEN ' Dashed and dotted: closed forms, see below.' ELSE '' END
# data curve: WITH ax AS (SELECT axis, a.kind, count(DISTINCT v.text) AS n,
#         row_number() OVER (ORDER BY a.kind IN ('number', 'duration') DESC, axis) AS place
#       FROM axis a JOIN axis_value v USING (axis) GROUP BY axis),
#     grid AS (SELECT count(*) AS axes, min(kind <> 'factor') AS free,
#         CAST(round(exp(sum(ln(n)))) AS INTEGER) AS points,
#         max(CASE WHEN place = 2 THEN n ELSE 1 END) AS curves FROM ax),
#     x AS (SELECT v.point, v.text, v.number, min(v.point) OVER (PARTITION BY v.text) AS first
#       FROM ax JOIN axis_value v USING (axis) WHERE place = 1),
#     s AS (SELECT v.point, v.text, min(v.point) OVER (PARTITION BY v.text) AS first
#       FROM ax JOIN axis_value v USING (axis) WHERE place = 2)
#   SELECT k0.row + 1 AS panel, coalesce(dense_rank() OVER (ORDER BY s.first), 1) AS series,
#     coalesce(x.number, dense_rank() OVER (ORDER BY x.first)) AS x,
#     x.number IS NOT NULL AS numeric, x.text, coalesce(s.text, '-') AS curve,
#     k.mean, coalesce(k.half_width, 0) AS half_width, coalesce(p.half_width, 0) AS paired,
#     replace(c.name, '_', ' ') || CASE WHEN c.unit = 'money'
#         THEN ', ' || (SELECT value FROM run WHERE key = 'currency')
#       WHEN c.unit = '1' OR c.name LIKE '%' || c.unit THEN '' ELSE ', ' || c.unit END
#       || CASE c.direction WHEN 1 THEN ' (↑ better)' WHEN -1 THEN ' (↓ better)' ELSE '' END AS title
#   FROM sweep_kpi k0 JOIN kpi_column c USING (name) JOIN kpi k USING (kpi)
#     JOIN paired p ON p.kpi = k.kpi AND p.point = k.point
#     JOIN x ON x.point = k.point LEFT JOIN s ON s.point = k.point, grid
#   WHERE k.mean IS NOT NULL AND k0.row < 8 AND grid.axes <= 2 AND grid.free AND grid.curves <= 8
#     AND grid.points = (SELECT count(*) FROM point)
#   ORDER BY panel, series, x
# data expected: WITH ax AS (SELECT axis, a.kind,
#         row_number() OVER (ORDER BY a.kind IN ('number', 'duration') DESC, axis) AS place
#       FROM axis a),
#     x AS (SELECT v.point, v.text, v.number, min(v.point) OVER (PARTITION BY v.text) AS first
#       FROM ax JOIN axis_value v USING (axis) WHERE place = 1),
#     s AS (SELECT v.point, min(v.point) OVER (PARTITION BY v.text) AS first
#       FROM ax JOIN axis_value v USING (axis) WHERE place = 2)
#   SELECT k0.row + 1 AS panel, coalesce(dense_rank() OVER (ORDER BY s.first), 1) AS series,
#     coalesce(x.number, dense_rank() OVER (ORDER BY x.first)) AS x, e.value,
#     1 + (e.name <> 'closed form') AS kind
#   FROM sweep_kpi k0 JOIN expected e ON e.kpi = k0.name JOIN x ON x.point = e.point
#     LEFT JOIN s ON s.point = e.point
#   ORDER BY panel, series, kind, x
# data axis: SELECT path, kind, unit FROM axis
#   ORDER BY kind IN ('number', 'duration') DESC, axis
#
# A panel for each measure. Numbers stand at their value; over more than a decade the axis is
# logarithmic, and 0 has the first place, a step before the smallest. Categories stand in the order
# in which they were given. A second setting has a curve for each of its values.

stats data_curve using 'panel' nooutput
panels = int(STATS_max)
stats data_curve using 'series' nooutput
curves = int(STATS_max)
stats data_curve using 'numeric' nooutput
numeric = int(STATS_min)
columns = narrow || panels == 1 ? 1 : 2
rows = (panels + columns - 1) / columns
panel_height = narrow ? 225 : 250
keys_height = curves > 1 ? 22 * (narrow ? curves : (curves + 2) / 3) + 8 : 0
height = rows * panel_height + keys_height + 20
eval page(height)

# Where a value stands: its own scale, or decades with 0 a step before the smallest.
smallest = 1e300
stats data_curve using (numeric && column('x') > 0 && column('x') < smallest ? \
    (smallest = column('x')) : 1) nooutput
stats data_curve using 'x' nooutput
wide_span = numeric && STATS_min >= 0 && STATS_max / smallest > 12
zero_at = log10(smallest) - 0.12 * (log10(STATS_max) - log10(smallest)) - 0.2
at(x) = wide_span ? (x > 0 ? log10(x) : zero_at) : x
first = at(STATS_min)
last = at(STATS_max)
span = last - first > 0 ? last - first : 1
apart = span * (narrow ? 0.17 : 0.09) # of two texts below the axis

axis_name = ''
stats data_axis using (column(0) == 0 ? (axis_name = strcol('path'), 1) : 1) nooutput
curve_name = ''
stats data_axis using (column(0) == 1 ? (curve_name = strcol('path'), 1) : 1) nooutput
array hue[8] = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9', '#000000', '#888888']

mine(p, s) = column('panel') == p && column('series') == s

set multiplot
if (curves > 1) {
    do for [s = 1:curves] {
        name = ''
        stats data_curve using (column('series') == s ? (name = strcol('curve'), 1) : NaN) nooutput
        col = narrow ? 0 : (s - 1) % 3
        row = narrow ? s - 1 : (s - 1) / 3
        set label (200 + s) cut(curve_name . ' = ' . name, narrow ? 40 : 38) \
            at screen across(22) + col * 0.32, screen 1 - (row * 22 + 14) / real(height) \
            left textcolor rgb hue[s] point pointtype 7 pointsize 0.7 linecolor rgb hue[s] offset 1, 0
    }
}
set grid ytics linecolor rgb rule linetype 1
do for [p = 1:panels] {
    @whole
    row = (p - 1) / columns
    col = (p - 1) % columns
    set lmargin at screen col * 1.0 / columns + across(narrow ? 78 : 84)
    set rmargin at screen (col + 1) * 1.0 / columns - across(20)
    set tmargin at screen 1 - (keys_height + row * panel_height + 34.0) / height
    set bmargin at screen 1 - (keys_height + (row + 1) * panel_height - 50.0) / height
    stats data_curve using (column('panel') == p ? column('mean') + \
        (column('half_width') > column('paired') ? column('half_width') : column('paired')) : NaN) nooutput
    high = STATS_max
    stats data_curve using (column('panel') == p ? column('mean') - \
        (column('half_width') > column('paired') ? column('half_width') : column('paired')) : NaN) nooutput
    low = STATS_min
    if (rows_expected > 0) {
        stats data_expected using (column('panel') == p && column('value') > high ? \
            (high = column('value')) : 1) nooutput
    }
    low = low < 0 && high > 0 ? low : low >= 0 && low < 0.35 * high ? 0 : low
    room = high > low ? high - low : (high != 0 ? abs(high) : 1)
    high = high + 0.06 * room
    low = low == 0 ? 0 : low - 0.06 * room
    tic = step(high - low, 4)
    set ytics nomirror scale 0 ()
    do for [i = ceil(low / tic) : floor(high / tic)] { set ytics add (precise(i * tic, tic) i * tic) }
    title_text = ''
    stats data_curve using (column('panel') == p ? (title_text = strcol('title'), 1) : 1) nooutput
    set label 1 title_text at graph 0, graph 1 offset 0, 0.7 left textcolor rgb ink font ',14'
    set label 2 axis_name at graph 1, graph 0 offset 0, -2.2 right textcolor rgb faint
    set xtics ()
    taken = first - 2 * apart
    do for [i = 0 : int(rows_curve) - 1] {
        here = taken
        stats data_curve using (column(0) == i && mine(1, 1) ? \
            (here = at(column('x')), text = strcol('text'), 1) : 1) nooutput
        if (here - taken >= apart) {
            set xtics add (cut(text, 14) here) offset 0, 0.3
            taken = here
        }
    }
    set xrange [first - 0.04 * span : last + 0.04 * span]
    set yrange [low : high]
    plot for [s = 1:curves] data_curve using (mine(p, s) ? at(column('x')) : NaN) : \
            (column('mean') - column('half_width')) : (column('mean') + column('half_width')) \
            with filledcurves fillcolor rgb hue[s] fillstyle transparent solid 0.16 noborder, \
        for [s = 1:curves] for [k = 1:2] data_expected using (mine(p, s) && column('kind') == k ? \
            at(column('x')) : NaN) : 'value' with lines dashtype k + 1 linecolor rgb ink \
            linewidth 1.6, \
        for [s = 1:curves] data_curve using (mine(p, s) ? at(column('x')) : NaN) : 'mean' \
            with lines linecolor rgb hue[s] linewidth 2, \
        for [s = 1:curves] data_curve using (mine(p, s) ? at(column('x')) : NaN) : 'mean' : 'paired' \
            with yerrorbars pointtype 7 pointsize 0.5 linecolor rgb hue[s] linewidth 1.4
    do for [s = 1:curves] { unset label 200 + s }
}
unset multiplot
