# title: Requests, findings and what was done to the service
# for: audit
# question: What happened when the promises were broken?
# caption: WITH f AS (SELECT count(*) AS found, min(at_us) AS first FROM audit_finding
#       WHERE at_us IS NOT NULL),
#     r AS (SELECT sum(failed) AS failed, sum(silent) AS silent FROM audit_rate)
#   SELECT CASE found WHEN 0 THEN 'No promise was broken at a known moment. '
#       ELSE printf('%,d', found) || CASE found WHEN 1 THEN ' finding has' ELSE ' findings have' END
#       || ' a known moment, the first at ' || printf('%.3f', first / 1e6) || ' s. ' END
#     || printf('%,d', failed) || ' requests were answered with an error of the service, '
#     || printf('%,d', silent) || ' were not answered.' FROM f, r
# data rate: SELECT at_us / 1e6 AS at, length_us / 1e6 AS length, answered * 1e6 / length_us AS
#     answered, failed * 1e6 / length_us AS failed, silent * 1e6 / length_us AS silent
#   FROM audit_rate WHERE EXISTS (SELECT 1 FROM audit_hook)
#     OR EXISTS (SELECT 1 FROM audit_finding WHERE at_us IS NOT NULL) ORDER BY at_us
# data hook: SELECT at_us / 1e6 AS at, what FROM audit_hook ORDER BY at_us
# data row: SELECT title, row_number() OVER (ORDER BY audit.rowid DESC) AS row FROM audit
#   WHERE invariant IN (SELECT invariant FROM audit_finding WHERE at_us IS NOT NULL)
#   ORDER BY audit.rowid DESC
# data dot: WITH r AS (SELECT invariant, row_number() OVER (ORDER BY audit.rowid DESC) AS row
#     FROM audit WHERE invariant IN (SELECT invariant FROM audit_finding WHERE at_us IS NOT NULL))
#   SELECT at_us / 1e6 AS at, row FROM audit_finding JOIN r USING (invariant)
#   WHERE at_us IS NOT NULL ORDER BY at_us
#
# The requests by the moment of sending, stacked; below them a line for each broken promise with a dot
# where a finding was certain, so that a dot stands below what the service was doing just then.

dots = rows_row > 0
eval page((narrow ? 264 : 270) + (dots ? 30 + 26 * rows_row : 0))
height = (narrow ? 264 : 270) + (dots ? 30 + 26 * rows_row : 0)
down(pixels) = pixels / real(height)
@whole
stats data_rate using 'at' nooutput
first = STATS_min
last = STATS_max
stats data_rate using 'length' nooutput
last = last + STATS_max
if (dots) {
    stats data_dot using 'at' nooutput
    last = STATS_max > last ? STATS_max : last
    first = STATS_min < first ? STATS_min : first
}
if (rows_hook > 0) {
    stats data_hook using 'at' nooutput
    last = STATS_max > last ? STATS_max : last
}
last = last + 0.01 * (last - first)
stats data_rate using (column('answered') + column('failed') + column('silent')) nooutput
high = (STATS_max > 0 ? STATS_max : 1) * (rows_hook > 0 ? 1.3 : 1.15)
set lmargin at screen across(narrow ? 52 : 62)
set rmargin at screen 1 - across(narrow ? 12 : 20)
stacked(k) = column('answered') + (k > 1 ? column('failed') : 0) + (k > 2 ? column('silent') : 0)
below(k) = stacked(k) - column(k == 1 ? 'answered' : k == 2 ? 'failed' : 'silent')

set multiplot
set tmargin at screen 1 - down(narrow ? 58 : 44)
set bmargin at screen down((dots ? 60 + 26 * rows_row : 34))
eval time_tics(first, last)
if (dots) { set format x '' ; unset xtics }
set grid ytics linecolor rgb rule linetype 1
tic = step(high, 4)
set ytics nomirror scale 0 ()
do for [i = 0 : floor(high / tic)] { set ytics add (short(i * tic) i * tic) }
set xrange [first : last]
set yrange [0 : high]
set label 1 'requests sent a second' at graph 0, graph 1 offset 0, 0.7 left textcolor rgb ink \
    font ',14'
eval hooks(rows_hook)
set key at screen 1 - across(narrow ? 12 : 20), screen 1 - down(6) right top horizontal \
    samplen 1 width (narrow ? -4 : -1) textcolor rgb ink
plot for [k = 1:3] data_rate using (column('at') + column('length') / 2) : (stacked(k)) : 'at' : \
    (column('at') + column('length')) : (below(k)) : (stacked(k)) with boxxyerror \
    linecolor rgb word('#9CC3DC #E69F00 #D55E00', k) \
    title word('answered failed silent', k)
if (dots) {
    unset key
    unset label
    @whole
    set tmargin at screen down(44 + 26 * rows_row)
    set bmargin at screen down(34)
    set xtics nomirror scale 0
    eval time_tics(first, last)
    set xrange [first : last]
    set yrange [0.4 : rows_row + 0.6]
    unset ytics
    set grid noytics
    do for [i = 1 : rows_row] {
        set arrow (200 + i) from graph 0, first i to graph 1, first i nohead linecolor rgb rule
        stats data_row using (column('row') == i ? (name = strcol('title'), 1) : 1) nooutput
        set label (200 + i) name at graph 0, first i offset 0.3, 0.55 left \
            textcolor rgb faint font ',11'
    }
    do for [h = 1 : rows_hook] {
        eval hook_read(h)
        set arrow (300 + h) from a, graph 0 to a, graph 1 nohead dashtype 2 linecolor rgb ink
    }
    plot data_dot using 'at' : 'row' with points pointtype 7 pointsize 0.55 linecolor rgb bad
}
unset multiplot
