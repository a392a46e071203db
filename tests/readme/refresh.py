#!/usr/bin/env python3
"""refresh.py README.md FOLDER -- writes the text blocks of a page anew from what its commands print.

FOLDER/printed.LINE is what the commands of the sh block at that line printed. Each line of a text
block becomes the printed line that is most like it once the numbers are left out, in the same order.
"""
import difflib
import os
import re
import sys


def shape(line):
    return re.sub(r"\s+", " ", re.sub(r"[0-9a-f]{16}|[-+±]?[\d.,]*\d", "#", line)).strip()


def refreshed(lines, printed):
    at = 0
    for line in lines:
        if line.startswith(" " * 20): # a row of differences follows its row of values
            best = at
        elif line in printed[at:]:
            best = printed.index(line, at)
        else:
            best = max(range(at, len(printed)), default=None, key=lambda i: difflib.SequenceMatcher(
                None, shape(line), shape(printed[i]), autojunk=False).ratio())
        if line and best is not None:
            line = printed[best]
            at = best + 1
        yield line


def main():
    with open(sys.argv[1], encoding="utf-8") as f:
        page = f.read().split("\n")
    out, kind, block, text = [], "", "", []
    for number, line in enumerate(page, 1):
        fence = line.startswith("```")
        if kind == "text" and fence:
            if os.path.exists(block):
                with open(block, encoding="utf-8") as f:
                    text = refreshed(text, [printed.rstrip() for printed in f.read().split("\n")])
            out += text
        if fence:
            kind = "" if kind else line[3:]
            text = []
            if kind == "sh":
                block = os.path.join(sys.argv[2], f"printed.{number}")
        if kind == "text" and not fence:
            text.append(line)
        else:
            out.append(line)
    with open(sys.argv[1], "w", encoding="utf-8") as f:
        f.write("\n".join(out))


main()
