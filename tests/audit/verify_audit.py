#!/usr/bin/env python3
"""Verifies an audit log, or a proof of one, as docs/formats/audit.md describes it. Shares nothing with mcpauth.

  verify_audit.py FILE --vkey VKEY_OR_FILE... [--against CHECKPOINT]... [--live]
  verify_audit.py --proof FILE --vkey VKEY_OR_FILE... [--against CHECKPOINT]

Prints one JSON object and exits as the table there says: 0, 1 or 4; 2 and 3 where nothing could be judged.
"""
import argparse
import base64
import glob
import hashlib
import json
import os
import re
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

VERDICTS = {"ok": 0, "unsealed-tail": 4, "torn-last-line": 4, "unverifiable": 4, "truncated": 1, "rolled-back": 1,
            "tampered": 1}  # in the order of the table: the later one is said
REDACTABLE = ("request_id", "org_id", "sub", "idp", "client_id", "server", "tool", "scopes", "jti")
STRING = r'"(?:[^"\\\x00-\x1f]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*"'
NUMBER = r"(?:0|[1-9][0-9]*)"
LIST = rf"\[(?:{STRING}(?:,{STRING})*)?\]"
FORM = {"seq": NUMBER, "ts": r'"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"', "event": STRING,
        "phase": '"(?:intent|outcome)"', "scopes": LIST, "decision": '(?:"allow"|"deny"|"error"|null)',
        "status": f"(?:{NUMBER}|null)", "latency_us": f"(?:{NUMBER}|null)"}
MEMBERS = ("seq ts id request_id event phase org_id sub idp client_id server tool scopes decision reason policy jti "
           "status latency_us").split()
RECORD = re.compile("{" + ",".join(f'"{m}":{FORM.get(m, f"(?:{STRING}|null)")}' for m in MEMBERS)
                    + rf'(?:,"redacted":{{"leaf":{STRING},"fields":{LIST}}})?}}', re.ASCII)


class Refused(Exception):
    pass


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def leaf_hash(line):
    return sha256(b"\x00", line)


def node(left, right):
    return sha256(b"\x01", left, right)


def root_of(leaves):
    if len(leaves) < 2:
        return leaves[0] if leaves else sha256()
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return node(root_of(leaves[:k]), root_of(leaves[k:]))


def base64_of(text, size=None):
    """Strict: the one way to write these bytes."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise Refused("not base64") from error
    if base64.b64encode(data).decode() != text or size not in (None, len(data)):
        raise Refused("not base64 of this length")
    return data


def keys_of(arguments):
    keys = {}
    for argument in arguments:
        text = open(argument, encoding="utf-8").read() if os.path.exists(argument) else argument
        for line in text.split():
            name, id_, data = line.split("+", 2)
            data = base64_of(data, 33)
            if data[0] != 1 or sha256(name.encode(), b"\n", data)[:4].hex() != id_:
                raise Refused("not a verifier key: " + line)
            keys[name, bytes.fromhex(id_)] = Ed25519PublicKey.from_public_bytes(data[1:])
    return keys


def checkpoint_of(data, keys):
    """(origin, size, root) of a signed note; None where no known key signed it."""
    try:
        note = data.decode()
    except UnicodeDecodeError as error:
        raise Refused("the checkpoint is not UTF-8") from error
    text, blank, signatures = note.rpartition("\n\n")
    if not blank or re.search(r"[\x00-\x09\x0b-\x1f]", note) or not signatures.endswith("\n"):
        raise Refused("the checkpoint is not a signed note")
    text += "\n"
    known = False
    for line in signatures[:-1].split("\n"):
        match = re.fullmatch(r"— ([^\s+]+) (\S+)", line)
        signature = base64_of(match[2]) if match else b""
        if len(signature) < 5:
            raise Refused("a signature of the checkpoint is malformed")
        if key := keys.get((match[1], signature[:4])):
            try:
                key.verify(signature[4:], text.encode())
            except InvalidSignature as error:
                raise Refused("the signature of the checkpoint is wrong") from error
            known = True
    if not known:
        return None
    match = re.fullmatch(rf"([^\n]+)\n({NUMBER})\n([^\n]+)\n(?:[^\n]+\n)*", text, re.ASCII)
    if not match:
        raise Refused("the signed note is not a checkpoint")
    return match[1], int(match[2]), base64_of(match[3], 32)


def announcement_is(jti, origin, keys):
    """Whether an audit.redact record's jti is signed: good, forged, or unknown where its key was not given."""
    hashed, _, signature = jti.partition(".")
    try:
        signature = base64.b64decode(signature.replace("-", "+").replace("_", "/") + "=" * (-len(signature) % 4), validate=True)
    except ValueError:
        return "forged"
    known = [key for (_, key_id), key in keys.items() if key_id == signature[:4]]
    try:
        for key in known[:1]:
            key.verify(signature[4:], f"mcpauth audit.redact\n{origin}\n{hashed}\n".encode())
    except InvalidSignature:
        return "forged"
    return "good" if known else "unknown" if len(signature) > 4 else "forged"


