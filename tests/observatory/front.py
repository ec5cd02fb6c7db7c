import contextlib
import socket
import threading

TLS_HANDSHAKE = b"\x16"


class Front:
    """One port for http and https, as a site has them on two: each goes to its own server."""

    def __init__(self, *, plain: int, tls: int) -> None:
        self.plain, self.tls = plain, tls
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            client, _ = self.listener.accept()
            threading.Thread(target=self._connect, args=(client,), daemon=True).start()

    def _connect(self, client: socket.socket) -> None:
        first = client.recv(1, socket.MSG_PEEK)
        port = self.tls if first == TLS_HANDSHAKE else self.plain
        server = socket.create_connection(("127.0.0.1", port))
        threading.Thread(target=self._copy, args=(server, client), daemon=True).start()
        self._copy(client, server)

    @staticmethod
    def _copy(source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_WR)
