"""Logs whose records were redacted by their owner, or by somebody else."""
import base64
import hashlib
import json
import re
import shutil

from log_case import NOWHERE, Failed, forged_line


def leaf_of(line):
    return hashlib.sha256(b"\0" + line).digest()


def redaction(case):
    case.make(case.rng.choice((8, 20, 60)), case.rng.choice((0, 3000)))
    (case.log / "mcpauth.toml").write_text(
        '[audit]\nfile = "audit.jsonl"\nkey = "file:audit.jsonl.key"\norigin = "test.example/log"\n')
    former, older, sealed_before = case.originals, case.dir / "older.checkpoint", case.n
    shutil.copy(case.path(".checkpoint"), older)
    case.against = [older]

    def redact(where, fields):
        made = case.mcpauth("-C", "mcpauth.toml", "audit", "redact", "--where", where, "--field", fields, "--yes", "--json")
        if made.returncode:
            raise Failed(f"redact: {made.stderr.decode()}")
        case.sealed()
        return [i for i, line in enumerate(case.originals) if b',"redacted":' in line]

    def put(seq, line):
        file, number, _, _ = place = case.place_of(seq)
        case.edit(case.log / file, lambda lines: lines.__setitem__(number - 1, line))
        return place

    fields = case.rng.choice(("sub", "sub,tool", "org_id,scopes", "request_id"))
    redacted = redact("sub=alice", fields)
    count = {"redacted": len(redacted), "unsealed": 0}
    case.check({("ok", *NOWHERE)}, counts=count)
    if any(b'"redacted"' in line and b'"sub":"alice"' in line for line in case.originals) and "sub" in fields:
        raise Failed("a name is still there")
    if not redacted:
        return
    how = case.rng.choice(("change", "leaf", "by hand", "restore", "drop announcements", "drop one", "twice", "twice and back",
                           "older checkpoint", "flip", "forged announcement"))
    seq = case.rng.choice(redacted)
    line = case.originals[seq]
    case.did(f"{len(redacted)} redacted, {fields}: {how}, seq {seq}")
    if how == "change":
        case.check({("tampered", *put(seq, line.replace(b'"id":"', b'"id":"x', 1)))})
    elif how == "leaf":
        at = line.index(b'"leaf":"') + 8 + case.rng.randrange(42)
        case.check({("tampered", *put(seq, line[:at] + (b"A" if line[at:at + 1] != b"A" else b"B") + line[at + 1:]))})
    elif how == "by hand":
        seq = case.rng.choice([i for i in range(sealed_before) if i not in redacted])
        line = case.originals[seq]
        leaf = base64.b64encode(leaf_of(line)).decode()
        line = re.sub(rb'"org_id":"[a-z]+"', b'"org_id":null', line)[:-1]
        case.check({("tampered", *put(seq, line + f',"redacted":{{"leaf":"{leaf}","fields":["org_id"]}}}}'.encode()))})
    elif how == "restore":
        put(seq, former[seq])
        case.check({("ok", *NOWHERE)}, counts={"redacted": len(redacted) - 1})
    elif how == "drop announcements":
        # Fewer records than were signed: the announcements of the redactions may be among the missing ones.
        path, data = case.segments()[-1]
        lines = data.split(b"\n")[:-1]
        path.write_bytes(b"".join(text + b"\n" for text in lines if b'"event":"audit.redact"' not in text))
        case.check(case.expected())
    elif how == "drop one":
        seq = case.rng.randrange(sealed_before, case.n)
        file, number, _, _ = case.place_of(seq)
        case.edit(case.log / file, lambda lines: lines.pop(number - 1))
        case.check(case.expected())
    elif how.startswith("twice"):
        again = redact("org_id=acme", "idp,server")
        case.check({("ok", *NOWHERE)}, counts={"redacted": len(again)})
        if how == "twice and back":  # what it was after the first time was announced too
            put(seq, line)
            case.check({("ok", *NOWHERE)}, counts={"redacted": len(again)})
    elif how == "older checkpoint":
        shutil.copy(older, case.path(".checkpoint"))
        case.check({("tampered", *case.place_of(redacted[0]))})
    elif how == "flip":
        at = case.rng.randrange(len(line))
        new = case.rng.choice([b for b in range(256) if b not in (line[at], 10)])
        case.did(f"byte {at} to {new:#x}")
        changed = line[:at] + bytes([new]) + line[at + 1:]
        put(seq, changed)
        case.check(case.expected())
    else:
        seq = case.rng.choice([i for i in range(sealed_before) if i not in redacted])
        line = case.originals[seq]
        leaf = base64.b64encode(leaf_of(line)).decode()
        line = (re.sub(rb'"org_id":"[a-z]+"', b'"org_id":null', line)[:-1]
                + f',"redacted":{{"leaf":"{leaf}","fields":["org_id"]}}}}'.encode())
        announcement = base64.urlsafe_b64encode(leaf_of(line)).rstrip(b"=")
        place = put(seq, line)
        with open(case.file, "ab") as file:
            file.write(forged_line(case.n).replace(b'"event":"mint"', b'"event":"audit.redact"')
                       .replace(b'"jti":null', b'"jti":"' + announcement + b'"') + b"\n")
        case.check({("tampered", *place)})