def record_of(line):
    """The record in a line, or None where it is not one."""
    try:
        text = line.decode()
        if len(line) >= 262144 or not RECORD.fullmatch(text):
            return None
        record = json.loads(text)
        json.dumps(record, ensure_ascii=False).encode()  # half a surrogate pair is not a character
        if redacted := record.get("redacted"):
            fields = redacted["fields"]
            base64_of(redacted["leaf"], 32)
            if record["event"] == "audit.redact" or not fields or len(set(fields)) < len(fields):
                return None
            if any(field not in REDACTABLE or record[field] not in (None, []) for field in fields):
                return None
        return record
    except (ValueError, Refused):
        return None


def segments_of(file):
    """[path, data] of each segment, sorted by the seq that it begins with."""
    found = []
    for path in [file, *glob.glob(glob.escape(file) + "[.-]*")]:
        suffix = path[len(file) + 1:]
        if not os.path.isfile(path) or suffix and not re.fullmatch(r"[0-9][-0-9_.:TZ]*", suffix):
            continue
        data = open(path, "rb").read()
        begin = re.match(rb'{"seq":(0|[1-9][0-9]*),', data)
        closed = re.fullmatch(r"\d{12}", suffix)
        if path == file or closed or begin and record_of(data.split(b"\n")[0]):
            # What can no longer be sorted by its first line is by its name; the active file is the last.
            seq = int(begin[1]) if begin else int(suffix) if closed else float("inf")
            found.append((seq, path == file, path, data))
    if not found and not os.path.exists(file + ".checkpoint"):
        raise OSError(f"{file} and its segments are not here")
    return [entry[2:] for entry in sorted(found)]


def tree_of(file, n, root):
    """The n leaves of FILE.tree where they come to the signed root."""
    try:
        data = open(file + ".tree", "rb").read()
    except OSError:
        return None
    at = [32 * (2 * i - bin(i).count("1")) for i in range(n)]
    leaves = [data[position:position + 32] for position in at]
    return leaves if root_of(leaves) == root else None


