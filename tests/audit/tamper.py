#!/usr/bin/env python3
"""Changes audit logs in many ways and runs two verifiers: `mcpauth audit verify`, and verify_audit.py, which shares no code with
it. Both must report the verdict, the file, the line, the seq and the byte that the change calls for.

  tamper.py MCPAUTH AUDIT_WRITER [CASES] [SEED] [ONLY]

CASES and SEED also come from TAMPER_CASES and TAMPER_SEED. A failure keeps its directory and says how to repeat it alone.
"""
import base64
import collections
import contextlib
import hashlib
import io
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import unicodedata

sys.dont_write_bytecode = True
try:
    import verify_audit
except ImportError:
    print("skipped: python3-cryptography is not here")
    sys.exit(77)
from found import FOUND
from log_case import EXIT, NOWHERE, Case, Failed, binaries, forged_line, pick_line
from redactions import redaction

# Each case makes a log, does one thing to it, and checks.

def nothing(case):
    case.make()
    case.check({("ok", *NOWHERE)}, live=case.rng.random() < 0.5, counts={"records": case.n, "unsealed": 0, "redacted": 0})
    if case.rng.random() < 0.2:  # as a program of its own
        os.truncate(case.path(".checkpoint"), case.rng.choice((0, case.path(".checkpoint").stat().st_size)))
        made = subprocess.run([sys.executable, verify_audit.__file__, case.file, "--vkey", case.path(".vkey")],
                              capture_output=True, check=False)
        verdict = json.loads(made.stdout)["verdict"]
        if verdict != ("ok" if case.path(".checkpoint").stat().st_size else "tampered") or made.returncode != EXIT[verdict]:
            raise Failed(f"verify_audit.py: {made.stdout}, exit {made.returncode}")


def flip(case):
    case.make()
    files = [path for path, data in case.segments() if data]
    if files:
        path = case.rng.choice(files)
        data = bytearray(path.read_bytes())
        at = case.rng.choice((case.rng.randrange(len(data)), case.rng.randrange(len(data)), len(data) - 1, 0, 7))
        old = data[at]
        # Newlines and digits are where it hurts.
        values = (case.rng.randrange(256), 10, 0x30 + case.rng.randrange(10), old ^ 1)
        data[at] = case.rng.choice([value for value in values if value != old])
        path.write_bytes(data)
        case.did(f"byte {at} of {path.name}: {old:#x} to {data[at]:#x}")
    case.check(case.expected())


def drop(case):
    case.make()
    path, at = pick_line(case)
    if path:
        case.edit(path, lambda lines: lines.pop(at))
        case.did(f"without line {at + 1} of {path.name}")
    case.check(case.expected())


def duplicate(case):
    case.make()
    path, at = pick_line(case)
    if path:
        case.edit(path, lambda lines: lines.insert(at, lines[at]))
        case.did(f"line {at + 1} of {path.name} twice")
    case.check(case.expected())


def swap(case):
    case.make()
    lines = case.lines()
    if len(lines) > 1:
        first, second = case.rng.sample(lines, 2)
        texts = [path.read_bytes().split(b"\n")[at] for path, at in (first, second)]
        for (path, at), text in zip((second, first), texts):
            case.edit(path, lambda lines, at=at, text=text: lines.__setitem__(at, text))
        case.did(f"line {first[1] + 1} of {first[0].name} and line {second[1] + 1} of {second[0].name} swapped")
    case.check(case.expected())


def insert(case):
    case.make(case.rng.choice((1, 3, 8, 20, 60)))
    path, at = pick_line(case)
    if case.rng.random() < 0.5:
        line = case.rng.choice(case.originals)
    else:
        line = forged_line(case.originals.index(path.read_bytes().split(b"\n")[at]))
    case.edit(path, lambda lines: lines.insert(at, line))
    case.did(f"a line before line {at + 1} of {path.name}: {line[:40]}")
    case.check(case.expected())


