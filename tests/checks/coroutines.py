#!/usr/bin/env python3
"""Rejects co_await statements that g++ 12 miscompiles.

g++ 12 destroys some temporaries inside a co_await expression twice: lambdas with captures, and objects
made with braces. Give the object a name first and move it in.
"""

import pathlib
import re
import sys

STATEMENT = re.compile(r"co_await\b[^;]*;")
LAMBDA = re.compile(r"\[[^\]\s][^\]]*\]\s*[({]")


def bad_lines(text):
    text = re.sub(r"//[^\n]*", "", text)
    for match in STATEMENT.finditer(text):
        if "{" in match[0] or LAMBDA.search(match[0]):
            yield text.count("\n", 0, match.start()) + 1


def self_test():
    assert list(bad_lines("co_await f([p = move(p)]{ return 1; });")) == [1]
    assert list(bad_lines("\nco_await h(Req{1});")) == [2]
    assert not list(bad_lines("co_await h(std::move(named));"))


def main():
    self_test()
    bad = 0
    for path in sorted(pathlib.Path(sys.argv[1]).rglob("*.[ch]pp")):
        for line in bad_lines(path.read_text()):
            print(f"{path}:{line}: make this temporary a named variable before co_await")
            bad += 1
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