def verify(file, keys, kept, live):
    result = {"verdict": "ok", "why": "", "file": None, "line": None, "seq": None, "byte": None, "records": 0,
              "unsealed": 0, "redacted": 0, "pending": 0}

    def say(verdict, why, place=(None,) * 4):
        if list(VERDICTS).index(verdict) > list(VERDICTS).index(result["verdict"]):
            result.update(zip(("verdict", "why", "file", "line", "seq", "byte"), (verdict, why, *place)))

    segments = segments_of(file)
    checkpoint, note_is = None, ("unverifiable", "there is no checkpoint")
    if os.path.exists(file + ".checkpoint"):
        try:
            checkpoint = checkpoint_of(open(file + ".checkpoint", "rb").read(), keys)
            note_is = ("ok", "") if checkpoint else ("unverifiable", "no known key signed the checkpoint")
        except Refused as refused:
            note_is = ("tampered", str(refused))
    sealed = checkpoint[1] if checkpoint else 0
    tree = tree_of(file, sealed, checkpoint[2]) if checkpoint else None

    leaves, places, redacted, announced, intents, outcomes = {}, {}, {}, {}, set(), set()
    seq, line, byte, path = 0, 0, 0, file
    for path, data in segments:
        line, byte = 1, 0
        while byte < len(data) and result["verdict"] != "tampered":
            newline = data.find(b"\n", byte)
            text = data[byte:newline] if newline >= 0 else data[byte:]
            place = (path, line, seq, byte)
            if newline < 0 and path == [name for name, content in segments if content][-1]:
                say("torn-last-line", "the last line is torn", place)
                break
            record = record_of(text) if newline >= 0 else None
            if record and line == 1 and record["seq"] > seq:
                say("truncated", "records are missing where this file begins", place)
                seq = record["seq"]  # what the file holds can still be held against its own numbers
            hashed = leaf_hash(text)
            leaf = base64_of(record["redacted"]["leaf"]) if record and "redacted" in record else hashed
            if tree and seq < sealed and leaf != tree[seq]:
                say("tampered", "the line is not the one that was signed", place)
            elif not record or record["seq"] != seq:
                say("tampered", "the line is out of order" if record else "the line is not a record", place)
            else:
                leaves[seq], places[seq] = leaf, place
                if "redacted" in record:
                    redacted[seq] = hashed
                if record["event"] == "audit.redact" and seq < sealed:
                    announced.setdefault((record["jti"] or "").partition(".")[0], []).append(record["jti"])
                (intents if record["phase"] == "intent" else outcomes).add(record["id"])
                seq, line, byte = seq + 1, line + 1, byte + len(text) + 1
    end = (path, line, seq, byte) if segments else (None,) * 4

    def holds(size, root):
        return all(i in leaves for i in range(size)) and root_of([leaves[i] for i in range(size)]) == root

    say(*note_is)
    whole = len(leaves) == seq
    if checkpoint and seq < sealed:
        say("truncated", f"{sealed} records were signed and {seq} are there", end)
    elif checkpoint and whole and not holds(sealed, checkpoint[2]):
        say("tampered", "the records are not those that were signed; FILE.tree cannot say which")
    for segment, _ in segments:  # what was signed when a segment was closed still holds
        if checkpoint and segment != file and os.path.isfile(segment + ".checkpoint"):
            try:
                closed = checkpoint_of(open(segment + ".checkpoint", "rb").read(), keys)
            except Refused:
                continue
            if closed and closed[0] == checkpoint[0]:
                kept = [*kept, closed]
    for origin, size, root in kept:
        if checkpoint and origin != checkpoint[0]:
            raise ValueError("the checkpoint that was kept is of another log")
        if seq < size or whole and not holds(size, root):
            say("rolled-back", "a checkpoint that was kept does not hold", end if seq < size else (None,) * 4)
    for at, hashed in redacted.items():
        if checkpoint and whole and seq >= sealed:
            line_hash = base64.urlsafe_b64encode(hashed).decode().rstrip("=")
            trusts = {announcement_is(jti, checkpoint[0], keys) for jti in announced.get(line_hash, [])}
            if "good" not in trusts and "unknown" in trusts:
                say("unverifiable", "a key that was not given signed the announcement of this redaction", places[at])
            elif "good" not in trusts:
                say("tampered", "nobody announced this redaction", places[at])
    if checkpoint and sealed < seq and whole:
        result["unsealed"] = seq - sealed
        say("unsealed-tail", "records come after the checkpoint", places[sealed])
    result.update(records=len(leaves), redacted=len(redacted), pending=len(intents - outcomes))
    status = VERDICTS[result["verdict"]]
    return result, 0 if live and result["verdict"] in ("unsealed-tail", "torn-last-line") else status


