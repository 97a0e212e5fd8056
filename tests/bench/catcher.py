"""A partner's system that only catches what is sent, as fast as it comes: `python -m tests.bench.catcher PORT`.

`POST /at-once` is answered at once and `POST /slow` after half a minute; `GET /` tells when each message was there. It
speaks just enough HTTP for that.
"""

import asyncio
import json
import sys
import time

SLOW = 30.0
"""Seconds that the slow one thinks about each message."""

_ACCEPTED = b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"


class Catcher:
    """Remembers when each message came, the first time."""

    def __init__(self) -> None:
        self.came: dict[str, float] = {}

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take requests over one connection until the other side ends it."""
        try:
            while True:
                await self._take(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (one.partition(":") for one in lines)}
        await reader.readexactly(int(headers.get("content-length", "0")))
        method, path, _ = line.split()
        if method == "GET":
            content = json.dumps(self.came).encode()
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(content) + content)
        else:
            self.came.setdefault(headers.get("webhook-id", ""), time.time())
            if path == "/slow":
                await asyncio.sleep(SLOW)
            writer.write(_ACCEPTED)
        await writer.drain()


async def main(port: int) -> None:
    """Listen until the process is ended."""
    server = await asyncio.start_server(Catcher().converse, "127.0.0.1", port, limit=1 << 20)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
