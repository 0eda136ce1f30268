"""Reads the files of an audit log as docs/formats/audit.md describes them, for the tests that kill its
writer and fill its disk. It shares nothing with the program."""

import hashlib
import json
import os
import pathlib
import re
import subprocess

# What another run or a person has set must not change what the program does.
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("MCPAUTH_")}
LIVING_ON = {"ok": 0, "unsealed-tail": 4, "torn-last-line": 4}
SEQ = re.compile(rb'\{"seq":([0-9]+),')


class Wrong(Exception):
    """A promise of the log that was not kept."""


def demand(condition, what):
    if not condition:
        raise Wrong(what)


def segments(log):
    """(first seq, path, bytes) of every file with records, in their order; what has no first seq is
    at the end, as only the active file may be."""
    found = []
    for path in log.parent.iterdir():
        rest = path.name[len(log.name):]
        if not path.name.startswith(log.name) or rest[:1] not in ("", ".", "-"):
            continue
        content = path.read_bytes()
        start = SEQ.match(content)
        if start or (path == log and content):
            found.append((int(start[1]) if start else float("inf"), path, content))
    return sorted(found)


class Log:
    """What is known of a log: its whole lines so far, which must never change again."""

    def __init__(self, path):
        self.path = pathlib.Path(path)
        self.known = b""
        self.count = 0
        self.torn = 0
        self._tree = Tree()
        self._in_tree = 0

    def read(self):
        """Takes in what was added and gives the new lines; what was known must be there as it was."""
        torn = 0
        parts = []
        for first, path, content in segments(self.path):
            demand(not torn, f"{path.name} follows a torn line")
            whole = content.rfind(b"\n") + 1
            torn = len(content) - whole
            parts.append(content[:whole])
            self._check_name(first, path, content)
        content = b"".join(parts)
        demand(content.startswith(self.known), "records of an earlier round are not as they were")
        lines = content[len(self.known):].split(b"\n")[:-1]
        for seq, line in enumerate(lines, self.count):
            start = SEQ.match(line)
            demand(start and line.endswith(b"}"), f"no record: {line[:200]!r}")
            demand(int(start[1]) == seq, f"seq {int(start[1])} stands where {seq} belongs")
        for line in lines[:20] + lines[-20:]:
            json.loads(line)
        self.known = content
        self.count += len(lines)
        self.torn = torn
        return lines

    def _check_name(self, first, path, content):
        """A segment that the program closed has its first seq as name, and a checkpoint of its end."""
        named = re.fullmatch(r"\.([0-9]{12,})", path.name[len(self.path.name):])
        if not named:
            return
        demand(int(named[1]) == first, f"{path.name} begins with {first}")
        note = pathlib.Path(f"{path}.checkpoint").read_text().split("\n")
        end = first + content.count(b"\n")
        demand(int(note[1]) == end, f"{path.name} ends before {end}, and its checkpoint says {note[1]}")

    def tree(self):
        """What FILE.tree must hold once all is sealed."""
        for line in self.known[self._in_tree:].split(b"\n")[:-1]:
            self._tree.add(line)
        self._in_tree = len(self.known)
        return bytes(self._tree.nodes)

    def check_tree(self):
        demand(pathlib.Path(f"{self.path}.tree").read_bytes() == self.tree(), "FILE.tree is another tree")


class Tree:
    """The nodes of RFC 6962 in the order in which they become whole."""

    def __init__(self):
        self.nodes = bytearray()
        self._open = []

    def add(self, line):
        node = hashlib.sha256(b"\0" + line).digest()
        level = 0
        self.nodes += node
        while self._open and self._open[-1][0] == level:
            node = hashlib.sha256(b"\1" + self._open.pop()[1] + node).digest()
            level += 1
            self.nodes += node
        self._open.append((level, node))


def verdict(binary, log, key):
    """The verdict of `audit verify`, which must fit its exit status."""
    done = subprocess.run([binary, "-C", "none", "audit", "verify", "--json", "--no-remember", "--key", key, log],
                          capture_output=True, env=ENVIRONMENT, timeout=120)
    try:
        said = json.loads(done.stdout)["verdict"]
    except (ValueError, KeyError):
        raise Wrong(f"audit verify: exit {done.returncode}, {done.stdout!r}, {done.stderr!r}") from None
    demand(said in LIVING_ON, f"audit verify says {done.stdout.decode()}")
    demand(done.returncode == LIVING_ON[said], f"audit verify says {said} with exit {done.returncode}")
    return said


def acknowledged(output):
    """The seqs that a writer printed. A last number without its newline may be half of one."""
    return [int(line) for line in output.split(b"\n")[:-1]]