def append(case):
    """Lines are appended by hand. They are well-formed, or not."""
    case.make()
    line, expected = case.rng.choice((
        (forged_line(case.n), "unsealed-tail"), (forged_line(case.n)[:-1], "tampered"),
        (forged_line(case.n + 1), "tampered"), (b"", "tampered"), (b"{}", "tampered"),
        (forged_line(case.n).replace(b'"idp":null', b'"idp":true'), "tampered"),
        (forged_line(case.n).replace(b'"idp":null,', b""), "tampered"),
        (forged_line(case.n).replace(b',"ts"', b', "ts"'), "tampered"),
        (forged_line(case.n).replace(b"mallory", b"\x1b[31m"), "tampered"),
        (forged_line(case.n).replace(b"mallory", b"\xff\xfe"), "tampered"),
        (forged_line(case.n).replace(b"mallory", b"\\ud800"), "tampered"),
        (forged_line(case.n).replace(b"mallory", b"\\x41"), "tampered"),
        (forged_line(case.n).replace(b"mallory", b"a" * 300_000), "tampered"),
        (forged_line(case.n)[:-1] + b',"redacted":{"leaf":"' + base64.b64encode(bytes(32)) + b'","fields":["idp"]}}',
         "tampered")))
    with open(case.file, "ab") as file:
        file.write(line + b"\n")
    case.did(f"appended, {expected}: {line[:400]}")
    place = case.place_of(case.n)
    if case.n == 0 and b'"seq":1,' in line:  # the file begins after the missing records
        expected = "truncated"
    case.check({(expected, *place)}, counts={"unsealed": 1, "records": case.n + 1} if expected == "unsealed-tail" else {})


def cut(case):
    case.make()
    path, data = case.segments()[-1]
    if data:
        size = case.rng.choice((case.rng.randrange(len(data)), data.rfind(b"\n", 0, -1) + 1, len(data) - 1, 0))
        os.truncate(path, size)
        case.did(f"{path.name} cut at {size}")
    case.check(case.expected())


def cut_inside(case):
    """The tail of a segment that is not the last."""
    case.make(case.rng.choice((20, 60)), case.rng.choice((400, 3000)))
    path, data = case.rng.choice(case.segments()[:-1])
    size = case.rng.choice((case.rng.randrange(len(data)), data.rfind(b"\n", 0, -1) + 1, len(data) - 1, 0))
    os.truncate(path, size)
    case.did(f"{path.name} cut at {size}")
    case.check(case.expected())


def drop_segment(case):
    case.make(case.rng.choice((8, 20, 60)), case.rng.choice((400, 3000)))
    segments = [path for path, data in case.segments() if data]
    path = case.rng.choice((segments[0], segments[-1], case.rng.choice(segments)))
    if case.rng.random() < 0.1:
        for path, _ in case.segments():
            path.unlink()
        case.did("without any record")
        case.check({("truncated", *NOWHERE)})
        return
    path.unlink()
    case.did(f"without {path.name}")
    case.check(case.expected())


def other_segment(case):
    case.make(case.rng.choice((20, 60)), case.rng.choice((400, 3000)))
    other = Case(case.dir / "other", case.rng)
    other.dir.mkdir()
    other.make(case.count, case.rotate)
    theirs = case.rng.choice([path for path, data in other.segments() if data])
    path = case.rng.choice([path for path, data in case.segments() if data])
    shutil.copy(theirs, path)
    case.did(f"{path.name} is {theirs.name} of another log")
    case.check(case.expected())


def duplicate_segment(case):
    case.make(case.rng.choice((20, 60)), case.rng.choice((400, 3000)))
    path = case.rng.choice(case.segments()[:-1])[0]
    shutil.copy(path, case.path(".77"))
    case.did(f"{path.name} twice")
    case.check(case.expected())


