"""Clients that want a server to wait for them: some send a byte a second, some ask for a lot and
read a byte a second. When they are cut off they come again."""
import contextlib
import socket
import threading

BIG = b"GET /openapi.yaml HTTP/1.1\r\nHost: localhost\r\n\r\n"
HEAD = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: "


class SlowClients:
    """On a thread of its own from `with` on. `wrap` puts a connection under TLS, or is None."""

    def __init__(self, port, senders, readers, wrap=None):
        self.port, self.wrap = port, wrap
        self.senders = [None] * senders
        self.readers = [None] * readers
        self.cut_off = 0
        self.ending = threading.Event()
        self.thread = threading.Thread(target=self.work)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ending.set()
        self.thread.join()
        for connection in self.senders + self.readers:
            if connection is not None:
                connection.close()

    def work(self):
        while not self.ending.wait(1):
            self.senders = [self.send(connection) for connection in self.senders]
            self.readers = [self.read(connection) for connection in self.readers]

    def connect(self):
        connection = socket.socket()
        # Little room: the answer must stay at the server.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(10)
        connection.connect(("127.0.0.1", self.port))
        return self.wrap(connection) if self.wrap else connection

    def again(self, connection):
        self.cut_off += 1
        with contextlib.suppress(OSError):
            connection.close()

    def send(self, connection):
        with contextlib.suppress(OSError):
            if connection is None:
                connection = self.connect()
                connection.sendall(HEAD)
            connection.sendall(b"a")
            connection.settimeout(0)
            if self.still_waits(connection):
                return connection
        return self.again(connection)

    def read(self, connection):
        with contextlib.suppress(OSError):
            if connection is None:
                connection = self.connect()
                for _ in range(20):
                    connection.sendall(BIG)
            connection.settimeout(2)
            if connection.recv(1):
                return connection
        return self.again(connection)

    @staticmethod
    def still_waits(connection):
        """Whether the server has not answered or closed yet."""
        try:
            connection.recv(1)
        except (BlockingIOError, TimeoutError):
            return True
        except OSError as error:
            return "want" in type(error).__name__.lower()  # SSLWantReadError.
        return False
