# title: How long customers wait
# question: From order to hand-over, how many orders are done within an hour, a day, three days?
# keys: points
# caption: WITH part AS (SELECT point, channel, low, high,
#         sum(count) OVER (PARTITION BY point, channel ORDER BY low) AS below,
#         sum(count) OVER (PARTITION BY point, channel) AS total
#       FROM latency WHERE name = 'lead_time'),
#     late AS (SELECT channel FROM latency WHERE name = 'lead_time'
#       GROUP BY channel HAVING sum(low * 1.0 * count) / sum(count) > 60000),
#     busy AS (SELECT channel FROM part JOIN late USING (channel) WHERE point = :winner
#       ORDER BY total DESC LIMIT 1),
#     nine AS (SELECT point, min(high) / 3600000.0 AS hours FROM part JOIN busy USING (channel)
#       WHERE below >= 0.9 * total GROUP BY point)
#   SELECT 'Nine of ten orders of ' || c.id
#     || ', the busiest of these channels, are handed over within '
#     || figure((SELECT hours FROM nine WHERE point = :winner), NULL, 'h') || ' at '
#     || (SELECT label FROM point WHERE point = :winner)
#     || coalesce((SELECT ', ' || figure(hours, NULL, 'h') || ' at '
#       || (SELECT label FROM point WHERE point = 0) FROM nine
#       WHERE point = 0 AND :winner <> 0), '') || '. First replication.'
#   FROM busy JOIN channel c USING (channel)
# data share: WITH late AS (SELECT channel FROM latency WHERE name = 'lead_time'
#       GROUP BY channel HAVING sum(low * 1.0 * count) / sum(count) > 60000),
#     part AS (SELECT point, channel, high, sum(count) OVER (PARTITION BY point, channel
#         ORDER BY low) AS below, sum(count) OVER (PARTITION BY point, channel) AS total
#       FROM latency JOIN late USING (channel) WHERE name = 'lead_time')
#   SELECT dense_rank() OVER (ORDER BY part.channel) AS panel, c.id AS channel,
#     s.key + 1 AS position, max(max(high), 1000) / 3600000.0 AS hours,
#     max(below) * 100.0 / total AS percent
#   FROM part JOIN json_each(:shown) s ON s.value = part.point JOIN channel c USING (channel)
#   GROUP BY part.channel, s.key, CAST(below * 200.0 / total AS INTEGER)
#   ORDER BY panel, position, hours
#
# For each channel with a wait (more than a minute on average) the share of orders that is done
# by a time. A line further left and higher is a shorter wait. The axis of time is logarithmic:
# couriers take minutes, parcels days.

stats data_share using 'panel' nooutput
panels = int(STATS_max)
columns = narrow ? 1 : (panels < 3 ? panels : 3)
columns = !narrow && panels == 4 ? 2 : columns
rows = (panels + columns - 1) / columns
panel_height = narrow ? 190 : 220
height = rows * panel_height
eval page(height)
stats data_share using 'hours' nooutput
low = STATS_min > 1.0 / 60 ? STATS_min : 1.0 / 60
high = STATS_max > 2 * low ? STATS_max : 2 * low

set logscale x
set xtics ('1 min' 1.0 / 60, '10 min' 1.0 / 6, '1 h' 1, '6 h' 6, '1 d' 24, '5 d' 120, \
    '30 d' 720) offset 0, 0.3
set ytics 0, 50, 100
set format y '%g %%'
set grid xtics ytics linecolor rgb rule linetype 1
set multiplot
do for [p = 1:panels] {
    @whole
    row = (p - 1) / columns
    col = (p - 1) % columns
    set lmargin at screen col * 1.0 / columns + across(50)
    set rmargin at screen (col + 1) * 1.0 / columns - across(20)
    set tmargin at screen 1 - (row * panel_height + 34.0) / height
    set bmargin at screen 1 - ((row + 1) * panel_height - 34.0) / height
    title_text = ''
    stats data_share using (column('panel') == p ? (title_text = strcol('channel'), 1) : NaN) \
        nooutput
    set label 1 title_text at graph 0, graph 1 offset 0, 0.7 left textcolor rgb ink font ',14'
    set xrange [low : high]
    set yrange [0 : 101]
    plot for [i = 1:point_count] data_share using 'hours' : \
        (column('panel') == p && column('position') == i ? column('percent') : NaN) \
        with lines linecolor rgb colour[i] linewidth line_width(i)
}
unset multiplot