def renamed(case):
    """By logrotate, forward or backward, or with dates; and what is beside a log and none of it."""
    case.make(case.rng.choice((20, 60)), case.rng.choice((400, 3000)))
    closed = [path for path, _ in case.segments() if path != case.file]
    style = case.rng.choice(("." + "{}", "-2026{:04}", "-20260101-00:00:{:02}Z"))
    if case.rng.random() < 0.5:
        closed.reverse()
    for number, path in enumerate(closed):
        path.rename(case.path(style.format(number)))
    case.path(".garbage").write_bytes(case.rng.choice((b"", b"{}\n", b"\x1f\x8b\x08\0", b'{"seq":0}\n')))
    case.did(f"renamed as {style}")
    case.check({("ok", *NOWHERE)}, counts={"records": case.n})


def flip_checkpoint(case):
    case.make()
    path = case.path(".checkpoint")
    data = bytearray(path.read_bytes())
    at = case.rng.randrange(len(data))
    old = data[at]
    values = (case.rng.randrange(256), 10, 0x2b, 0x41 + case.rng.randrange(26), old ^ 1)
    data[at] = case.rng.choice([value for value in values if value != old])
    path.write_bytes(data)
    # Another name or another id is an unknown signature; a name has no control character, space or plus.
    name = data.rfind("— ".encode()) + 4 if at > data.find(b"\n\n") + 5 else len(data)
    space = data.find(b" ", name)
    verdict = "tampered"
    if name <= at < space and 0x21 <= data[at] < 0x80 and data[at] != 0x2b:
        verdict = "unverifiable"
    with contextlib.suppress(ValueError):
        signature = base64.b64decode(bytes(data[space + 1:-1]), validate=True)
        if at > space and base64.b64encode(signature) == data[space + 1:-1] and signature[:4].hex() != case.vkey.split("+")[1]:
            verdict = "unverifiable"
    case.did(f"byte {at} of the checkpoint: {old:#x} to {data[at]:#x}")
    # C2SP forbids the control characters below U+0020; DEL may be refused too.
    case.check({(verdict, *NOWHERE)} | ({("tampered", *NOWHERE)} if data[at] == 0x7f else set()))


def other_checkpoint(case):
    """None, an empty one, that of a log with another key, or that of another log with the same key."""
    case.make()
    path = case.path(".checkpoint")
    how = case.rng.choice(("none", "empty", "other key", "same key"))
    case.did("checkpoint: " + how)
    if how == "none":
        path.unlink()
        case.check({("unverifiable", *NOWHERE)})
    elif how == "empty":
        path.write_bytes(b"")
        case.check({("tampered", *NOWHERE)})
    else:
        other = Case(case.dir / "other", case.rng)
        other.dir.mkdir()
        other.log.mkdir()
        if how == "same key":
            shutil.copy(case.path(".key"), other.path(".key"))
        other.make()
        shutil.copy(other.path(".checkpoint"), path)
        if how == "other key":
            case.check({("unverifiable", *NOWHERE)})
        elif other.n > case.n:
            case.check({("truncated", *case.place_of(case.n))})
        elif other.n == 0:
            case.check({("unsealed-tail", *case.place_of(0)) if case.n else ("ok", *NOWHERE)})
        else:
            same = other.originals == case.originals[:other.n]
            case.check({("tampered", *NOWHERE)} if not same else case.expected(other.n))


def tree_only(case):
    case.make()
    path = case.path(".tree")
    how = case.rng.choice(("flip", "none", "empty", "short", "long", "directory", "segment checkpoint", "vkey"))
    case.did("tree: " + how)
    data = bytearray(path.read_bytes())
    if how == "flip" and data:
        data[case.rng.randrange(len(data))] ^= 1 << case.rng.randrange(8)
        path.write_bytes(data)
    elif how == "none":
        path.unlink()
    elif how == "empty":
        path.write_bytes(b"")
    elif how == "short":
        path.write_bytes(data[:-case.rng.randrange(1, 99)])
    elif how == "long":
        path.write_bytes(data + bytes(case.rng.randrange(1, 99)))
    elif how == "directory":
        path.unlink()
        path.mkdir()
    elif how == "vkey":
        case.path(".vkey").write_text("mallory+00000000+AAAA\n")
    else:
        for checkpoint in case.log.glob("*.0*.checkpoint"):
            checkpoint.write_bytes(b"changed")
    case.check({("ok", *NOWHERE)})


