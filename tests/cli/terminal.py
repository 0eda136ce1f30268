#!/usr/bin/env python3
"""Questions at a terminal: a passphrase is asked for without showing it, and never under --no-input."""

import os
import pathlib
import pty
import select
import sys
import tempfile
import time


def session(binary, words, answers):
    """Runs it on a terminal of its own; the screen, and the exit status."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execv(binary, [binary, "-C", "none", *words])
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
        assert status == 130 and "the question was left" in screen, (screen, status)
        screen, status = session(binary, ["--no-input", *words], [])
        assert status == 5 and "--no-input forbids questions" in screen, (screen, status)
        assert not key.exists()

        screen, status = session(binary, words, [b"one phrase\n", b"one phrase\n"])
        assert status == 0, (screen, status)
        assert "one phrase" not in screen, screen
        assert key.read_text().startswith("-----BEGIN ENCRYPTED PRIVATE KEY-----")
    print("ok")


if __name__ == "__main__":
    main()
