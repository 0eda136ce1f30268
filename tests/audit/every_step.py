#!/usr/bin/env python3
"""Kills a writer of the audit log before each of its system calls that changes something, one after
the other, and has each of them fail: a kill at a random moment (crash.py) may miss what lies between
two calls for ever.

    every_step.py BINARY WRITER

strace does it; where it is missing or may not trace, the test is skipped."""

import collections
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile

from files import ENVIRONMENT, Log, Wrong, acknowledged, demand, verdict

CHANGES = "openat,write,pwrite64,ftruncate,fdatasync,fsync,rename,link,unlink,fchmod,flock"
FAULTS = {"pwrite64": ["ENOSPC", "EIO"], "write": ["ENOSPC"], "fdatasync": ["EIO"], "fsync": ["EIO"], "rename": ["EIO"],
          "ftruncate": ["EIO"], "fchmod": ["EPERM"], "openat": ["EMFILE"], "flock": ["EINTR"], "link": ["EIO"]}
ROTATING = ["4", "1", "group", "900", "3600", "1"]
WRITING = ["2", "1", "each", "0", "0", "1"]


class Suite:
    def __init__(self, binary, writer, folder):
        self.binary = binary
        self.writer = writer
        self.folder = folder
        self.seen = collections.Counter()
        self.wrong = []

    def run(self, log, setting, before=()):
        done = subprocess.run([*before, self.writer, str(log), *setting], stdin=subprocess.DEVNULL, capture_output=True,
                              env=ENVIRONMENT, timeout=120)
        return done.returncode, acknowledged(done.stdout), done.stderr.decode()

    def starts(self):
        """Logs in each state that a writer may find, by name: a folder each."""
        def make(name, *settings):
            log = self.folder / name / "audit.jsonl"
            log.parent.mkdir()
            for setting in settings:
                status, _, said = self.run(log, setting)
                demand(status == 0, said)
            return log

        make("new")
        make("sealed", WRITING)
        make("rotated", ROTATING)
        log = make("unsealed", ROTATING)
        old = log.with_name("old")
        shutil.copy(f"{log}.checkpoint", old)
        demand(self.run(log, WRITING)[0] == 0, "the writer failed")
        old.replace(f"{log}.checkpoint")
        shutil.copytree(log.parent, self.folder / "torn")
        with (self.folder / "torn" / log.name).open("ab") as file:
            file.write(b'{"seq":')
        shutil.copytree(self.folder / "torn", self.folder / "torn, tree lost")
        (self.folder / "torn, tree lost" / f"{log.name}.tree").unlink()
        shutil.copytree(self.folder / "torn", self.folder / "torn, renamed")
        (self.folder / "torn, renamed" / log.name).rename(self.folder / "torn, renamed" / f"{log.name}.1")
        return ["new", "sealed", "rotated", "unsealed", "torn", "torn, tree lost", "torn, renamed"]

    def once(self, start, setting, calls, action, number):
        """False where the writer makes fewer of these calls."""
        place = self.folder / "now"
        shutil.copytree(self.folder / start, place)
        log = Log(place / "audit.jsonl")
        log.read()
        count = log.count
        trace = ["strace", "-f", "-qq", "-o", str(self.folder / "trace"), "-e", f"trace={calls}",
                 "-e", f"inject={calls}:{action}:when={number}"]
        status, acks, said = self.run(log.path, setting, trace)
        log.read()
        if action.startswith("signal"):
            demand(status in (0, -signal.SIGKILL), f"exit {status}: {said}")
            reached = status != 0
        else:
            reached = "(INJECTED)" in (self.folder / "trace").read_text()
        self.seen[action.split("=")[0], status] += 1
        for seq in acks:
            demand(count <= seq < log.count, f"record {seq} was acknowledged, and there are {count} to {log.count - 1}")
        if pathlib.Path(f"{log.path}.checkpoint").exists():
            verdict(self.binary, log.path, f"{log.path}.vkey")
        else:
            demand(log.count == 0, "there are records without a checkpoint")
        status, acks, said = self.run(log.path, ["1", "1", "group", "0", "3600", "9"])
        demand(status == 0, f"the next start ended with {status}: {said}")
        log.read()
        demand(log.torn == 0 and verdict(self.binary, log.path, f"{log.path}.vkey") == "ok", "the log is not ok after it")
        log.check_tree()
        shutil.rmtree(place)
        return reached

    def all(self):
        for start in self.starts():
            for setting in [ROTATING, WRITING]:
                for calls, action in [(CHANGES, "signal=KILL"),
                                      *((call, f"error={error}") for call, errors in FAULTS.items() for error in errors)]:
                    number = 1
                    while self.try_once(start, setting, calls, action, number):
                        number += 1

    def try_once(self, start, setting, calls, action, number):
        """Goes on after what is wrong, to show all of it."""
        try:
            return self.once(start, setting, calls, action, number)
        except (Wrong, OSError) as error:
            self.wrong.append(f"{start}, {' '.join(setting)}: {action}, {calls} number {number}: {error}")
            (self.folder / "now").rename(self.folder / f"wrong-{len(self.wrong)}")
            return True


def main():
    binary, writer = (os.path.abspath(path) for path in sys.argv[1:3])
    try:
        probe = subprocess.run(["strace", "-f", "-qq", "-e", "inject=write:signal=KILL:when=1000", "true"],
                               capture_output=True, check=False)
        if probe.returncode != 0:
            raise OSError(probe.stderr.decode().strip())
    except OSError as error:
        print(f"skipped: no strace: {error}")
        return 77
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # nothing here depends on a real disk
    folder = pathlib.Path(tempfile.mkdtemp(prefix="mcpauth-step-", dir=memory))
    suite = Suite(binary, writer, folder)
    suite.all()
    for (what, status), count in sorted(suite.seen.items()):
        print(f"  {count:6} {what}: exit {status}")
    if suite.wrong:
        print("\n".join(suite.wrong))
        print(f"the files are in {folder}/wrong-NUMBER")
        return 1
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