def tree_too(case):
    """A line was changed, and the tree is missing or was changed: found, with a place if its form or its seq is wrong."""
    case.make(case.rng.choice((1, 3, 8, 20, 60)))
    path, at = pick_line(case)
    seq = case.originals.index(path.read_bytes().split(b"\n")[at])
    where = case.place_of(seq)
    form = case.rng.random() < 0.5
    broken = ((b'"ts"', b'"tx"'), (b'"scopes":[', b'"scopes":{'), (b'"id":"', b'"id":" \n"'), (b'"idp":null', b'"idp":0'))
    whole = ((b'id-', b'di-'), (b'"reason":"', b'"reason":"x'), (b'"idp":null', b'"idp":""'))
    old, new = case.rng.choice(broken if form else whole)

    def change(lines):
        lines[at] = lines[at].replace(old, new, 1)

    case.edit(path, change)
    how = case.rng.choice(("none", "leaf", "leaf", "node", "rebuilt", "short"))
    case.did(f"seq {seq}: {old} to {new}, tree: {how}")
    tree, data = case.path(".tree"), bytearray(case.path(".tree").read_bytes())
    leaf_at = [32 * (2 * i - bin(i).count("1")) for i in range(case.n)]
    place = where if form else NOWHERE
    if how == "none":
        tree.unlink()
    elif how == "leaf":
        data[case.rng.choice(leaf_at) + case.rng.randrange(32)] ^= 1 << case.rng.randrange(8)
    elif how == "node":
        nodes = [p for p in range(0, len(data), 32) if p not in leaf_at]
        if nodes:
            data[case.rng.choice(nodes) + case.rng.randrange(32)] ^= 1
        place = where
    elif how == "rebuilt":  # as a writer would make it of the changed lines
        data = bytearray()
        stack = []
        for line in (line for _, text in case.segments() for line in text.split(b"\n")[:-1]):
            stack.append((0, hashlib.sha256(b"\0" + line).digest()))
            data += stack[-1][1]
            while len(stack) > 1 and stack[-1][0] == stack[-2][0]:
                right, left = stack.pop(), stack.pop()
                stack.append((left[0] + 1, hashlib.sha256(b"\1" + left[1] + right[1]).digest()))
                data += stack[-1][1]
    else:
        data = data[:leaf_at[-1] + case.rng.randrange(32)]
    if how != "none":
        tree.write_bytes(data)
    case.check({("tampered", *place)})


def two_times(case, count=None):
    """A log that was stopped and continued; what it was before is in the directory `before`."""
    case.make(count)
    shutil.copytree(case.log, case.dir / "before")
    before = case.n
    case.write(case.file, case.rng.choice((1, 3, 20)), case.rotate, case.rng.randrange(1 << 30))
    case.sealed()
    return before


