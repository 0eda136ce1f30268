#!/usr/bin/env python3
"""Policies and paths made to hurt `rbac lint`: each is answered in bounded time and memory."""

import json
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import time

MOST_SECONDS = 60
MOST_BYTES = 1 << 30


def grants(count, roles):
    lines = ["version = 1"]
    for i in range(roles):
        lines.append(f'[roles.role-{i}]\nscopes = ["area{i}:*"]')
    for i in range(count):
        lines.append(f'[[grant]]\nrole = "role-{i % roles}"\ngroups = ["okta:team {i}"]')
    return "\n".join(lines) + "\n"


def cycle(roles):
    return "version = 1\n" + "".join(f'[roles.r{i}]\ninherits = ["r{(i + 1) % roles}"]\n' for i in range(roles))


def glob_bomb(patterns):
    lines = ["version = 1", "[tools]"]
    for i in range(patterns):
        lines.append(f'"s/{"*a" * (60 + i % 5)}*{i}" = ["x:y"]')
    return "\n".join(lines) + '\n[roles.r]\nscopes = ["x:y"]\n[[grant]]\nrole = "r"\ngroups = ["okta:x"]\n'


def many_tools(count):
    return json.dumps({"tools": [{"name": "a" * 120 + str(i), "inputSchema": {"type": "object"}} for i in range(count)]})


def scope_bomb(patterns):
    scopes = ",".join('"' + ":".join("*" if i >> k & 1 else "a" for k in range(11)) + '"' for i in range(patterns))
    return f'version = 1\n[roles.r]\nscopes = [{scopes}]\n[[grant]]\nrole = "r"\ngroups = ["okta:x"]\n'


def cases(folder):
    """Name, arguments, exit statuses that are right, words that must be said."""
    def file(name, text):
        path = folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(path)

    os.symlink("/etc/passwd", folder / "link.toml")
    deep = "version = 1\na = " + "[" * (30 << 20)
    yield "nesting of 30 MB", [file("deep.toml", deep)], {1}, "levels deep"
    yield "nesting of 100 MB", [file("deeper.toml", b"[" * (100 << 20))], {3}, "larger than"
    yield "no end", ["/dev/zero"], {3}, "larger than"
    yield "nothing", [file("empty.toml", "")], {1}, "policy-version"
    yield "a folder without a policy", [str(folder)], {3}, "cannot open"
    yield "a folder as a baseline", ["--baseline", str(folder), file("a.toml", "version = 1\n")], {3}, "directory"
    yield "a way out", [file("out.toml", 'version = 1\ninclude = ["../x.toml"]\n')], {1}, "outside the folder"
    yield "a link out", [file("out2.toml", 'version = 1\ninclude = ["link.toml"]\n')], {1}, "leads out of"
    yield "a missing file", [file("out3.toml", 'version = 1\ninclude = ["gone.toml"]\n')], {1}, "bad-include"
    yield "a cycle of 10,000 roles", [file("cycle.toml", cycle(10_000))], {1}, "inheritance-cycle"
    yield "a tool glob bomb", ["--tools", f"s={file('tools.json', many_tools(2_000))}",
                               file("glob.toml", glob_bomb(300))], {0, 1}, "in 1 file"
    yield "a scope glob bomb", [file("scopes.toml", scope_bomb(2_000))], {0, 1}, "in 1 file"
    yield "a key twice", [file("twice.toml", "version = 1\nversion = 1\n")], {1}, "twice.toml:2:1"
    yield "invalid UTF-8", [file("utf8.toml", b'version = 1\n# \xff\n')], {1}, "utf8.toml:2:3"
    yield "100,000 grants", [file("grants.toml", grants(100_000, 1_000))], {0, 1}, "in 1 file"


def main():
    binary = sys.argv[1]
    sanitized = b"__asan_init" in pathlib.Path(binary).read_bytes()
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, arguments, statuses, words in cases(pathlib.Path(folder)):
            begun = time.monotonic()
            run = subprocess.run([binary, "-C", "none", "rbac", "lint", *arguments],
                                 capture_output=True, text=True, timeout=10 * MOST_SECONDS)
            seconds = time.monotonic() - begun
            used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
            said = run.stdout + run.stderr
            wrong = []
            if run.returncode not in statuses:
                wrong.append(f"exit {run.returncode}")
            if words not in said:
                wrong.append(f"does not say {words!r}: {said[:300]!r}")
            if seconds > MOST_SECONDS * (5 if sanitized else 1):
                wrong.append("too slow")
            if used > MOST_BYTES and not sanitized:
                wrong.append("too much memory")
            print(f"{'FAIL' if wrong else 'ok':4} {seconds:6.1f} s {used >> 20:5} MB  {name} {'; '.join(wrong)}")
            failed += bool(wrong)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
