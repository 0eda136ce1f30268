#!/usr/bin/env python3
"""Lets the file system of an audit log run full, out of files, read-only and out of reach: whoever
wants to record something is refused, nothing that was acknowledged is lost, and with space the log
goes on.

    full_disk.py BINARY WRITER

The file systems are small ones in memory, mounted where only this test sees them: in a mount
namespace of its own. Where that cannot be had the test is skipped."""

import base64
import contextlib
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

from files import ENVIRONMENT, Log, Wrong, acknowledged, demand, verdict

PAGE = 4096
FULL = "No space left on device"
NOBODY = 65534
MINT = ["mint", "--subject", "a", "--audience", "https://x", "--org", "o", "--scope", "s:r",
        "--issuer", "https://i.example", "--key", "key.pem"]


def run(words, **more):
    return subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, env=ENVIRONMENT, timeout=120, **more)


def write_until(writer, log, setting, status, cause):
    """Runs the writer, which must end with `status` and, where it fails, name the log and the cause."""
    done = run([writer, str(log.path), *setting])
    said = done.stderr.decode()
    demand(done.returncode == status, f"the writer ended with {done.returncode}, not {status}: {said}")
    if status != 0:
        demand(str(log.path) in said and cause in said, f"neither log nor cause are named: {said!r}")
    before = log.count
    log.read()
    acks = acknowledged(done.stdout)
    demand(len(set(acks)) == len(acks), "a seq was acknowledged twice")
    for seq in acks:
        demand(before <= seq < log.count, f"record {seq} was acknowledged, and there are {before} to {log.count - 1}")
    return len(acks)


def fill(path, leave=0):
    """Takes all space but `leave` pages of it."""
    with path.open("wb", buffering=0) as file:
        with contextlib.suppress(OSError):
            while True:
                file.write(bytes(PAGE))
        if leave:
            file.truncate(max(0, file.tell() - leave * PAGE))


class Disk:
    """A small file system at a folder."""

    def __init__(self, path, options):
        self.path = path
        self.options = options

    def __enter__(self):
        subprocess.run(["mount", "-t", "tmpfs", "-o", self.options, "none", self.path], check=True)
        return self.path

    def __exit__(self, *_):
        subprocess.run(["umount", self.path], check=True)