def unsealed(case):
    """Records that the older checkpoint does not cover, whole or cut or changed."""
    before = two_times(case)
    shutil.copy(case.dir / "before" / "audit.jsonl.checkpoint", case.path(".checkpoint"))
    for closed in case.log.glob("audit.jsonl.0*.checkpoint"):  # those are newer, and hold what they cover
        if not (case.dir / "before" / closed.name).exists():
            closed.unlink()
    if case.rng.random() < 0.5:
        shutil.copy(case.dir / "before" / "audit.jsonl.tree", case.path(".tree"))
    live = case.rng.random() < 0.5
    counts = {"unsealed": case.n - before, "records": case.n}
    how = case.rng.choice(("whole", "cut", "form", "same form", "reordered"))
    case.did(f"{before} of {case.n} sealed, {how}")
    seq = case.rng.randrange(before, case.n)
    file, line, _, _ = place = case.place_of(seq)
    path = case.log / file
    if how == "whole":
        case.check({("unsealed-tail", *case.place_of(before))}, live, counts)
    elif how == "cut":
        data = case.file.read_bytes()
        first = case.place_of(before)
        low = first[3] if first[0] == case.file.name else 0
        if low < len(data):
            os.truncate(case.file, case.rng.randrange(low, len(data)))
        case.check(case.expected(before), live)
    elif how == "form":
        new = case.rng.choice((b'"i\x00d":"', b'"id":"\x1b[2J', b'"id":"\xc3', b'"id":"\\ud800', b'"id": "', b'"id":5,"x":"',
                               b'"id":["'))
        case.did(str(new))
        case.edit(path, lambda lines: lines.__setitem__(line - 1, lines[line - 1].replace(b'"id":"', new, 1)))
        case.check({("tampered", *place)}, live)
    elif how == "same form":
        case.edit(path, lambda lines: lines.__setitem__(line - 1, lines[line - 1].replace(b'"id":"', b'"id":"x', 1)))
        case.check({("unsealed-tail", *case.place_of(before))}, live)
    else:
        later = b'"seq":%d' % (seq + 1)
        case.edit(path, lambda lines: lines.__setitem__(line - 1, re.sub(rb'"seq":\d+', later, lines[line - 1])))
        if line == 1:  # the file begins one too late, and goes on with the same number
            following = path.read_bytes().split(b"\n")
            if len(following) > 2:
                case.check({("tampered", file, 2, seq + 2, len(following[0]) + 1)}, live)
            return
        case.check({("tampered", *place)}, live)


def recovered(case):
    """A torn last line, in FILE or in what FILE was renamed to, is cut off by the next writer, who says so."""
    case.make()
    with open(case.file, "ab") as file:
        file.write(forged_line(case.n)[:case.rng.randrange(1, 200)])
    case.check({("torn-last-line", *case.place_of(case.n))}, live=case.rng.random() < 0.5, counts={"unsealed": 0})
    if case.originals and case.rng.random() < 0.5:
        case.file.rename(case.path(".1"))
    case.write(case.file, case.rng.choice((1, 8)), case.rotate, case.rng.randrange(1 << 30))
    before = case.n
    case.sealed()
    record = json.loads(case.originals[before])
    if (record["event"], record["reason"]) != ("audit.recover", "torn-last-line"):
        raise Failed(f"nothing about the torn line: {case.originals[before]}")
    case.check({("ok", *NOWHERE)}, counts={"records": case.n})


def roll_back(case):
    before = two_times(case)
    newer = case.dir / "newer.checkpoint"
    shutil.copy(case.path(".checkpoint"), newer)
    remembered = case.rng.random() < 0.5
    if remembered:
        case.state = newer
        case.check({("ok", *NOWHERE)})
    else:
        case.against = [newer] + [case.dir / "before" / "audit.jsonl.checkpoint"] * case.rng.randrange(2)
        case.check({("ok", *NOWHERE)})
    how = case.rng.choice(("older copy", "fork", "checkpoint only", "older copy and a change"))
    case.did(f"{how}, {'remembered' if remembered else 'against'}")
    if how == "checkpoint only":
        shutil.copy(case.dir / "before" / "audit.jsonl.checkpoint", case.path(".checkpoint"))
        case.check({("unsealed-tail", *case.place_of(before))})
        return
    after = case.n
    shutil.rmtree(case.log)
    shutil.copytree(case.dir / "before", case.log)
    if how == "fork":
        case.write(case.file, 20, case.rotate, case.rng.randrange(1 << 30))
        case.sealed()
        if case.n < after:
            case.check({("rolled-back", *case.place_of(case.n))})
        else:
            case.check({("rolled-back", *NOWHERE)})
    elif how == "older copy" or before == 0:
        case.check({("rolled-back", *case.place_of(before))})
    else:
        case.sealed()
        path, at = pick_line(case)
        case.edit(path, lambda lines: lines.__setitem__(at, lines[at].replace(b'"id":"', b'"id":"x')))
        case.check(case.expected())


