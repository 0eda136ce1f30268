#!/usr/bin/env python3
"""Checks the tracked text files: no trailing blanks or tabs and no overlong files in C++, no conflict
marks, no unfinished marks, no broken links in the documents."""

import pathlib
import re
import subprocess
import sys

UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")
CONFLICT = re.compile(r"^(<<<<<<< |>>>>>>> )", re.MULTILINE)
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")
SKIPPED = ("tests/fuzz/corpus/", "tests/data/", "man/", "completions/")
MAX_LINES = 500


def tracked(root):
    names = subprocess.run(["git", "-C", str(root), "ls-files", "-z"], capture_output=True,
                           check=True).stdout.decode().split("\0")
    return [name for name in names if name and not name.startswith(SKIPPED)]


def problems(root):
    for name in tracked(root):
        path = root / name
        if not path.is_file():
            continue
        data = path.read_bytes()
        if b"\0" in data:
            continue
        text = data.decode("utf-8", "replace")
        if CONFLICT.search(text):
            yield f"{name}: conflict mark"
        if name.endswith((".cpp", ".hpp")):
            lines = text.split("\n")
            if len(lines) > MAX_LINES:
                yield f"{name}: {len(lines)} lines; split it, at most {MAX_LINES} are allowed"
            for number, line in enumerate(lines, 1):
                if line != line.rstrip() or "\t" in line:
                    yield f"{name}:{number}: trailing blank or tab"
        if name.startswith(("src/", "scripts/", "tests/")) and UNFINISHED.search(text):
            yield f"{name}: unfinished mark"
        if name.endswith(".md"):
            for target in LINK.findall(text):
                if not (path.parent / target).exists():
                    yield f"{name}: the link to {target} is broken"


def main():
    root = pathlib.Path(sys.argv[1])
    if not (root / ".git").exists():
        print("skipped: not a git checkout, so the tracked files are unknown")
        return 77
    found = list(problems(root))
    print("\n".join(found) or "text is clean")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
