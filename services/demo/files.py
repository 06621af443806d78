"""Small files to attach: a drawn picture, a one-page PDF, a note."""

import struct
import zlib
from collections.abc import Sequence

SKY, EARTH, YELLOW, DARK = (176, 205, 226), (150, 116, 80), (242, 169, 0), (52, 52, 56)
WIDTH, HEIGHT = 480, 320


def picture(number: int) -> bytes:
    """A PNG of an excavator on a site; each number stands somewhere else."""
    left = 60 + number * 37 % 160
    rows = [bytes(part for x in range(WIDTH) for part in _colour(x - left, y)) for y in range(HEIGHT)]
    content = zlib.compress(b"".join(b"\0" + row for row in rows), 6)
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", content) + _chunk(b"IEND", b"")


def _colour(x: int, y: int) -> tuple[int, int, int]:
    if 0 <= x < 140 and 232 <= y < 262:
        return DARK  # tracks
    if 20 <= x < 70 and 160 <= y < 232:
        return DARK if 30 <= x < 60 and 172 <= y < 200 else YELLOW  # cab with its window
    if 70 <= x < 130 and 190 <= y < 232:
        return YELLOW
    boom = 70 <= x < 220 and abs(y - (190 - (x - 70) * 0.55)) < 9
    stick = 205 <= x < 260 and abs(y - (112 + (x - 205) * 1.9)) < 9
    if boom or stick or (240 <= x < 285 and 205 <= y < 240):
        return YELLOW if not 240 <= x < 285 or y < 205 else DARK
    return EARTH if y > 255 - (x % 97) // 24 else SKY


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def page(lines: Sequence[str]) -> bytes:
    """A PDF of one page with these lines of plain letters."""
    written = " ".join(f"({line}) Tj 0 -22 Td" for line in lines)
    stream = f"BT /F1 13 Tf 60 770 Td {written} ET".encode("ascii")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    return _assembled(objects)


def _assembled(objects: Sequence[bytes]) -> bytes:
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    end = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(body))
    return body + head + table + end