def inclusion(leaf, index, size, path):
    """RFC 9162 section 2.1.3.2."""
    if index >= size:
        return None
    last, hashed = size - 1, leaf
    for sibling in path:
        if last == 0:
            return None
        if index & 1 or index == last:
            hashed = node(sibling, hashed)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            hashed = node(hashed, sibling)
        index, last = index >> 1, last >> 1
    return hashed if last == 0 else None


def consistent(old, old_root, size, root, path):
    """RFC 9162 section 2.1.4.2. Any log continues the empty one; a log continues itself without a path."""
    if old == 0 or old == size:
        return not path and (old_root == root if old else old_root == sha256())
    if old > size or not path:
        return False
    path = [old_root, *path] if old & (old - 1) == 0 else path
    first, last = old - 1, size - 1
    while first & 1:
        first, last = first >> 1, last >> 1
    older = newer = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if first & 1 or first == last:
            older, newer = node(sibling, older), node(sibling, newer)
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            newer = node(newer, sibling)
        first, last = first >> 1, last >> 1
    return last == 0 and older == old_root and newer == root


def verify_proof(data, keys, kept):
    head, blank, note = data.partition(b"\n\n")
    lines = head.decode("ascii", "replace").split("\n")
    checkpoint = checkpoint_of(note, keys) if blank else None
    if not checkpoint:
        return {"verdict": "unverifiable" if blank else "tampered"}, 4 if blank else 1
    origin, size, root = checkpoint
    if match := re.fullmatch(f"old ({NUMBER})", lines[0], re.ASCII):
        if len(kept) != 1 or kept[0][0] != origin:
            raise ValueError("this proof needs the older checkpoint: --against CHECKPOINT")
        path = [base64_of(line, 32) for line in lines[1:]]
        good = int(match[1]) == kept[0][1] and consistent(kept[0][1], kept[0][2], size, root, path)
    else:
        index = re.fullmatch(f"index ({NUMBER})", lines[2] if len(lines) > 2 else "", re.ASCII)
        if lines[0] != "c2sp.org/tlog-proof@v1" or not lines[1].startswith("extra ") or not index:
            raise Refused("not a proof")
        text = base64_of(lines[1][6:])
        record = record_of(text)
        path = [base64_of(line, 32) for line in lines[3:]]
        good = (record and record["seq"] == int(index[1])
                and inclusion(leaf_hash(text), int(index[1]), size, path) == root)
    return {"verdict": "ok" if good else "tampered"}, 0 if good else 1


def run(argv):
    """The JSON object and the exit status; the object is None where nothing could be judged."""
    parser = argparse.ArgumentParser()
    parser.add_argument("file", nargs="?")
    parser.add_argument("--vkey", action="append", required=True)
    parser.add_argument("--against", action="append", default=[])
    parser.add_argument("--proof")
    parser.add_argument("--live", action="store_true")
    arguments = parser.parse_args(argv)
    try:
        if bool(arguments.file) == bool(arguments.proof):
            raise ValueError("give a log or a proof")
        keys = keys_of(arguments.vkey)
        kept = [checkpoint_of(open(path, "rb").read(), keys) for path in arguments.against]
        if None in kept:
            return {"verdict": "unverifiable", "why": "no known key signed the checkpoint that was kept"}, 4
    except (OSError, ValueError, Refused) as error:
        print(f"verify_audit.py: {error}", file=sys.stderr)
        return None, 2
    try:
        if arguments.proof:
            return verify_proof(open(arguments.proof, "rb").read(), keys, kept)
        return verify(arguments.file, keys, kept, arguments.live)
    except Refused as refused:
        return {"verdict": "tampered", "why": str(refused)}, 1
    except (OSError, ValueError) as error:
        print(f"verify_audit.py: {error}", file=sys.stderr)
        return None, 3


if __name__ == "__main__":
    answer, status = run(sys.argv[1:])
    if answer:
        print(json.dumps(answer))
    sys.exit(status)
