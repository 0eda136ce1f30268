"""The smallest logs that were once verified wrongly. They run first, whatever the seed."""
import os
import shutil
import subprocess

from log_case import Failed, forged_line


def found_swapped_first_lines(case):
    """Line 1 comes after a gap, line 2 is out of order: the verdict is tampered, which is worse than truncated."""
    case.make(3, 0)
    case.edit(case.file, lambda lines: lines.__setitem__(slice(0, 2), lines[1::-1]))
    case.check(case.expected())


def found_first_seq_larger(case):
    """Nothing is missing: the first line was changed."""
    case.make(3, 0)
    case.edit(case.file, lambda lines: lines.__setitem__(0, lines[0].replace(b'"seq":0', b'"seq":9')))
    case.check(case.expected())


def found_gap_and_change(case):
    """A segment is missing, and a line after the gap was changed."""
    case.make(20, 3000)
    segments = [path for path, _ in case.segments()]
    segments[1].unlink()
    case.edit(segments[2], lambda lines: lines.__setitem__(1, lines[1].replace(b'"id":"', b'"id":"x')))
    case.check(case.expected())


def found_cut_and_change(case):
    """The last record is missing, and a line before it was changed."""
    case.make(3, 0)
    case.edit(case.file, lambda lines: lines.pop(-2))
    case.edit(case.file, lambda lines: lines.__setitem__(0, lines[0].replace(b'"id":"', b'"id":"x')))
    case.check(case.expected())


def found_newline_inside(case):
    """The last newline of a segment that is not the last: that line was changed, not the first one of the next file."""
    case.make(20, 3000)
    path, data = case.segments()[0]
    path.write_bytes(data[:-1] + b"x")
    case.check(case.expected())


def found_torn_inside(case):
    """The last line of a segment that is not the last has lost its newline and nothing else."""
    case.make(20, 3000)
    path, data = case.segments()[0]
    path.write_bytes(data[:-1])
    case.check(case.expected())


def found_where_unsealed(case):
    """An unsealed tail begins with the first record after the checkpoint."""
    case.make(3, 0)
    with open(case.file, "ab") as file:
        for seq in range(case.n, case.n + 3):
            file.write(forged_line(seq) + b"\n")
    case.check({("unsealed-tail", *case.place_of(case.n))}, counts={"unsealed": 3})


def found_new_key(case):
    """After a key was added, a new checkpoint has a signature by each key, even without new records."""
    case.make(3, 0)
    shutil.copytree(case.log, case.dir / "new")
    for name in ("audit.jsonl.key", "audit.jsonl.vkey", "audit.jsonl.checkpoint", "audit.jsonl.tree", "audit.jsonl"):
        (case.dir / "new" / name).unlink()
    case.write(case.dir / "new" / "audit.jsonl", 0, 0, 1)
    (case.log / "mcpauth.toml").write_text('[audit]\nfile = "audit.jsonl"\norigin = "test.example/log"\n'
                                           'key = ["file:../new/audit.jsonl.key", "file:audit.jsonl.key"]\n')
    made = case.mcpauth("-C", "mcpauth.toml", "audit", "checkpoint", "--sign")
    signatures = case.path(".checkpoint").read_text().count("\n— ")
    if made.returncode or signatures != 2:
        raise Failed(f"checkpoint --sign: exit {made.returncode}, {signatures} signatures {made.stderr.decode()}")


def broken_string(name, text):
    """A line after the checkpoint whose strings are not valid JSON or not UTF-8 is not a record."""
    def case_of(case):
        case.make(3, 0)
        with open(case.file, "ab") as file:
            file.write(forged_line(case.n).replace(b"mallory", text) + b"\n")
        case.check({("tampered", *case.place_of(case.n))})
    case_of.__name__ = "found_" + name
    return case_of


def found_longest_line(case):
    """A line is shorter than 262,144 bytes."""
    case.make(3, 0)
    for seq, size in ((case.n, 262_143), (case.n + 1, 262_144)):
        line = forged_line(seq)
        with open(case.file, "ab") as file:
            file.write(line.replace(b"mallory", b"a" * (size - len(line) + len(b"mallory"))) + b"\n")
    case.check({("tampered", *case.place_of(case.n + 1))})


def found_pipe(case):
    """A FIFO in place of a file of the log does not block the verification."""
    for suffix in (".checkpoint", ".tree", ".000000000099", ".1"):
        shutil.rmtree(case.log, ignore_errors=True)
        case.make(3, 0)
        if case.path(suffix).exists():
            case.path(suffix).unlink()
        os.mkfifo(case.path(suffix))
        try:
            made = case.mcpauth("audit", "verify", "--json", case.file, "--key", case.vkey, "--no-remember", timeout=5)
        except subprocess.TimeoutExpired as error:
            raise Failed(f"waits forever for FILE{suffix}") from error
        if made.returncode != (4 if suffix == ".checkpoint" else 0):
            raise Failed(f"FILE{suffix} is a pipe: exit {made.returncode}, {made.stdout[:200]}")


FOUND = [found_longest_line, found_pipe, found_swapped_first_lines, found_first_seq_larger, found_gap_and_change,
         found_cut_and_change, found_newline_inside, found_torn_inside, found_where_unsealed, found_new_key,
         broken_string("raw_nul", b"\0"), broken_string("raw_escape", b"\x1b[31m"), broken_string("raw_tab", b"\t"),
         broken_string("no_utf8", b"\xff\xfe"), broken_string("overlong", b"\xc0\xaf"),
         broken_string("surrogate_in_utf8", b"\xed\xa0\x80"), broken_string("unknown_escape", b"\\x41"),
         broken_string("short_escape", b"\\u12"), broken_string("half_a_pair", b"\\ud800"),
         broken_string("too_long", b"a" * 262_144)]
