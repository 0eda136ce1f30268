#!/usr/bin/env python3
"""Questions at a terminal: a passphrase is asked for without showing it, and never under --no-input.
A program of `exec:` may ask there too, and Ctrl-C ends it with us."""

import os
import pathlib
import pty
import select
import signal
import sys
import tempfile
import time


def session(binary, words, answers):
    """Runs it on a terminal of its own; the screen, and the exit status."""
    pid, terminal = pty.fork()
    if pid == 0:
        own = {name: value for name, value in os.environ.items() if not name.startswith("MCPAUTH_")}
        os.execve(binary, [binary, "-C", "none", *words], own)
    screen = b""
    answers = list(answers)
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if select.select([terminal], [], [], 0.2)[0]:
            try:
                screen += os.read(terminal, 4096)
            except OSError:  # the program closed it
                break
        elif answers and screen.rstrip().endswith(b":"):
            os.write(terminal, answers.pop(0))
    os.close(terminal)
    return screen.decode(), os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def main():
    try:
        for end in pty.openpty():
            os.close(end)
    except OSError as error:
        print(f"skipped: there are no pseudo-terminals here ({error})")
        return sys.exit(77)
    binary = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory(prefix="mcpauth-terminal-") as directory:
        key = pathlib.Path(directory, "key.pem")
        words = ["keygen", "--encrypt", "-o", str(key)]

        screen, status = session(binary, words, [b"one phrase\n", b"another\n"])
        assert status == 2 and "the two answers differ" in screen, (screen, status)
        screen, status = session(binary, words, [b"\x03"])
        assert status == 130 and "the question was interrupted" in screen, (screen, status)
        screen, status = session(binary, ["--no-input", *words], [])
        assert status == 5 and "--no-input forbids questions" in screen, (screen, status)
        assert not key.exists()

        screen, status = session(binary, words, [b"one phrase\n", b"one phrase\n"])
        assert status == 0, (screen, status)
        assert "one phrase" not in screen, screen
        assert key.read_text().startswith("-----BEGIN ENCRYPTED PRIVATE KEY-----")

        asking = pathlib.Path(directory, "ask")
        asking.write_text("stty -echo </dev/tty; printf 'secret: ' >/dev/tty; read -r said </dev/tty\n"
                          "stty echo </dev/tty; printf '%s' \"$said\"\n")
        inspect = ["keys", "inspect", str(key), "--passphrase", f"exec:sh {asking}"]
        screen, status = session(binary, inspect, [b"one phrase\n"])
        assert status == 0 and "P-256" in screen and "one phrase" not in screen, (screen, status)
        screen, status = session(binary, inspect, [b"\x03"])
        assert status == 130 and "was interrupted" in screen, (screen, status)

        told = pathlib.Path(directory, "told")
        waiting = pathlib.Path(directory, "wait")
        waiting.write_text(f"trap 'echo yes >{told}; exit 1' INT\n"
                           "echo waiting: >&2; while :; do sleep 0.05; done\n")
        inspect[-1] = f"exec:sh {waiting}"
        screen, status = session(binary, inspect, [b"\x03"])
        assert status == -signal.SIGINT, (screen, status)
        end = time.monotonic() + 20
        while not told.exists() and time.monotonic() < end:
            time.sleep(0.05)
        assert told.exists()
    print("ok")


if __name__ == "__main__":
    main()
