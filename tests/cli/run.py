#!/usr/bin/env python3
"""Runs one script against the built binary: run.py BINARY SCRIPT.

A script is read line by line; each runs in a new directory that is also HOME:

    # a comment
    = NAME [MODE]     makes a file (0600) of the `| ` lines that follow
    $ COMMAND         runs it with sh; `mcpauth` is the binary
    | LINE            what it prints, all of it; `...` alone stands for any lines, [..] for any text
    ! LINE            the same for stderr
    ? STATUS          its exit status, 0 when not said
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile


def parse(text):
    """Yields ("file", ...) and ("run", ...) steps in order."""
    step = None
    for number, line in enumerate(text.splitlines(), 1):
        mark, rest = line[:1], line[2:]
        if not line.strip() or mark == "#":
            continue
        if mark in "=$":
            if step:
                yield step
            step = {"line": number, "mark": mark, "what": rest, "|": [], "!": [], "?": 0}
        elif step and mark in "|!":
            step[mark].append(rest)
        elif step and mark == "?":
            step["?"] = int(rest)
        else:
            sys.exit(f"line {number}: not understood: {line}")
    if step:
        yield step


def pattern_of(lines):
    parts = []
    for line in lines:
        if line == "...":
            parts.append(r"(?:[^\n]*\n)*?")
        else:
            parts.append(".*?".join(re.escape(p) for p in line.split("[..]")) + r"\n")
    return re.compile("".join(parts))


def check(step, done):
    wrong = []
    for mark, name, got in (("|", "stdout", done.stdout), ("!", "stderr", done.stderr)):
        text = got.decode("utf-8", "replace")
        if text and not text.endswith("\n"):
            text += "\n"
        if not pattern_of(step[mark]).fullmatch(text):
            wrong.append(f"{name} is\n{text or '(empty)'}\n")
    if done.returncode != step["?"]:
        wrong.append(f"exit status is {done.returncode}, not {step['?']}")
    return wrong


def main():
    binary, script = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])
    failed = 0
    with tempfile.TemporaryDirectory(prefix="mcpauth-cli-") as directory:
        home = pathlib.Path(directory, "home")
        home.mkdir()
        programs = pathlib.Path(directory, "bin")
        programs.mkdir()
        (programs / "mcpauth").symlink_to(binary)
        environment = {"HOME": str(home), "PATH": f"{programs}:{os.environ['PATH']}",
                       "LC_ALL": "C.UTF-8", "SOURCE": str(script.parent.parent.parent)}
        for step in parse(script.read_text()):
            if step["mark"] == "=":
                name, _, mode = step["what"].partition(" ")
                file = home / name
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text("".join(line + "\n" for line in step["|"]))
                file.chmod(int(mode or "600", 8))
                continue
            done = subprocess.run(["sh", "-c", step["what"]], cwd=home, env=environment,
                                  stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
            for what in check(step, done):
                failed += 1
                print(f"{script.name}:{step['line']}: $ {step['what']}\n{what}")
    print("ok" if not failed else f"{failed} things are not as expected")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
