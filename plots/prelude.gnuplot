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
# A step that cuts `span` into about `count` round parts.
step(span, count) = span <= 0 ? 1 : step_round(span / count, 10 ** floor(log10(span / count)))
step_round(raw, unit) = (raw / unit > 5 ? 10 : raw / unit > 2 ? 5 : raw / unit > 1 ? 2 : 1) * unit
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