def other_key(case):
    """All of it is rewritten, and signed with a key of whoever did that."""
    case.make()
    shutil.copytree(case.log, case.dir / "before")
    vkey = case.vkey
    shutil.rmtree(case.log)
    case.write(case.file, case.count, case.rotate, case.rng.randrange(1 << 30))
    case.vkey = vkey
    case.check({("unverifiable", *NOWHERE)})


def two_keys(case):
    """While a key is changed both sign. Either is enough to verify with, and a wrong signature of a known one is tampering."""
    case.make()
    other = Case(case.dir / "other", case.rng)
    other.dir.mkdir()
    other.make(0)
    shutil.copy(other.path(".key"), case.log / "new.key")
    (case.log / "mcpauth.toml").write_text('[audit]\nfile = "audit.jsonl"\norigin = "test.example/log"\n'
                                           'key = ["file:new.key", "file:audit.jsonl.key"]\n')
    with open(case.file, "ab") as file:  # without a record there is nothing to sign
        file.write(forged_line(case.n) + b"\n")
    made = case.mcpauth("-C", "mcpauth.toml", "audit", "checkpoint", "--sign")
    if made.returncode:
        raise Failed(f"checkpoint --sign: {made.stderr.decode()}")
    case.sealed()
    case.vkey = case.vkey.split("\n")[-1]
    keys = [case.vkey, other.vkey]
    case.rng.shuffle(keys)
    case.vkey = keys[0]
    case.check({("ok", *NOWHERE)}, counts={"records": case.n})
    path = case.path(".checkpoint")
    lines = path.read_text().split("\n")
    at = case.rng.choice((4, 5))
    signature = bytearray(base64.b64decode(lines[at].split(" ")[2]))
    mine = signature[:4].hex() == case.vkey.split("+")[1]
    how = case.rng.choice(("wrong", "gone"))
    if how == "wrong":
        signature[case.rng.randrange(4, 68)] ^= 1
        lines[at] = " ".join(lines[at].split(" ")[:2]) + " " + base64.b64encode(signature).decode()
    else:
        del lines[at]
    path.write_text("\n".join(lines))
    case.did(f"the signature of {'this' if mine else 'the other'} key is {how}")
    case.check({("ok" if not mine else "tampered" if how == "wrong" else "unverifiable", *NOWHERE)})


def proof(case):
    before = two_times(case)
    file = case.dir / "proof"
    inclusion = case.rng.random() < 0.5
    seq = case.rng.randrange(case.n)
    older = case.dir / "before" / "audit.jsonl.checkpoint"
    how = ["--seq", seq] if inclusion else ["--from", older]
    case.did(f"proof {how[0]} {seq if inclusion else before} of {case.n}")
    made = case.mcpauth("audit", "proof", case.file, *how)
    if made.returncode:
        raise Failed(f"no proof: {made.stderr.decode()}")
    arguments = [] if inclusion else ["--against", str(older)]

    def verdicts():
        ours = case.mcpauth("audit", "verify", "--proof", file, "--key", case.vkey, "--json", *arguments)
        return ours.returncode, verify_audit.run(["--proof", str(file), "--vkey", case.vkey, *arguments])[1], ours.stdout

    file.write_bytes(made.stdout)
    if verdicts()[:2] != (0, 0):
        raise Failed(f"a good proof: {verdicts()}")
    if inclusion and json.loads(verdicts()[2])["record"].encode() != case.originals[seq]:
        raise Failed("the proof is of another record")
    for _ in range(6):
        data = bytearray(made.stdout)
        at = case.rng.randrange(len(data))
        values = (data[at] ^ 1 << case.rng.randrange(8), case.rng.randrange(256), 10)
        data[at] = case.rng.choice([value for value in values if value != data[at]])
        file.write_bytes(data)
        ours, theirs, answer = verdicts()
        if ours not in (1, 3, 4) or theirs not in (1, 4):
            raise Failed(f"byte {at} {made.stdout[at]:#x} to {data[at]:#x}: exits {ours} and {theirs}: {answer}")
    lines = made.stdout.split(b"\n")
    hashes = [i for i in range(1, lines.index(b"")) if len(lines[i]) == 44]
    if hashes:
        nothing_hash = base64.b64encode(bytes(32))
        for change in (lambda l, i: l.pop(i), lambda l, i: l.insert(i, l[i]), lambda l, i: l.insert(i, nothing_hash)):
            changed = list(lines)
            change(changed, case.rng.choice(hashes))
            file.write_bytes(b"\n".join(changed))
            ours, theirs, answer = verdicts()
            if (ours, theirs) != (1, 1):
                raise Failed(f"another path: exits {ours} and {theirs}: {answer}")


