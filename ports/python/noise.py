"""The hybrid Noise handshake and the transport, driven by the table of protocol.json."""
import hmac
from hashlib import blake2s

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from kyber_py.ml_kem import ML_KEM_768
from nacl.bindings import crypto_scalarmult, crypto_scalarmult_base
from nacl.exceptions import RuntimeError as SodiumError

from messages import SPEC, Refused, refuse_unless
from sealing import device_id

TABLE = SPEC["handshake"]
MOST, INTERVAL = TABLE["transport"]["max_message"], TABLE["transport"]["rekey_interval"]


def hkdf(key, data, count):
    keyed, outputs = hmac.new(key, data, blake2s).digest(), [b""]
    for number in range(1, count + 1):
        outputs.append(hmac.new(keyed, outputs[-1] + bytes([number]), blake2s).digest())
    return outputs[1:]


class Keys:
    """An X25519 pair and an ML-KEM pair."""
    def __init__(self, dh_secret, kem_seed):
        self.dh_secret, self.dh = dh_secret, crypto_scalarmult_base(dh_secret)
        self.kem, self.kem_secret = ML_KEM_768._keygen_internal(kem_seed[:32], kem_seed[32:])


class Cipher:
    def __init__(self, key, counter=0):
        self.key, self.counter, self.failed = key, counter, False

    def encrypt(self, data, aad=b""):
        return self.once("encrypt", data, aad, len(data) + 16)

    def decrypt(self, data, aad=b""):
        return self.once("decrypt", data, aad, len(data))

    def once(self, do, data, aad, length):
        refuse_unless(not self.failed, "failed-state")
        self.failed = True
        refuse_unless(16 <= length <= MOST, "too-short" if length < 16 else "too-long")
        try:
            result = getattr(ChaCha20Poly1305(self.key), do)(bytes(4) + self.counter.to_bytes(8, "little"), data, aad)
        except InvalidTag:
            raise Refused("decrypt") from None
        self.failed = False
        self.counter += 1
        if self.counter % INTERVAL == 0:
            self.rekey()
        return result

    def rekey(self):
        self.key = ChaCha20Poly1305(self.key).encrypt(bytes(4) + b"\xff" * 8, bytes(32), b"")[:32]


class Handshake:
    def __init__(self, role, prologue, keys, draws, payloads):
        self.role, self.keys, self.draws, self.payloads = role, {"s": keys}, draws, payloads
        self.remote, self.index, self.failed, self.cipher = {}, 0, False, None
        self.h = self.ck = blake2s(TABLE["protocol_name"].encode()).digest()
        self.mix_hash(prologue)

    def mix_hash(self, data):
        self.h = blake2s(self.h + data).digest()

    def mix_key(self, data, also_hash=False):
        self.ck, *mixed, key = hkdf(self.ck, data, 3 if also_hash else 2)
        for part in mixed:
            self.mix_hash(part)
        self.cipher = Cipher(key)

    def put(self, data, encrypted=True):
        data = self.cipher.encrypt(data, self.h) if encrypted and self.cipher else data
        self.mix_hash(data)
        self.out += data

    def take(self, length, encrypted=True):
        sealed = encrypted and self.cipher
        data, self.rest = self.rest[: length + 16 * bool(sealed)], self.rest[length + 16 * bool(sealed) :]
        opened = self.cipher.decrypt(data, self.h) if sealed else data
        self.mix_hash(data)
        return opened

    def step(self, do, data=b""):
        refuse_unless(not self.failed, "failed-state")
        message = TABLE["messages"][self.index] if self.index < 4 else None
        turn = "finish" if message is None else "write" if message["from"] == self.role else "read"
        refuse_unless(do == turn, "wrong-turn")
        self.failed = True
        if turn == "finish":
            first, second = (Cipher(key) for key in hkdf(self.ck, b"", 2))
            self.send, self.receive = (first, second) if self.role == "initiator" else (second, first)
            return {"handshake_hash": self.h, "remote_id": device_id(*self.remote["s"])}
        length = len(data) + (message["overhead"] if turn == "write" else 0)
        refuse_unless(length >= message["overhead"], "too-short")
        refuse_unless(length <= MOST, "too-long")
        refuse_unless(self.payloads == "allowed" or length == message["overhead"], "unexpected-payload")
        self.out, self.rest = b"", data
        for token in message["tokens"]:
            self.token(token, turn == "write")
        result = self.take(length - message["overhead"]) if turn == "read" else self.put(data) or self.out
        self.index, self.failed = self.index + 1, False
        return result

    def token(self, token, writing):
        if token in ("ee", "es", "se"):
            own, other = token if self.role == "initiator" else token[::-1]
            try:
                self.mix_key(crypto_scalarmult(self.keys[own].dh_secret, self.remote[other][0]))
            except SodiumError:
                raise Refused("low-order") from None
        elif token in ("ekem", "skem"):
            static = token == "skem"
            if writing:
                secret, sealed = ML_KEM_768._encaps_internal(self.remote[token[0]][1], self.draws.pop(0))
                self.put(sealed, static)
            else:
                secret = ML_KEM_768._decaps_internal(self.keys[token[0]].kem_secret, self.take(1088, static))
            self.mix_key(secret, static)
        elif writing:
            if token == "e":
                self.keys["e"] = Keys(self.draws.pop(0), self.draws.pop(0) + self.draws.pop(0))
            self.put(self.keys[token].dh, token == "s")
            self.put(self.keys[token].kem, token == "s")
        else:
            dh, kem = self.take(32, token == "s"), self.take(1184, token == "s")
            halves = (int.from_bytes(kem[at : at + 3], "little") for at in range(0, 1152, 3))
            right = all(half & 0xFFF < 3329 and half >> 12 < 3329 for half in halves)
            refuse_unless(right and int.from_bytes(dh, "little") < 2**255 - 19, "bad-public-key")
            self.remote[token] = dh, kem


def outcome(call, **inputs):
    try:
        result = call(**inputs)
        return result if isinstance(result, dict) else {"data": result} if result is not None else {}
    except Refused as refused:
        return {"error": str(refused)}


def identity(dh_secret, kem_seed):
    keys = Keys(dh_secret, kem_seed)
    return {"dh_public": keys.dh, "kem_public": keys.kem, "device_id": device_id(keys.dh, keys.kem)}


def transport(key, counter, steps):
    cipher = Cipher(key, counter)
    return [outcome(getattr(cipher, step["do"]), data=step["data"]) for step in steps]


def handshake(role, prologue, dh_secret, kem_seed, draws, payloads, steps):
    state = Handshake(role, prologue, Keys(dh_secret, kem_seed), draws, payloads)

    def call(do, data=b""):
        if do in ("encrypt", "rekey-send"):
            return state.send.encrypt(data) if do == "encrypt" else state.send.rekey()
        if do in ("decrypt", "rekey-receive"):
            return state.receive.decrypt(data) if do == "decrypt" else state.receive.rekey()
        return state.step(do, data)

    return [outcome(call, **step) for step in steps]


def noise_initiator(**inputs):
    return handshake("initiator", **inputs)


def noise_responder(**inputs):
    return handshake("responder", **inputs)