class Inside:
    """The tests that need mounts."""

    def __init__(self, binary, writer, folder, seed):
        self.binary = binary
        self.writer = writer
        self.folder = folder
        self.disk = folder / "disk"
        self.disk.mkdir()
        self.random = random.Random(seed)
        self.refusals = 0
        self.acks = 0
        self.verdicts = {}

    def refused(self, log, setting, cause=FULL):
        self.acks += write_until(self.writer, log, setting, 3, cause)
        self.refusals += 1
        self.judge(log)

    def judge(self, log):
        """With a key that was kept elsewhere: nothing worse than an end without a signature."""
        beside = pathlib.Path(f"{log.path}.vkey")
        if not pathlib.Path(f"{log.path}.checkpoint").exists():
            demand(log.count == 0, "there are records without a checkpoint")
            return
        key = shutil.copy(beside, self.folder / "vkey")
        said = verdict(self.binary, log.path, key)
        self.verdicts[said] = self.verdicts.get(said, 0) + 1

    def goes_on(self, log):
        setting = ["5", "2", "group", "0", "3600", "1"]
        write_until(self.writer, log, setting, 0, "")
        said = verdict(self.binary, log.path, f"{log.path}.vkey")
        demand(said == "ok", f"with space again the log is {said}")
        log.check_tree()

    def setting(self, durability, rotate, checkpoint):
        seed = self.random.randrange(1 << 60)
        return [str(10**12), str(self.random.randint(1, 6)), durability, rotate, checkpoint, str(seed)]

    def runs_full(self):
        for durability in ["each", "group", "os"]:
            for rotate in ["0", "20000"]:
                for checkpoint in ["0", "3600"]:
                    for _ in range(3):
                        pages = self.random.randint(40, 200)
                        with Disk(self.disk, f"size={pages * PAGE},mode=700"):
                            self.fills_up(self.setting(durability, rotate, checkpoint), pages // 3)

    def fills_up(self, setting, pages):
        log = Log(self.disk / "audit.jsonl")
        filler = self.disk / "filler"
        filler.write_bytes(bytes(pages * PAGE))
        self.refused(log, setting)
        self.refused(log, setting)  # a start on a file system that is full already
        filler.unlink()
        self.goes_on(log)

    def starts_full(self):
        """From no space at all to some for each of the files of a new log."""
        for leave in range(9):
            with Disk(self.disk, f"size={32 * PAGE},mode=700"):
                log = Log(self.disk / "audit.jsonl")
                filler = self.disk / "filler"
                fill(filler, leave)
                self.refused(log, self.setting("group", "0", "3600"))
                filler.unlink()
                self.goes_on(log)

    def runs_out_of_files(self):
        for files in range(2, 24):
            with Disk(self.disk, f"size=4m,nr_inodes={files + 50},mode=700"):
                fillers = [self.disk / f"filler-{number}" for number in range(50)]
                for filler in fillers:
                    filler.touch()
                log = Log(self.disk / "audit.jsonl")
                self.refused(log, self.setting("os", "20000", "3600"))
                for filler in fillers:
                    filler.unlink()
                self.goes_on(log)

    def mint(self):
        done = run([self.binary, "-C", "mcpauth.toml", *MINT], cwd=self.folder)
        if done.returncode == 0:
            payload = done.stdout.strip().split(b".")[1]
            jti = json.loads(base64.urlsafe_b64decode(payload + b"=="))["jti"]
            log = Log(self.disk / "audit.jsonl")
            log.read()
            demand(any(jti.encode() in line and b'"phase":"outcome"' in line for line in log.known.split(b"\n")),
                   f"the token {jti} is not on record")
        return done

    def mint_is_refused(self, cause):
        """With the last bytes of a file's last page a mint or two may still find room."""
        for _ in range(20):
            done = self.mint()
            if done.returncode != 0:
                break
        said = done.stderr.decode()
        demand(done.returncode == 3 and "error[audit-unavailable]" in said and not done.stdout,
               f"mint ended with {done.returncode}, {len(done.stdout)} bytes, {said}")
        demand(str(self.disk / "audit.jsonl") in said and cause in said, f"neither log nor cause are named: {said!r}")
        self.refusals += 1

    def mints(self):
        with Disk(self.disk, f"size={64 * PAGE},mode=700"):
            for leave in range(8):
                fill(self.disk / "filler", leave)
                self.mint_is_refused(FULL)
                for path in self.disk.iterdir():
                    path.unlink()
            demand(self.mint().returncode == 0, "mint is refused with space")
            fill(self.disk / "filler")
            self.mint_is_refused(FULL)
            (self.disk / "filler").unlink()
            demand(self.mint().returncode == 0, "mint is refused with space again")
            said = verdict(self.binary, self.disk / "audit.jsonl", self.disk / "audit.jsonl.vkey")
            demand(said == "ok", f"after the last mint the log is {said}")

    def mints_with_rotation(self):
        """The log is to be rotated, and there is no space for the checkpoint that closes it."""
        with Disk(self.disk, "size=4m,mode=700"):
            log = Log(self.disk / "audit.jsonl")
            write_until(self.writer, log, ["2500", "1", "os", "0", "3600", "1"], 0, "")
            demand(log.path.stat().st_size > 1 << 20, "the log is too short to be rotated")
            fill(self.disk / "filler")
            self.mint_is_refused(FULL)
            (self.disk / "filler").unlink()
            demand(self.mint().returncode == 0, "mint is refused with space again")

    def is_read_only(self):
        with Disk(self.disk, "size=1m,mode=700"):
            log = Log(self.disk / "audit.jsonl")
            self.goes_on(log)
            subprocess.run(["mount", "-o", "remount,bind,ro", self.disk], check=True)
            self.refused(log, self.setting("group", "0", "3600"), "Read-only file system")
            self.mint_is_refused("Read-only file system")
            subprocess.run(["mount", "-o", "remount,bind,rw", self.disk], check=True)
            self.goes_on(log)

    def all(self):
        key = run([self.binary, "-C", "none", "keygen", "--alg", "EdDSA", "-o", "key.pem"], cwd=self.folder)
        demand(key.returncode == 0, key.stderr.decode())
        config = self.folder / "mcpauth.toml"
        config.write_text(f'[audit]\nfile = "{self.disk}/audit.jsonl"\nrotate_size = "1MiB"\n')
        config.chmod(0o600)
        for what in [self.runs_full, self.starts_full, self.runs_out_of_files, self.mints,
                     self.is_read_only, self.mints_with_rotation]:
            try:
                what()
            except Wrong as error:
                raise Wrong(f"{what.__name__}: {error}") from error
        print(f"{self.refusals} refusals, {self.acks} records acknowledged, {self.verdicts}")


def permission_is_lost(binary, writer):
    """For root nothing is out of reach, so root becomes somebody else for it."""
    other = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
    with tempfile.TemporaryDirectory(prefix="mcpauth-permission-") as name:
        folder = pathlib.Path(name)
        log = Log(folder / "log" / "audit.jsonl")
        log.path.parent.mkdir()
        if other:
            os.chown(folder, NOBODY, NOBODY)
            os.chown(log.path.parent, NOBODY, NOBODY)
        try:
            done = run([writer, str(log.path), "5", "2", "group", "0", "3600", "1"], **other)
            run([binary, "-C", "none", "keygen", "--alg", "EdDSA", "-o", "key.pem"], cwd=folder, **other)
        except PermissionError as error:
            print(f"lost permission is not tried: {error}")
            return
        demand(done.returncode == 0, done.stderr.decode())
        log.read()
        (folder / "mcpauth.toml").write_text(f'[audit]\nfile = "{log.path}"\n')
        for mode in [0o000, 0o500]:
            log.path.parent.chmod(mode)
            if mode == 0o500:  # what is there may be written, and no checkpoint can be placed
                log.path.chmod(0o400)
            done = run([writer, str(log.path), "5", "2", "group", "0", "3600", "1"], **other)
            said = done.stderr.decode()
            demand(done.returncode == 3 and str(log.path) in said and "Permission denied" in said and not done.stdout,
                   f"mode {mode:o}: the writer ended with {done.returncode}: {said}")
            done = run([binary, "-C", "mcpauth.toml", *MINT], cwd=folder, **other)
            said = done.stderr.decode()
            demand(done.returncode == 3 and "error[audit-unavailable]" in said and not done.stdout,
                   f"mode {mode:o}: mint ended with {done.returncode}: {said}")
        log.path.parent.chmod(0o700)
        log.path.chmod(0o600)
        done = run([writer, str(log.path), "5", "2", "group", "0", "3600", "1"], **other)
        demand(done.returncode == 0, done.stderr.decode())
        log.read()
        demand(verdict(binary, log.path, f"{log.path}.vkey") == "ok", "the log is not ok")


def own_mounts():
    """The command before another one that gives it a mount namespace of its own, or the reason why not."""
    as_root = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    unshare = ["unshare", *as_root, "--mount"]
    try:
        done = run([*unshare, "mount", "-t", "tmpfs", "none", tempfile.gettempdir()])
    except FileNotFoundError as error:
        return None, str(error)
    return (unshare, "") if done.returncode == 0 else (None, done.stderr.decode().strip())


def main():
    binary, writer = (os.path.abspath(path) for path in sys.argv[1:3])
    try:
        if len(sys.argv) > 3:
            Inside(binary, writer, pathlib.Path(sys.argv[3]), int(sys.argv[4])).all()
            return 0
        unshare, reason = own_mounts()
        if unshare is None:
            print(f"skipped: there can be no mounts of our own: {reason}")
            return 77
        permission_is_lost(binary, writer)
    except Wrong as error:
        print(error)
        return 1
    seed = random.SystemRandom().randrange(1 << 32)
    print(f"seed {seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="mcpauth-full-") as folder:
        return subprocess.run([*unshare, sys.executable, __file__, binary, writer, folder, str(seed)],
                              check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
