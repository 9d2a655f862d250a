"""A line between browser and program that can be made slow, so that a page comes in pieces."""

from __future__ import annotations

import socket
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

PIECE_BYTES = 400
PIECE_SECONDS = 0.01
WHOLE_BYTES = 65_536


class Line(socketserver.ThreadingTCPServer):
    """Hands bytes on in both ways; what comes from the program is held up while ``slow`` is set."""

    daemon_threads = True
    slow = False

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", 0), Relay)
        self.program = ("127.0.0.1", port)
        self.address = f"http://127.0.0.1:{self.server_address[1]}"


class Relay(socketserver.BaseRequestHandler):
    """One connection of the browser."""

    server: Line

    def handle(self) -> None:
        with socket.create_connection(self.server.program) as program:
            back = threading.Thread(target=self._answer, args=(program,), daemon=True)
            back.start()
            while asked := self.request.recv(WHOLE_BYTES):
                program.sendall(asked)
            program.shutdown(socket.SHUT_WR)
            back.join()

    def _answer(self, program: socket.socket) -> None:
        while answer := program.recv(WHOLE_BYTES):
            step = PIECE_BYTES if self.server.slow else WHOLE_BYTES
            for start in range(0, len(answer), step):
                self.request.sendall(answer[start : start + step])
                if self.server.slow:
                    time.sleep(PIECE_SECONDS)


@contextmanager
def line_to(port: int) -> Iterator[Line]:
    """A line to the program at this port, fast until ``slow`` is set."""
    with Line(port) as line:
        threading.Thread(target=line.serve_forever, daemon=True).start()
        yield line
        line.shutdown()
