# title: How levers work on each other
# question: Does a lever bring more when another one is on?
# for: sweep
# caption: SELECT 'Means of ' || replace(:objective, '_', ' ') || ' over the settings of the other levers. '
#     || 'Parallel lines: the two levers add up. Lines that open to the right: each makes the other '
#     || 'worth more. The number is the interaction with its 95 % interval'
#     || CASE WHEN count(*) > 6 THEN '; the six strongest of ' || count(*) || ' pairs.' ELSE '.' END
#   FROM effect WHERE kind = 'effect' AND size = 2 AND kpi = :objective
# data pair: WITH chosen AS (SELECT term, mean, half_width, row_number() OVER (ORDER BY abs(mean) DESC) AS rank
#       FROM effect WHERE kind = 'effect' AND size = 2 AND kpi = :objective AND mean IS NOT NULL),
#     pair AS (SELECT a.axis AS a, b.axis AS b, a.path AS a_name, b.path AS b_name, c.rank,
#         change(c.mean, c.half_width, (SELECT unit FROM kpi_column WHERE name = :objective))
#           || coalesce(' ± ' || figure(c.half_width, c.half_width,
#             (SELECT unit FROM kpi_column WHERE name = :objective)), '') AS text
#       FROM axis a JOIN axis b ON b.axis > a.axis JOIN chosen c ON c.term = a.path || ' x ' || b.path
#       WHERE a.kind = 'factor' AND b.kind = 'factor' AND c.rank <= 6)
#   SELECT pair.rank AS panel, va.number AS a, vb.number AS b, avg(k.mean) AS mean, a_name, b_name, pair.text
#   FROM pair JOIN axis_value va ON va.axis = pair.a
#     JOIN axis_value vb ON vb.axis = pair.b AND vb.point = va.point
#     JOIN kpi k ON k.point = va.point JOIN kpi_column c ON c.kpi = k.kpi AND c.name = :objective
#   GROUP BY pair.rank, va.number, vb.number ORDER BY panel, b, a
#
# A panel for each pair of levers, all on one scale: the first from off to on, a line for the second
# off, one for it on.

stats data_pair using 'panel' nooutput
panels = int(STATS_max)
columns = narrow ? 1 : (panels < 3 ? panels : 3)
rows = (panels + columns - 1) / columns
panel_height = 240
height = rows * panel_height + 12
eval page(height)
stats data_pair using 'mean' nooutput
room = STATS_max > STATS_min ? STATS_max - STATS_min : 1
high = STATS_max + 0.26 * room
low = STATS_min - 0.26 * room
tic = step(high - low, 4)
set grid ytics linecolor rgb rule linetype 1
set multiplot
array hue[2] = ['#D55E00', '#0072B2']
do for [p = 1:panels] {
    @whole
    row = (p - 1) / columns
    col = (p - 1) % columns
    set lmargin at screen col * 1.0 / columns + across(narrow ? 78 : 76)
    set rmargin at screen (col + 1) * 1.0 / columns - across(14)
    set tmargin at screen 1 - (row * panel_height + 58.0) / height
    set bmargin at screen 1 - ((row + 1) * panel_height - 30.0) / height
    first_name = ''
    second_name = ''
    note = ''
    stats data_pair using (column('panel') == p ? (first_name = strcol('a_name'), \
        second_name = strcol('b_name'), note = strcol('text'), 1) : 1) nooutput
    set label 1 cut(first_name . ' x ' . second_name, narrow ? 36 : 32) at graph 0, graph 1 \
        offset 0, 1.9 left textcolor rgb ink font ',14'
    set label 2 note at graph 0, graph 1 offset 0, 0.7 left textcolor rgb faint
    # Names above the higher end of the upper line and below the lower end of the lower one.
    array start[2] = [0, 0]
    array end[2] = [0, 0]
    stats data_pair using (column('panel') == p ? (column('a') == 0 ? \
        (start[int(column('b')) + 1] = column('mean')) : (end[int(column('b')) + 1] = column('mean')), 1) \
        : 1) nooutput
    upper = start[2] + end[2] > start[1] + end[1] ? 2 : 1
    do for [b = 1:2] {
        name = cut(second_name, 14) . (b == 2 ? ' on' : ' off')
        up = b == upper ? 1 : -1
        if ((end[b] - start[b]) * up > 0) {
            set label (2 + b) name at 1.05, end[b] offset 0, 0.8 * up right textcolor rgb hue[b]
        } else {
            set label (2 + b) name at -0.05, start[b] offset 0, 0.8 * up left textcolor rgb hue[b]
        }
    }
    set xrange [-0.15 : 1.06]
    set yrange [low : high]
    set xtics (cut(first_name, 14) . ' off' 0, 'on' 1) offset 0, 0.3
    set ytics nomirror scale 0 ()
    do for [i = ceil(low / tic) : floor(high / tic)] { set ytics add (precise(i * tic, tic) i * tic) }
    plot for [b = 1:2] data_pair using 'a' : (column('panel') == p && column('b') == b - 1 ? \
        column('mean') : NaN) with linespoints pointtype 7 pointsize 0.7 linewidth 2 \
        linecolor rgb hue[b]
}
unset multiplot
