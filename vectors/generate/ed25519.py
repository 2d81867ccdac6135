"""Ed25519 over integers (RFC 8032, 5.1), for signatures that no library makes. Slow, and not in constant time."""

from __future__ import annotations

import hashlib

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)

# (X, Y, Z, T) with x = X/Z, y = Y/Z, x·y = T/Z.
Point = tuple[int, int, int, int]
NEUTRAL: Point = (0, 1, 1, 0)


def add(a: Point, b: Point) -> Point:
    e = (a[1] - a[0]) * (b[1] - b[0]) % P
    f = (a[1] + a[0]) * (b[1] + b[0]) % P
    g = 2 * a[3] * b[3] * D % P
    h = 2 * a[2] * b[2] % P
    e, f, g, h = f - e, h - g, h + g, f + e
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def multiply(scalar: int, point: Point) -> Point:
    out = NEUTRAL
    while scalar:
        if scalar & 1:
            out = add(out, point)
        point = add(point, point)
        scalar >>= 1
    return out


def negate(a: Point) -> Point:
    return (-a[0] % P, a[1], a[2], -a[3] % P)


def equal(a: Point, b: Point) -> bool:
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


def recover_x(y: int, sign: int) -> int | None:
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P:
        return None
    return -x % P if x & 1 != sign else x


def point_at(y: int, sign: int) -> Point | None:
    x = recover_x(y % P, sign)
    return None if x is None else (x, y % P, 1, x * y % P)


BASE: Point = point_at(4 * pow(5, P - 2, P) % P, 0) or NEUTRAL


def encode(point: Point) -> bytes:
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def encoding(y: int, sign: int) -> bytes:
    """Any y below 2^255, canonical or not."""
    return (y | sign << 255).to_bytes(32, "little")


def decode_lax(data: bytes) -> Point | None:
    """Reduces y, and takes any sign where x is 0, as lenient libraries do."""
    number = int.from_bytes(data, "little")
    return point_at(number & (2**255 - 1), number >> 255)


def small_order() -> list[Point]:
    """The eight points whose order divides 8, beginning with the neutral one, each the one before plus a generator."""
    y = 2
    while True:
        point = point_at(y, 0)
        if point is not None:
            generator = multiply(L, point)
            if not equal(multiply(4, generator), NEUTRAL):
                break
        y += 1
    return [multiply(index, generator) for index in range(8)]


def expand(seed: bytes) -> tuple[int, bytes]:
    """The secret scalar (clamped) and the prefix."""
    digest = hashlib.sha512(seed).digest()
    scalar = int.from_bytes(digest[:32], "little")
    return scalar & ((1 << 254) - 8) | (1 << 254), digest[32:]


def public_key(seed: bytes) -> bytes:
    return encode(multiply(expand(seed)[0], BASE))


def challenge(r: bytes, a: bytes, message: bytes, prefix: bytes = b"") -> int:
    return int.from_bytes(hashlib.sha512(prefix + r + a + message).digest(), "little") % L


def sign(seed: bytes, message: bytes, prefix: bytes = b"") -> bytes:
    """`prefix` is dom2 of RFC 8032 for the variants Ed25519ctx and Ed25519ph, nothing for Ed25519."""
    scalar, secret = expand(seed)
    nonce = int.from_bytes(hashlib.sha512(prefix + secret + message).digest(), "little") % L
    r = encode(multiply(nonce, BASE))
    s = (nonce + challenge(r, public_key(seed), message, prefix) * scalar) % L
    return r + s.to_bytes(32, "little")


def holds(key: bytes, signature: bytes, message: bytes, cofactor: int = 1) -> bool:
    """Whether [c][S]B = [c]R + [c][k]A, with lenient decoding: how a verifier without our rules decides."""
    r, a = decode_lax(signature[:32]), decode_lax(key)
    if r is None or a is None:
        return False
    s, k = int.from_bytes(signature[32:], "little"), challenge(signature[:32], key, message)
    return equal(multiply(cofactor * s, BASE), multiply(cofactor, add(r, multiply(k, a))))
