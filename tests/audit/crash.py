#!/usr/bin/env python3
"""Kills a writer of the audit log at random moments, again and again on the same growing log, and
checks each time that every acknowledged record is there and that `audit verify` finds nothing worse
than an end that nobody signed.

    crash.py BINARY WRITER [ROUNDS] [SEED]

WRITER is tests/support/audit_writer.cpp. The moments are of three kinds: some time after the start of
the process, some time after its first acknowledgement, and right after it did something in the
log's folder: made a file, renamed one, wrote the tree. A seed repeats the choices, not the scheduling
of the machine; so a failure may take several runs to come again.
"""

import collections
import ctypes
import os
import pathlib
import random
import re
import select
import shutil
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import time

from files import ENVIRONMENT, Log, Wrong, acknowledged, demand, verdict

DEADLINE = 60
BYTES_OF_A_LOG = 4 << 20
FOREVER = str(10**12)
# Of a writer that was about to rotate the file that another program renamed at that moment.
REFUSED = "cannot be written: rename: No such file or directory"

IN_MODIFY, IN_MOVED_FROM, IN_MOVED_TO, IN_CREATE = 0x2, 0x40, 0x80, 0x100
# What the writer does in its folder, by event and by the rest of the file's name.
STEPS = {
    "key begun": (IN_CREATE, r"\.key.+"),
    "key placed": (IN_CREATE | IN_MOVED_TO, r"\.key"),
    "lock made": (IN_CREATE, r"\.lock"),
    "active file made": (IN_CREATE, r""),
    "tree made": (IN_CREATE, r"\.tree"),
    "verifier key begun": (IN_CREATE, r"\.vkey.+"),
    "verifier key placed": (IN_MOVED_TO, r"\.vkey"),
    "lock taken": (IN_MODIFY, r"\.lock"),
    "record written or cut": (IN_MODIFY, r""),
    "tree written or cut": (IN_MODIFY, r"\.tree"),
    "checkpoint begun": (IN_CREATE, r"\.checkpoint.+"),
    "checkpoint placed": (IN_MOVED_TO, r"\.checkpoint"),
    "closing checkpoint begun": (IN_CREATE, r"\.[0-9]{12}\.checkpoint.+"),
    "closing checkpoint placed": (IN_MOVED_TO, r"\.[0-9]{12}\.checkpoint"),
    "segment closed": (IN_MOVED_TO, r"\.[0-9]{12}"),
}
ONCE = 7  # the first of them are done when a log is new


class Watch:
    """The events of a folder, where the system can tell them."""

    def __init__(self, folder):
        self.fd = -1
        libc = ctypes.CDLL(None, use_errno=True)
        if not hasattr(libc, "inotify_init1"):
            return
        self.fd = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        mask = IN_MODIFY | IN_MOVED_FROM | IN_MOVED_TO | IN_CREATE
        if self.fd >= 0 and libc.inotify_add_watch(self.fd, os.fsencode(folder), mask) < 0:
            self.close()

    def events(self):
        try:
            content = os.read(self.fd, 65536)
        except BlockingIOError:
            return
        while content:
            _, mask, _, length = struct.unpack_from("iIII", content)
            yield mask, os.fsdecode(content[16:16 + length].rstrip(b"\0"))
            content = content[16 + length:]

    def forget(self):
        """All that happened so far."""
        while self.fd >= 0 and any(True for _ in self.events()):
            pass

    def close(self):
        if self.fd >= 0:
            os.close(self.fd)
        self.fd = -1


