# source.awk -- prints FILE:LINE: MESSAGE for each line of its files that breaks a rule.
#
# Layers: `below[FOLDER]` is the layer table of the style guide, one row a folder; a quoted include
# has to name a folder of its row. Headers of other projects are allowed in the folders that
# `only[HEADER]` names. Widths are columns: a byte that continues a UTF-8 character is not counted.
# A row of a .def is one line however wide. Run with LC_ALL=C at the top of the tree.
# The words it looks for are written in two halves here, so that this file passes its own check.

BEGIN {
    below["base"] = "base"
    below["kernel"] = "base kernel"
    below["policy"] = "base policy"
    below["measure"] = "base measure"
    below["network"] = "base network"
    below["demand"] = "base kernel network demand"
    below["flow"] = "base kernel policy measure network demand flow"
    below["experiment"] = "base kernel policy measure network demand flow experiment"
    core_count = split("base kernel policy measure network demand flow experiment", core_list)
    for (i = 1; i <= core_count; i++)
        core[core_list[i]] = 1

    below["shell"] = "shell"
    below["lp"] = "lp"
    below["scenario"] = "shell lp scenario"
    below["results"] = "shell lp results"
    below["traffic"] = "shell lp traffic"
    below["backend"] = "shell lp backend"
    below["replay"] = "shell lp scenario results traffic backend replay"
    below["report"] = "shell lp scenario results traffic backend report"
    below["studio"] = "shell lp scenario results traffic backend replay report studio"
    below["cli"] = "shell lp scenario results traffic backend replay report studio cli"

    only["yaml.h"] = "shell"
    only["microhttpd.h"] = "shell"
    only["sqlite3.h"] = "results backend"
    only["uv.h"] = "replay"
    only["openssl/"] = "replay"
    only["nghttp2/"] = "replay"
    only["coin/"] = "lp"
    only["Clp_C_Interface.h"] = "lp"
    only["mpi.h"] = "cli"

    # Below the library line: libc without files and clocks, and threads.
    libc = " assert errno float inttypes limits pthread sched setjmp stdalign stdarg stdatomic" \
           " stdbool stddef stdint stdlib stdnoreturn string "

    marker = "(^|[^A-Za-z0-9_])(TO" "DO|FIX" "ME|XX" "X)([^A-Za-z0-9_]|$)"
    lines_max = 600
    columns_max = 110
}

function fail(message) { print FILENAME ":" FNR ": " message }

function listed(word, words) { return index(" " words " ", " " word " ") > 0 }

# What `#include <header>` may be in this folder.
function check_angle(header,   name) {
    if (header ~ /^omosim\//)
        return
    if (folder == "include") {
        name = header
        sub(/\.h$/, "", name)
        if (!index(libc, " " name " "))
            fail("a public header includes only <omosim/...> and libc types, not <" header ">")
        return
    }
    if (folder in core) {
        if (header ~ /^Random123\// && folder == "base")
            return
        if (listed(header, "stdio.h sys/mman.h emmintrin.h immintrin.h") && folder == "base")
            return
        if (header == "unistd.h" && folder == "experiment") # how many processors there are
            return
        name = header
        sub(/\.h$/, "", name)
        if (!index(libc, " " name " "))
            fail("below the library line only threads and libc without files, clocks and libm:" \
                 " not <" header ">")
        return
    }
    for (name in only)
        if (index(header, name) == 1 && !listed(folder, only[name]))
            fail("<" header "> belongs in sim/" only[name] " only")
}

# What `#include "name"` may be in this folder.
function check_quoted(name,   target) {
    target = name
    if (!sub(/\/.*$/, "", target)) {
        fail("write the folder of the header: \"" folder "/" name "\"")
        return
    }
    if (folder == "include") {
        fail("a public header includes <omosim/...>, not \"" name "\"")
        return
    }
    if (!(folder in below))
        return
    if (listed(target, below[folder]))
        return
    if (!(folder in core) && target in core)
        fail("above the library line only <omosim/...>: not \"" name "\"")
    else
        fail("sim/" folder " may include " below[folder] ": not \"" name "\"")
}

# Follows comments and literals through the line; reports a comment that begins with two slashes.
function check_comments(line,   i, c, d, quote) {
    for (i = 1; i <= length(line); i++) {
        c = substr(line, i, 1)
        d = substr(line, i, 2)
        if (in_comment) {
            if (d == "*/") {
                in_comment = 0
                i++
            }
        } else if (quote != "") {
            if (c == "\\")
                i++
            else if (c == quote)
                quote = ""
        } else if (d == "/*") {
            in_comment = 1
            i++
        } else if (d == "//") {
            fail("two slashes are for debugging: write /* ... */")
            return
        } else if (c == "\"" || c == "'") {
            quote = c
        }
    }
}

FNR == 1 {
    folder = FILENAME
    split(folder, parts, "/")
    folder = parts[1] == "sim" ? parts[2] : parts[1]
    in_comment = 0
    is_code = FILENAME ~ /\.[ch]$/
    is_ours = parts[1] == "sim" || parts[1] == "include"
    if (parts[1] == "sim" && !(folder in below) && parts[3] != "")
        fail("sim/" folder " is not in the table of layers")
}

{
    if ($0 ~ marker)
        fail("no marker of unfinished work")
    if (index($0, "\t"))
        fail("no tabs: four spaces")
    if ($0 ~ /[ \r]$/)
        fail("no blanks at the end of a line")
    columns = $0
    gsub(/[\200-\277]/, "", columns)
    if (FILENAME !~ /\.def$/ && length(columns) > columns_max)
        fail("a line has at most " columns_max " columns; this one has " length(columns))
    if (is_code && FNR == lines_max + 1)
        fail("a file has at most " lines_max " lines")
}

is_ours && !in_comment && /^[ ]*#[ ]*include[ ]*[<"]/ {
    name = $0
    if (name ~ /</) {
        sub(/^[^<]*</, "", name)
        sub(/>.*$/, "", name)
        check_angle(name)
    } else {
        sub(/^[^"]*"/, "", name)
        sub(/".*$/, "", name)
        check_quoted(name)
    }
}

# Allocation belongs to the arena and the objects of base, the pools, and the makers of models.
is_ours && /^[ ]*#[ ]*define[ ]+OMO_CORE_MAY_ALLOCATE/ {
    if (FILENAME !~ /^sim\/(base\/[a-z_]+|flow\/(memory|world)|experiment\/[a-z_]+)\.c$/ &&
        FILENAME !~ /^sim\/kernel\/(kernel|options)\.c$/)
        fail("allocates: only sim/base, sim/experiment, flow/{memory,world}.c, kernel/{kernel,options}.c")
}

is_ours && is_code && folder != "report" && /"gnuplot/ {
    fail("gnuplot is run in sim/report and nowhere else")
}

is_ours { check_comments($0) }
