# title: What each lever does, alone and together
# question: What does each lever bring by itself, what do all bring together, and is that more than the sum?
# for: sweep
# caption: WITH k AS (SELECT name, unit FROM kpi_column WHERE name = :objective),
#     e AS (SELECT e.* FROM effect e JOIN k ON k.name = e.kpi)
#   SELECT CASE WHEN EXISTS (SELECT 1 FROM e WHERE kind = 'synergy') THEN
#     'On ' || replace(name, '_', ' ') || ' all levers together bring '
#     || (SELECT change(mean, half_width, k.unit) FROM e WHERE kind = 'all') || ', the sum of what each '
#     || 'brings alone is ' || (SELECT change(mean, half_width, k.unit) FROM e WHERE kind = 'sum')
#     || ': the whole is ' || (SELECT CASE WHEN half_width IS NULL OR abs(mean) <= half_width
#         THEN 'not to be told apart from its parts (' || change(mean, half_width, k.unit) || ').'
#         WHEN mean > 0 THEN 'more than its parts by ' || change(mean, half_width, k.unit) || '.'
#         ELSE 'less than its parts by ' || change(mean, half_width, k.unit) || '.' END
#       FROM e WHERE kind = 'synergy') || ' ' ELSE '' END
#     || 'Above: changes to the base. Below: main effects, averaged over the settings of the other '
#     || 'levers, and interactions. Whiskers: 95 % intervals of the replications'' own effects.' FROM k
# data row: WITH wanted AS (SELECT e.*, k.row AS kpi_row, c.unit, c.direction, c.name
#     FROM effect e JOIN sweep_kpi k ON k.name = e.kpi JOIN kpi_column c ON c.name = e.kpi
#     WHERE e.kind <> 'base' AND e.mean IS NOT NULL AND k.row < 6),
#   place AS (SELECT kind, term, row_number() OVER (ORDER BY min(row)) AS position
#     FROM effect WHERE kind <> 'base' GROUP BY kind, term ORDER BY position LIMIT 28)
#   SELECT dense_rank() OVER (ORDER BY w.kpi_row) AS panel,
#     p.position + (w.kind = 'effect') * 0.7 AS position, w.mean,
#     coalesce(w.half_width, 0) AS half_width, w.kind = 'effect' AS effect,
#     CASE w.kind WHEN 'alone' THEN w.term || ' alone' WHEN 'sum' THEN 'sum of each alone'
#       WHEN 'all' THEN 'all together' WHEN 'synergy' THEN 'all less sum' ELSE w.term END AS what,
#     replace(w.name, '_', ' ') || CASE w.direction WHEN 1 THEN ' (↑ better)' WHEN -1
#       THEN ' (↓ better)' ELSE '' END AS title, change(w.mean, w.half_width, w.unit) AS text,
#     CASE WHEN w.half_width IS NULL OR abs(w.mean) <= w.half_width OR w.direction = 0 THEN 0
#       WHEN w.mean * w.direction > 0 THEN 1 ELSE -1 END AS verdict
#   FROM wanted w JOIN place p USING (kind, term) ORDER BY panel, position
#
# Panels of points with whiskers around zero, one for each measure; the rows are the same in all.

stats data_row using 'panel' nooutput
panels = int(STATS_max)
stats data_row using 'position' nooutput
last = STATS_max
columns = narrow ? 1 : (panels < 3 ? panels : 3)
rows = (panels + columns - 1) / columns
bar = 22
head = 40
height = rows * (last * bar + bar + head) + 8
eval page(height)

longest = 0
stats data_row using (strlen(strcol('what')) > longest ? (longest = strlen(strcol('what'))) : 1) nooutput
name_size = narrow ? 18 : 34
names = across((longest < name_size ? longest : name_size) * font_size * (narrow ? 0.66 : 0.6) + 16)
column_width = (1 - names - across(8)) / columns

set multiplot
do for [p = 1:panels] {
    @whole
    high = 0
    low = 0
    stats data_row using (column('panel') == p && column('mean') + column('half_width') > high ? \
        (high = column('mean') + column('half_width')) : 1) nooutput
    stats data_row using (column('panel') == p && column('mean') - column('half_width') < low ? \
        (low = column('mean') - column('half_width')) : 1) nooutput
    span = high - low > 0 ? high - low : 1
    row = (p - 1) / columns
    col = (p - 1) % columns
    set lmargin at screen names + col * column_width
    set rmargin at screen names + (col + 1) * column_width - across(14)
    set tmargin at screen 1 - (row * (last * bar + bar + head) + head - 8) / real(height)
    set bmargin at screen 1 - ((row + 1) * (last * bar + bar + head) - 8) / real(height)
    unset xtics
    unset ytics
    if (col == 0) {
        set ytics nomirror scale 0 ()
        do for [i = 0 : int(rows_row) - 1] {
            text = ''
            stats data_row using (column(0) == i && column('panel') == p ? \
                (text = strcol('what'), here = column('position'), 1) : 1) nooutput
            if (strlen(text) > 0) { set ytics add (cut(text, name_size) here) }
        }
    }
    title_text = ''
    stats data_row using (column('panel') == p ? (title_text = strcol('title'), 1) : 1) nooutput
    set label 1 title_text at graph (narrow ? -0.6 : 0), graph 1 offset 0, 0.7 left \
        textcolor rgb ink font ',14'
    set xrange [low - 0.05 * span : high + (narrow ? 0.8 : 0.95) * span]
    set yrange [last + 0.9 : 0.3]
    set arrow 1 from 0, graph 0 to 0, graph 1 nohead linecolor rgb faint linewidth 1
    tint(verdict) = verdict > 0 ? 0x0072B2 : verdict < 0 ? 0xD55E00 : 0x888888
    mine(p) = column('panel') == p
    plot data_row using 'mean' : (mine(p) ? column('position') : NaN) : 'half_width' : \
            (tint(column('verdict'))) with xerrorbars pointtype 7 pointsize 0.6 linecolor rgb variable \
            linewidth 1.6, \
        data_row using (high + 0.06 * span) : \
            (mine(p) ? column('position') : NaN) : (strcol('text')) with labels left textcolor rgb ink
}
unset multiplot
