# What all pictures share: page, colours of the frame, number formats. Loaded before each .gp.

set encoding utf8
set datafile separator "\t"
set datafile columnheaders
set datafile missing NaN

ink = '#222222'
faint = '#666666'
rule = '#E2E2E2'
good = '#0072B2'
bad = '#D55E00'

font_size = narrow ? 12 : 13
# eval page(HEIGHT) begins the picture.
page(height) = sprintf("set terminal svg size %d,%d dynamic noenhanced font 'sans-serif,%d'; ", \
    width, height, font_size) . sprintf("set output '%s'", output_file)
# Pixels as shares of the page's width or height, for margins of panels.
across(pixels) = pixels / real(width)

# 1.2 M, 340 k, 12: for tics.
short(x) = abs(x) >= 1e9 ? sprintf('%.4g G', x / 1e9) : abs(x) >= 1e6 ? sprintf('%.4g M', x / 1e6) \
    : abs(x) >= 1e4 ? sprintf('%.4g k', x / 1e3) : abs(x) >= 1e3 && x == int(x) \
    ? sprintf('%d,%03d', int(x) / 1000, abs(int(x)) % 1000) : sprintf('%.4g', x)
# Tics `step` apart: with as many digits as tell them from each other.
precise(x, step) = abs(x) >= 1e6 ? digits(x, step, 6) . ' M' : abs(x) >= 1e4 ? digits(x, step, 3) \
    . ' k' : short(x)
digits(x, step, unit) = sprintf(sprintf('%%.%df', digits_of(unit - log10(step))), x / 10.0 ** unit)
digits_of(n) = n < 0 ? 0 : int(ceil(n - 1e-9))
# A step that cuts `span` into about `count` round parts.
step(span, count) = span <= 0 ? 1 : step_of(1.0 * span / count) # also of whole numbers
step_of(share) = step_round(share, 10.0 ** floor(log10(share)))
step_round(raw, unit) = (raw / unit > 5 ? 10 : raw / unit > 2 ? 5 : raw / unit > 1 ? 2 : 1) * unit
# 250 µs, 12 ms, 1.5 s: a time of so many milliseconds, for tics.
duration(ms) = ms >= 1e3 ? sprintf('%.4g s', ms / 1e3) : ms >= 1 ? sprintf('%.4g ms', ms) \
    : sprintf('%.4g µs', ms * 1e3)
# eval time_tics(FIRST, LAST), in seconds: tics of an axis of time in seconds, minutes or hours.
time_unit(span) = span > 3 * 3600 ? 3600 : span > 180 ? 60 : 1
time_name(unit) = unit == 3600 ? 'h' : unit == 60 ? 'min' : 's'
time_tics(from, to) = sprintf("set xtics (); unit = %d; tic = step((%.9g) / unit, %d); ", \
    time_unit(to - from), to - from, narrow ? 5 : 10) \
    . sprintf("do for [i = ceil(%.9g / unit / tic) : floor(%.9g / unit / tic)] ", from, to) \
    . "{ set xtics add (sprintf('%g ', i * tic) . time_name(unit) i * tic * unit) offset 0, 0.3 }"
# eval share_tics: tics of an axis of shares p at 1 / (1 - p), on which each nine takes one decade.
share_tics = "set xtics ('half' 2, '90 %%' 10, '99 %%' 100, '99.9 %%' 1e3, '99.99 %%' 1e4) " \
    . "offset 0, 0.3; " . (narrow ? "set xtics add ('5 nines' 1e5, '' 1e6, '7 nines' 1e7)" \
    : "set xtics add ('99.999 %%' 1e5, '99.9999 %%' 1e6, '99.99999 %%' 1e7)")
# eval stages(COUNT): shades every other stage of data_stage; eval stage_rates(COUNT) writes their
# rates at the top, as long as they are few.
stages(count) = count < 1 ? '' : "do for [s = 1:" . count . "] { eval stage(s) }"
stage(s) = stage_read(s) . "if (s % 2 == 0) { set object (40 + s) rectangle from a, graph 0 to b, " \
    . "graph 1 behind fillcolor rgb '#F3F3F3' fillstyle solid noborder }"
stage_rates(count) = count < 1 || count > (narrow ? 3 : 6) ? '' : "do for [s = 1:" . count \
    . "] { eval stage_read(s) . \"set label (100 + s) '' . c at a, graph 0.94 offset 0.4, 0 left " \
    . "textcolor rgb faint\" }"
stage_read(s) = "stats data_stage using (column('stage') == " . s . " ? (a = column('begin'), " \
    . "b = column('end'), c = stage_rate(column('rate_from'), column('rate_to')), 1) : 1) nooutput; "
stage_rate(from, to) = (from == to ? short(from) : short(from) . ' to ' . short(to)) \
    . (narrow ? '/s' : ' journeys/s')
# eval hooks(COUNT): a line for each row of data_hook (at, what), with its name as long as they are few.
hooks(count) = count < 1 ? '' : "do for [h = 1:" . count . "] { eval hook(h, " . count . ") }"
hook_read(h) = "stats data_hook using (column(0) == " . (h - 1) . " ? (a = column('at'), " \
    . "b = strcol('what'), 1) : 1) nooutput; "
hook(h, count) = hook_read(h) . "set arrow (300 + " . h . ") from a, graph 0 to a, " \
    . "graph 1 nohead dashtype 2 linecolor rgb ink; " . (count > (narrow ? 3 : 8) ? '' \
    : "set label (300 + " . h . ") b at a, graph " . (h % 2 == 1 ? '0.96' : '0.88') \
    . " offset 0.4, 0 left front textcolor rgb ink font ',11'")
# Lines of earlier points are wider, so that one that is covered by a later one still shows.
line_width(i) = 1.8 + 2.4 * (point_count - i) / point_count
# A text cut to `size` characters, in the middle: points of a sweep differ at their ends.
cut(text, size) = strlen(text) <= size ? text : substr(text, 1, size / 2 - 1) . '…' . \
    substr(text, strlen(text) - (size - size / 2) + 1, strlen(text))

# `stats` counts only what is within the ranges: @whole before it.
whole = "set xrange [*:*]; set yrange [*:*]"

set border 0
set tics nomirror scale 0 textcolor rgb ink
set grid noxtics noytics
set style fill solid 1.0 noborder
unset key
