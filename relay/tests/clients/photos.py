"""Lets schemathesis generate valid photos in addition to random bytes."""

import struct
import zlib

import schemathesis.openapi
from hypothesis import strategies
from schemathesis.transport.serialization import Binary


def chunk(kind, data):
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def green():
    """A PNG of 16 by 12 green pixels."""
    rows = (b"\0" + bytes((60, 130, 50)) * 16) * 12
    header = struct.pack(">IIBBBBB", 16, 12, 8, 2, 0, 0, 0)
    return Binary(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


schemathesis.openapi.format("binary", strategies.one_of(strategies.just(green()), strategies.binary(max_size=300).map(Binary)))