def injection(case):
    """Names of every hostile kind stay inside one line of harmless characters, and can be told from each other."""
    case.make(150)
    subjects = set()
    for path, data in case.segments():
        for text in data.split(b"\n")[:-1]:
            record = json.loads(text)
            subjects.add(record["sub"])
            for character in text.decode():
                if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"):
                    raise Failed(f"{path.name} holds U+{ord(character):04X}")
    if not subjects <= {"alice", "bob@example.com", "line\nbreak", "\x1b[31mred", 'q"uote\\', "\u202egnp.exe", "\\xff\\xfe", None,
                        "zoë"}:
        raise Failed(f"other names: {subjects}")
    case.check({("ok", *NOWHERE)})


CASES = [nothing, flip, flip, flip, drop, duplicate, swap, insert, append, cut, cut_inside, drop_segment, other_segment,
         duplicate_segment, renamed, flip_checkpoint, flip_checkpoint, other_checkpoint, tree_only, tree_too, tree_too, unsealed,
         unsealed, recovered, roll_back, other_key, two_keys, proof, proof, redaction, redaction, redaction, injection]


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    binaries.update(zip(("mcpauth", "writer"), (str(pathlib.Path(argument).resolve()) for argument in sys.argv[1:3])))
    count = int(sys.argv[3] if len(sys.argv) > 3 else os.environ.get("TAMPER_CASES", 300))
    seed = sys.argv[4] if len(sys.argv) > 4 else os.environ.get("TAMPER_SEED") or str(random.SystemRandom().randrange(1 << 32))
    cases = [(kind.__name__, kind) for kind in FOUND] + [(str(at), CASES[at % len(CASES)]) for at in range(count)]
    if len(sys.argv) > 5:
        cases = [case for case in cases if case[0] == sys.argv[5]]
    print(f"{len(cases)} cases, seed {seed}", flush=True)
    failures = collections.Counter()
    # This does not test a disk, and each log is synced when it is closed.
    scratch = "/dev/shm" if "TMPDIR" not in os.environ and os.access("/dev/shm", os.W_OK) else None
    root = pathlib.Path(tempfile.mkdtemp(prefix="mcpauth-tamper-", dir=scratch))
    for name, kind in cases:
        case = Case(root / name, random.Random(f"{seed}:{name}"))
        case.dir.mkdir()
        try:
            with contextlib.redirect_stderr(io.StringIO()):
                kind(case)
        except Exception as error:  # whatever it is, the other cases are to be heard too
            failures[kind.__name__] += 1
            if sum(failures.values()) <= 20:
                print(f"FAIL {name} {kind.__name__}: {'; '.join(case.done)}\n"
                      f"  {error if isinstance(error, Failed) else repr(error)}\n  {case.dir}\n"
                      f"  again: {' '.join(sys.argv[:3])} {count} {seed} {name}", flush=True)
        else:
            shutil.rmtree(case.dir)
    if failures:
        print(f"{sum(failures.values())} of {len(cases)} cases failed: {dict(failures)}")
        return 1
    root.rmdir()
    return 0


if __name__ == "__main__":
    sys.exit(main())
