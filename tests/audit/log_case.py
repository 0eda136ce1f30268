"""A log in a directory, what was written into it, and what two verifiers have to say about what became of it."""
import json
import os
import pathlib
import re
import subprocess

import verify_audit

EXIT = {"ok": 0, "unsealed-tail": 4, "torn-last-line": 4, "unverifiable": 4, "truncated": 1, "rolled-back": 1, "tampered": 1}
binaries = {}  # "mcpauth" and "writer"
PLACE = ("file", "line", "seq", "byte")
NOWHERE = (None,) * 4


class Failed(Exception):
    pass


class Case:
    """A sealed log in a directory of its own, what it held when it was sealed, and what has to be said about it now."""

    def __init__(self, directory, rng):
        self.dir, self.rng = directory, rng
        self.file = directory / "log" / "audit.jsonl"
        self.against, self.state, self.done = [], None, []
        self.log = self.file.parent

    def write(self, file, count, rotate, seed):
        file.parent.mkdir(exist_ok=True)
        subprocess.run([binaries["writer"], file, str(count), "1", "os", str(rotate), "600", str(seed)], check=True,
                       stdout=subprocess.DEVNULL)

    def make(self, count=None, rotate=None):
        rng = self.rng
        self.count = rng.choice((0, 1, 2, 3, 8, 20, 60, 150)) if count is None else count
        self.rotate = rng.choice((0, 400, 3000, 20000)) if rotate is None else rotate
        self.write(self.file, self.count, self.rotate, rng.randrange(1 << 30))
        self.sealed()

    def sealed(self):
        self.vkey = self.path(".vkey").read_text().strip()
        self.originals = [line for _, data in self.segments() for line in data.split(b"\n")[:-1]]
        self.n = int(self.path(".checkpoint").read_text().split("\n")[1])
        if self.n != len(self.originals):
            raise Failed(f"the writer sealed {self.n} of {len(self.originals)} records")

    def path(self, suffix=""):
        return self.file.with_name(self.file.name + suffix)

    def segments(self):
        """(path, data), in the order of the seq at the beginning."""
        found = []
        for path in self.log.iterdir():
            suffix = path.name[len(self.file.name):]
            if (not path.name.startswith(self.file.name) or not path.is_file()
                    or suffix.endswith((".checkpoint", ".vkey", ".tree", ".key", ".lock", ".garbage"))):
                continue
            data = path.read_bytes()
            begin = re.match(rb'{"seq":(0|[1-9][0-9]*),', data)
            by_name = int(suffix[1:]) if suffix[1:].isdigit() else 1 << 62
            found.append((int(begin[1]) if begin else by_name, not suffix, str(path), data))
        self.begins = sorted(entry[0] for entry in found)
        return [(pathlib.Path(entry[2]), entry[3]) for entry in sorted(found)]

    def lines(self):
        return [(path, at) for path, data in self.segments() for at in range(data.count(b"\n"))]

    def edit(self, path, change):
        lines = path.read_bytes().split(b"\n")
        change(lines)
        path.write_bytes(b"\n".join(lines))

    def did(self, what):
        self.done.append(what)

    def expected(self, sealed=None):
        """What follows from a comparison with what was written. A set: of two files that begin with the same seq, either may
        be read first."""
        segments = self.segments()
        result = self.walk(segments, self.n if sealed is None else sealed)
        for at, (begin, following) in enumerate(zip(self.begins, self.begins[1:])):
            if begin == following:
                other = segments[:at] + [segments[at + 1], segments[at]] + segments[at + 2:]
                result |= self.walk(other, self.n if sealed is None else sealed)
        return result

    def walk(self, segments, sealed):
        """Where a line begins a file with the seq of another record, that line or the one after it may be the one that is out
        of order."""
        index = {line: at for at, line in enumerate(self.originals)}
        seq, missing = 0, None
        line = byte = 0
        path = self.file
        for path, data in segments:
            line, byte = 1, 0
            for text in re.findall(rb"[^\n]*\n|[^\n]+", data):
                place = (path.name, line, seq, byte)
                whole = text.endswith(b"\n")
                if not whole and path == segments[-1][0]:
                    if missing:
                        return {missing}
                    return {("truncated" if seq < sealed else "torn-last-line", *place)}
                at = index.get(text[:-1]) if whole else None
                if at is not None and at > seq and line == 1:
                    missing = missing or ("truncated", *place)
                    seq = at
                elif at != seq:
                    begin = re.match(rb'{"seq":([0-9]+)', text)
                    if line == 1 and begin and int(begin[1]) > seq:
                        begin_seq = int(begin[1])
                        behind = (path.name, 2, begin_seq + 1, len(text))
                        # Behind what was signed nobody can tell it from a record before which others are missing.
                        unsigned = {("truncated", *place)} if begin_seq >= sealed else set()
                        return {("tampered", *place), ("tampered", path.name, 1, begin_seq, 0), ("tampered", *behind)} | unsigned
                    return {("tampered", *place)}
                seq, line, byte = seq + 1, line + 1, byte + len(text)
        end = (path.name, line, seq, byte)
        if missing or seq < sealed:
            return {missing or ("truncated", *end)}
        if seq > sealed:
            return {("unsealed-tail", *self.place_of(sealed))}
        return {("ok", *NOWHERE)}

    def place_of(self, seq):
        """Where the record stands, or would, in a log without gaps."""
        at = 0
        for path, data in self.segments():
            lines = data.split(b"\n")[:-1]
            if seq < at + len(lines):
                return path.name, seq - at + 1, seq, sum(len(line) + 1 for line in lines[:seq - at])
            at += len(lines)
            end = (path.name, len(lines) + 1, seq, sum(len(line) + 1 for line in lines))
        return end

    def mcpauth(self, *arguments, timeout=60):
        environment = {**os.environ, "XDG_STATE_HOME": str(self.dir / "state")}
        return subprocess.run([binaries["mcpauth"], *map(str, arguments)], cwd=self.log, env=environment, capture_output=True,
                              timeout=timeout)

    def answers(self, live=False):
        arguments = ["--live"] if live else []
        for against in self.against:
            arguments += ["--against", str(against)]
        ours = self.mcpauth("audit", "verify", "--json", self.file, "--key", self.vkey, *arguments,
                            *([] if self.state else ["--no-remember"]))
        try:
            answer = json.loads(ours.stdout)
        except ValueError as error:
            raise Failed(f"exit {ours.returncode}, no answer: {ours.stdout[:200]} {ours.stderr[:400]}") from error
        answer.setdefault("verdict", "none")
        if answer.get("file"):
            answer["file"] = os.path.basename(answer["file"])
        if self.state:  # what mcpauth remembers, the other is given
            arguments += ["--against", str(self.state)]
        theirs, status = verify_audit.run([str(self.file), "--vkey", self.vkey, *arguments])
        theirs = dict(theirs or {"verdict": "none"})
        if theirs.get("file"):
            theirs["file"] = os.path.basename(theirs["file"])
        return ("mcpauth", answer, ours.returncode), ("verify_audit.py", theirs, status)

    def check(self, expected, live=False, counts=None):
        (_, ours, _), (_, theirs, _) = answers = self.answers(live)
        for who, answer, status in answers:
            got = (answer["verdict"], *(answer.get(member) for member in PLACE))
            if got not in expected:
                raise Failed(f"{who} says {got} ({answer.get('why')}), expected {sorted(expected, key=str)}")
            due = 0 if live and EXIT[got[0]] == 4 and got[0] != "unverifiable" else EXIT[got[0]]
            if status != due:
                raise Failed(f"{who} says {got[0]} and exits with {status}")
            for member, count in (counts or {}).items():
                if answer[member] != count:
                    raise Failed(f"{who} counts {answer[member]} as {member}, expected {count}")
        if len(expected) == 1 and ours["verdict"] in ("ok", "unsealed-tail", "torn-last-line"):
            counted = [(a["records"], a["unsealed"], a["redacted"], a.get("pending_count", a.get("pending"))) for a in
                       (ours, {**theirs, "pending_count": theirs["pending"]})]
            if counted[0] != counted[1]:
                raise Failed(f"records, unsealed, redacted, pending: {counted[0]} and {counted[1]}")


def pick_line(case):
    lines = case.lines()
    return case.rng.choice(lines) if lines else (None, None)


def forged_line(seq):
    return (f'{{"seq":{seq},"ts":"2026-11-26T00:00:00Z","id":"forged","request_id":null,"event":"mint","phase":"outcome",'
            '"org_id":null,"sub":"mallory","idp":null,"client_id":null,"server":null,"tool":null,"scopes":[],"decision":"allow",'
            '"reason":"granted","policy":null,"jti":null,"status":null,"latency_us":null}').encode()
