#!/usr/bin/env python3
"""Runs every command of the binary with a stdout that is full, closed or left by its reader."""

import os
import subprocess
import sys


# A variable of the tests would be warned of.
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("MCPAUTH_")}


def run(binary, words, stdout, **more):
    return subprocess.run([binary, *words], stdin=subprocess.DEVNULL, stdout=stdout,
                          stderr=subprocess.PIPE, timeout=60, env=ENVIRONMENT, **more)


def check(binary, words):
    """Yields what is wrong for one command line that prints an answer."""
    with open("/dev/full", "wb") as full:
        done = run(binary, words, full)
        if done.returncode != 3 or b"error[io]" not in done.stderr:
            yield f"full stdout: exit status {done.returncode}, stderr {done.stderr!r}"
    done = run(binary, words, None, preexec_fn=lambda: os.close(1))
    if done.returncode != 3 or b"error[io]" not in done.stderr:
        yield f"closed stdout: exit status {done.returncode}, stderr {done.stderr!r}"
    reader, writer = os.pipe()
    os.close(reader)
    done = run(binary, words, writer)
    os.close(writer)
    if done.returncode != 0 or done.stderr:
        yield f"broken pipe: exit status {done.returncode}, stderr {done.stderr!r}"


def main():
    binary = sys.argv[1]
    listed = subprocess.run([binary, "__complete", "command"], capture_output=True, check=True)
    commands = listed.stdout.decode().splitlines()
    if len(commands) < 3:
        sys.exit(f"too few commands are listed: {commands}")
    failed = 0
    for words in [["--version"], ["--help"], ["version", "--json"],
                  *[[*command.split(), "--help"] for command in commands]]:
        for what in check(binary, words):
            failed += 1
            print(f"mcpauth {' '.join(words)}: {what}")
    print(f"{len(commands)} commands, {failed} failures")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