class Running:
    """A writer that was started, until it is killed."""

    def __init__(self, writer, log, setting):
        self.output = b""
        self.process = subprocess.Popen([writer, log, *setting], stdin=subprocess.DEVNULL, bufsize=0,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENVIRONMENT)
        self.started = time.monotonic()
        self.first = None  # when it acknowledged its first record
        os.set_blocking(self.process.stdout.fileno(), False)

    def read(self):
        """False once there is nothing more to come."""
        part = self.process.stdout.read(1 << 16)
        if part == b"":
            return False
        self.output += part or b""
        if self.first is None and b"\n" in self.output:
            self.first = time.monotonic()
        return True

    def wait_for(self, until, watch=None, step=None, times=1):
        """Runs on until `until()` is a moment that is over, or until `step` was seen `times` times.
        True where it was the step."""
        event, name = step or (0, "")
        fds = [self.process.stdout] + ([watch.fd] if step else [])
        while True:
            now = time.monotonic()
            end = until()
            demand(end is not None or now < self.started + DEADLINE, "no acknowledgement")
            left = DEADLINE if end is None else end - now
            if left <= 0:
                return False
            ready = select.select(fds, [], [], min(left, 0.5))[0]
            if step and watch.fd in ready:
                for mask, named in watch.events():
                    times -= bool(mask & event and re.fullmatch(name, named))
                    if times == 0:
                        return True
            if self.process.stdout in ready and not self.read():
                return False  # it ended by itself; `kill` judges that

    def kill(self, may_be_refused):
        """The seqs that it acknowledged, and whether it was refused a rotation and ended by itself."""
        self.process.kill()
        os.set_blocking(self.process.stdout.fileno(), True)
        while self.read():
            pass
        status = self.process.wait(DEADLINE)
        said = self.process.stderr.read().decode()
        self.process.stdout.close()
        self.process.stderr.close()
        refused = may_be_refused and status == 3 and REFUSED in said
        demand(refused or status == -signal.SIGKILL, f"the writer ended with {status}: {said}")
        return acknowledged(self.output), refused

    def abandon(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


class Suite:
    def __init__(self, binary, writer, seed):
        self.binary = binary
        self.writer = writer
        self.random = random.Random(seed)
        # On a disk a writer is mostly killed while it syncs, in memory while it does all else.
        places = [None] + [place for place in ["/dev/shm"] if os.access(place, os.W_OK)]
        self.folders = [pathlib.Path(tempfile.mkdtemp(prefix="mcpauth-crash-", dir=place)) for place in places]
        self.logs = 0
        self.rounds_left = 0
        self.second_writers = 0
        self.renames = 0
        self.start_times = collections.deque([0.02], maxlen=50)
        self.seen = collections.Counter()
        self.hit = collections.Counter()
        self.doing = ""
        self.new_log()

    def new_log(self):
        if self.logs:
            self.clean_end()
            shutil.rmtree(self.log.path.parent)
            self.watch.close()
        self.logs += 1
        self.rounds_left = self.random.choice([1, 2, 3, 100, 100, 100])
        folder = self.folders[self.logs % len(self.folders)] / f"log-{self.logs}"
        folder.mkdir()
        self.log = Log(folder / "audit.jsonl")
        self.watch = Watch(folder)

    def round(self):
        if self.rounds_left == 0 or len(self.log.known) > BYTES_OF_A_LOG:
            self.new_log()
        self.rounds_left -= 1
        self.damage()
        self.kill_one()
        if self.random.random() < 0.3:
            self.clean_end()

    def setting(self, count, threads):
        durability = self.random.choice(["each", "group", "os"])
        rotate = self.random.choice(["0", "20000", "60000"])
        checkpoint = self.random.choice(["0", "1", "3600", "3600"])
        return [count, str(threads), durability, rotate, checkpoint, str(self.random.randrange(1 << 60))]

    def kill_one(self):
        setting = self.setting(FOREVER, self.random.randint(1, 6))
        log = self.log.path
        watch = self.watch
        watch.forget()
        how = self.random.choice(["start", "later", "step", "step"] if watch.fd >= 0 else ["start", "later"])
        delay = self.random.uniform(0, 0.06) if self.random.random() < 0.99 else self.random.uniform(0.9, 1.2)
        is_new = not pathlib.Path(f"{log}.checkpoint").exists()
        step = self.random.choice(list(STEPS) if is_new else list(STEPS)[ONCE:])
        times = 1 if is_new or self.random.random() < 0.5 else self.random.randint(2, 8)
        if how == "step" and "clos" in step:
            setting[3] = "20000"
        pause = self.random.choice([0, 0, 0.0001, 0.0003, 0.001]) * self.random.random()
        self.doing = f"killing {' '.join(setting)}: {how} {step if how == 'step' else ''}"
        running = Running(self.writer, log, setting)
        try:
            if how == "start":
                longest = 1.2 * statistics.median(self.start_times)
                end = running.started + self.random.uniform(0, longest)
                running.wait_for(lambda: end)
            elif how == "later":
                running.wait_for(lambda: running.first and running.first + delay)
                self.meanwhile(running)
            else:
                event, rest = STEPS[step]
                if running.wait_for(lambda: running.first and running.first + 0.06, watch,
                                    (event, re.escape(log.name) + rest), times):
                    self.hit[step] += 1
                    time.sleep(pause)
            renamed = self.doing.endswith("renamed meanwhile")
            acks, refused = running.kill(may_be_refused=renamed and setting[3] != "0")
            self.hit["refused: renamed while it was rotated"] += refused
        finally:
            running.abandon()
        if running.first:
            self.start_times.append(running.first - running.started)
        self.hit["before the first acknowledgement" if not acks else "after the first acknowledgement"] += 1
        self.check_kill(acks)

    def check_kill(self, acks):
        self.doing += ", after the kill"
        self.take_in(acks)
        log = self.log.path
        if not pathlib.Path(f"{log}.checkpoint").exists():
            demand(self.log.count == 0 and not acks, "there are records without a checkpoint")
            return
        said = verdict(self.binary, log, f"{log}.vkey")
        self.seen[said] += 1
        # A tail that is torn too is called by its worse half.
        demand((said == "torn-last-line") == (self.log.torn > 0), f"{said}, and {self.log.torn} bytes are torn")

    def take_in(self, acks):
        before, torn = self.log.count, self.log.torn
        lines = self.log.read()
        demand(len(set(acks)) == len(acks), "a seq was acknowledged twice")
        for seq in acks:
            demand(before <= seq < self.log.count,
                   f"record {seq} was acknowledged, and there are {before} to {self.log.count - 1}")
        # A start tells first what it found: records without a checkpoint, and a torn line.
        told = [b'"reason":"unsealed-tail"' if b'"reason":"unsealed-tail"' in line else b'"reason":"torn-last-line"'
                for line in lines if b'"event":"audit.recover"' in line]
        demand(told in ([], told[:1], [b'"reason":"unsealed-tail"', b'"reason":"torn-last-line"']), f"recoveries: {told}")
        if lines:
            demand((b'"reason":"torn-last-line"' in told) == (torn > 0), f"{torn} bytes were torn, and {told} is on record")
        for place, line in enumerate(lines):
            recovered = b'"event":"audit.recover"' in line
            demand(recovered == (place < len(told)), f"record {before + place} is {line!r}")
        self.seen["acknowledged"] += len(acks)
        self.seen["torn by a kill"] += self.log.torn > 0 and (torn == 0 or len(lines) > 0)
        self.seen["recovered"] += torn > 0 and len(lines) > 0

    def meanwhile(self, running):
        """What others do to a log while it is written."""
        if self.random.random() < 0.25:
            self.rename_away(running)
        elif self.second_writers < 2 and self.random.random() < 0.01:
            self.second_writer(running)

    def rename_away(self, running):
        """As logrotate does. The writer notices it with its next record."""
        log = self.log.path
        self.doing += ", renamed meanwhile"
        self.renames += 1  # no name twice: it would replace what has it
        name = self.random.choice([f"{log.name}.{self.renames}", f"{log.name}-{20270101 + self.renames}"])
        try:
            os.rename(log, log.with_name(name))
        except FileNotFoundError:  # it is being rotated just now
            return
        self.hit["renamed by another program"] += 1
        if self.random.random() < 0.3:
            try:
                os.close(os.open(log, os.O_CREAT | os.O_EXCL, 0o600))
                self.hit["and rebuilt by it"] += 1
            except FileExistsError:  # the writer was quicker
                pass
        end = time.monotonic() + self.random.choice([0, 0.0005, 0.03]) * self.random.random()
        running.wait_for(lambda: end)

    def second_writer(self, running):
        """It waits five seconds for the first, which would write a lot meanwhile: it is stopped."""
        self.second_writers += 1
        self.doing += ", second writer"
        os.kill(running.process.pid, signal.SIGSTOP)
        try:
            done = subprocess.run([self.writer, self.log.path, *self.setting("1", 1)], capture_output=True,
                                  env=ENVIRONMENT, timeout=DEADLINE)
        finally:
            os.kill(running.process.pid, signal.SIGCONT)
        said = done.stderr.decode()
        demand(done.returncode == 3 and f"process {running.process.pid} is writing it" in said and not done.stdout,
               f"a second writer ended with {done.returncode}: {said}")
        self.hit["second writer refused"] += 1

    def damage(self):
        """What the log must bear between two starts: the tree is only a copy, and a machine that went
        down leaves half lines, which a kill leaves rarely."""
        log = self.log.path
        tree = pathlib.Path(f"{log}.tree")
        chance = self.random.random()
        if chance < 0.15 and tree.exists():
            how = self.random.choice(["deleted", "cut", "lengthened"])
            self.hit[f"tree {how}"] += 1
            if how == "deleted":
                tree.unlink()
            elif how == "cut":
                os.truncate(tree, self.random.randint(0, tree.stat().st_size))
            else:
                with tree.open("ab") as file:
                    file.write(self.random.randbytes(self.random.randint(1, 300)))
        elif chance < 0.3 and self.log.count and not self.log.torn:
            line = self.log.known[-400:].split(b"\n")[-2]
            line = b'{"seq":%d,' % self.log.count + line.split(b",", 1)[1]
            with log.open("ab") as file:
                os.fchmod(file.fileno(), 0o600)
                file.write(line[:self.random.randint(1, len(line))])
            self.hit["half a line left"] += 1
            self.doing = "half a line planted"
            self.log.read()
            demand(self.log.torn, "no torn line")
            if self.random.random() < 0.3:
                demand(verdict(self.binary, log, f"{log}.vkey") == "torn-last-line", "the torn line is not seen")

    def clean_end(self):
        """The next start works, and once the writer ends by itself all is signed."""
        # Where nothing is written nothing is signed, and a tree that was lost is not kept either.
        setting = self.setting(str(self.random.randint(1, 3)), self.random.randint(1, 3))
        self.doing = f"a clean end with {' '.join(setting)}"
        done = subprocess.run([self.writer, self.log.path, *setting], capture_output=True, env=ENVIRONMENT,
                              timeout=DEADLINE)
        demand(done.returncode == 0, f"the writer ended with {done.returncode}: {done.stderr.decode()}")
        self.take_in(acknowledged(done.stdout))
        demand(self.log.torn == 0, "the torn line is still there")
        said = verdict(self.binary, self.log.path, f"{self.log.path}.vkey")
        demand(said == "ok", f"after a clean end the log is {said}")
        self.log.check_tree()
        self.seen["ok after a clean end"] += 1

    def remove(self):
        for folder in self.folders:
            shutil.rmtree(folder)

    def report(self, rounds, seconds):
        print(f"{rounds} rounds in {seconds:.0f} s, {self.logs} logs, {self.seen['acknowledged']} records acknowledged")
        print(f"after the kill: {self.seen['ok']} ok, {self.seen['unsealed-tail']} unsealed tails, "
              f"{self.seen['torn-last-line']} torn lines, "
              f"{self.seen['torn by a kill']} of them by the kill itself; {self.seen['recovered']} recovered, "
              f"{self.seen['ok after a clean end']} clean ends")
        for what, count in sorted(self.hit.items()):
            print(f"  {count:6} {what}")


def main():
    binary, writer = (os.path.abspath(path) for path in sys.argv[1:3])
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 1000
    seed = int(sys.argv[4]) if len(sys.argv) > 4 else random.SystemRandom().randrange(1 << 32)
    print(f"seed {seed}", flush=True)
    suite = Suite(binary, writer, seed)
    start = time.monotonic()
    for number in range(1, rounds + 1):
        try:
            suite.round()
            if number == rounds:
                suite.clean_end()
        except (Wrong, OSError, ValueError, subprocess.SubprocessError) as error:
            suite.report(number, time.monotonic() - start)
            print(f"round {number}, {suite.doing}: {error}")
            print(f"the files are in {suite.log.path.parent}")
            for folder in suite.folders:
                if folder not in suite.log.path.parents:
                    shutil.rmtree(folder)
            print(f"to repeat: {' '.join(sys.argv[:3])} {rounds} {seed}")
            return 1
    suite.report(rounds, time.monotonic() - start)
    suite.remove()
    return 0


if __name__ == "__main__":
    sys.exit(main())
