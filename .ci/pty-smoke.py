#!/usr/bin/env python3
"""Runs a program in the root $ROOT in a pseudo-terminal of 80x24: waits for the sample edition, filters it, and quits.

    ROOT=/some/root pty-smoke.py /usr/bin/dateline
"""

import fcntl
import os
import pty
import select
import struct
import sys
import termios
import time

root, program = os.environ["ROOT"], sys.argv[1:]
child, terminal = pty.fork()
if child == 0:
    if os.getuid() == 0:
        os.chroot(root)
        os.chdir("/")
        os.execv(program[0], program)
    os.execvp("unshare", ["unshare", "--user", "--map-root-user", "chroot", root, *program])
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
seen = b""


def wait_for(text, seconds=60):
    """Reads what the program sends until `text` is in it. Emulators under qemu take their time."""
    global seen
    end = time.time() + seconds
    while text not in seen and time.time() < end:
        if select.select([terminal], [], [], 0.1)[0]:
            try:
                part = os.read(terminal, 65536)
            except OSError:
                break
            if b"\x1b[6n" in part:
                os.write(terminal, b"\x1b[1;1R")
            seen += part
    if text not in seen:
        sys.exit(f"{program}: {text!r} did not come: {seen[-2000:]!r}")


wait_for(b"sample edition")
os.write(terminal, b"/harbour\r")
seen = b""
# What finds the articles stands in the last line then.
wait_for(b"[harbour*]")
os.write(terminal, b"\x1b")
time.sleep(0.5)
end, status = time.time() + 30, None
while status is None and time.time() < end:
    os.write(terminal, b"Q")
    if select.select([terminal], [], [], 0.5)[0]:
        try:
            os.read(terminal, 65536)
        except OSError:
            pass
    ended, code = os.waitpid(child, os.WNOHANG)
    status = code if ended else None
if status != 0:
    sys.exit(f"{program}: ended with {status}")
print(f"{' '.join(program)}: read the sample edition, filtered it, and quit")
