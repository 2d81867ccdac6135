package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"

	"filippo.io/edwards25519"
	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// labelled puts the parts behind the label.
func labelled(label string, parts ...[]byte) data {
	return append(data(label), bytes.Join(parts, nil)...)
}

func hashed(label string, parts ...[]byte) data {
	sum := sha256.Sum256(labelled(label, parts...))
	return sum[:]
}

// parseID takes the one text of an id alone: base64 by itself steps over line breaks, and bits that stand for nothing.
func parseID(text string, length uint64) data {
	id, err := base64.RawURLEncoding.DecodeString(text)
	require(err == nil && uint64(len(id)) == length && showID(id) == text, "malformed")
	return id
}

func showID(id []byte) string { return base64.RawURLEncoding.EncodeToString(id) }

func readID(in object) object { return object{"bytes": parseID(in.text("text"), in.integer("length"))} }

func writeID(in object) object { return object{"text": showID(in.bytes("bytes"))} }

func uuid(id []byte) string {
	return fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:])
}

func readBlobID(in object) object {
	id, err := hex.DecodeString(strings.ReplaceAll(in.text("text"), "-", ""))
	require(err == nil && len(id) == 16 && uuid(id) == strings.ToLower(in.text("text")), "malformed")
	return object{"bytes": data(id)}
}

func writeBlobID(in object) object { return object{"text": uuid(in.bytes("bytes"))} }

func (k publicKeys) deviceID() data {
	return hashed("0k-sync-identity-v1", k.dh.Bytes(), k.kem.Bytes())
}

func deviceID(in object) object {
	return object{"id": hashed("0k-sync-identity-v1", in.sized("dh_public", 32), in.sized("kem_public", 1184))}
}

func identity(in object) object {
	keys := newKeyPairs(in.bytes("dh_secret"), in.bytes("kem_seed")).public()
	return object{"dh_public": data(keys.dh.Bytes()), "kem_public": data(keys.kem.Bytes()), "device_id": keys.deviceID()}
}

func groupID(in object) object {
	return object{"id": hashed("0k-sync-group-id-v2", in.sized("group_key", 32))}
}

func groupIDv1(in object) object {
	return object{"id": hashed("0k-sync-group-id-v1", in.sized("group_secret", 32))}
}

func derive(in object, salt, info string) data {
	return must(hkdf.Key(sha256.New, in.sized("group_secret", 32), []byte(salt), info, 32))
}

func groupKey(in object, purpose string) data { return derive(in, "0k-sync-group-key-v1", purpose) }

func contentKey(in object) data {
	return derive(in, "0k-sync-content-v1", string(in.bytes("blob_id"))+"content-encryption")
}

func deriveKey(in object) object { return object{"key": groupKey(in, in.text("purpose"))} }

func deriveContentKey(in object) object { return object{"key": contentKey(in)} }

func normalise(passphrase string) data {
	require(passphrase != "", "empty-passphrase")
	return norm.NFC.Bytes([]byte(passphrase))
}

func normalisePassphrase(in object) object { return object{"bytes": normalise(in.text("passphrase"))} }

func requireParameters(m, t, p, saltLength uint64) {
	require(m >= 19456 && t >= 2 || m >= 47104 && t == 1, "out-of-range")
	require(m <= 1<<20 && t <= 16 && p >= 1 && p <= 16, "out-of-range")
	require(saltLength == 16, "wrong-length")
}

func checkParameters(in object) object {
	requireParameters(in.integer("m"), in.integer("t"), in.integer("p"), in.integer("salt_length"))
	return object{}
}

func chooseParameters(in object) object {
	switch {
	case in["ram"] == nil || in.integer("ram") >= 4<<30 && in.integer("ram") < 8<<30:
		return object{"m": 47104, "t": 1, "p": 1}
	case in.integer("ram") < 4<<30:
		return object{"m": 19456, "t": 2, "p": 1}
	}
	return object{"m": 65536, "t": 3, "p": 4}
}

func deriveSecret(in object) object {
	passphrase, salt := []byte(in.text("passphrase")), in.bytes("salt")
	m, t, p := in.integer("m"), in.integer("t"), in.integer("p")
	requireParameters(m, t, p, uint64(len(salt)))
	if in.integer("group_version") == 2 {
		passphrase = normalise(string(passphrase))
	}
	return object{"group_secret": data(argon2.IDKey(passphrase, salt, uint32(t), uint32(m), uint8(p), 32))}
}

func prove(in object) object {
	key := ed25519.NewKeyFromSeed(groupKey(in, "authentication"))
	public := data(key.Public().(ed25519.PublicKey))
	id := hashed("0k-sync-group-id-v2", public)
	signature := ed25519.Sign(key, labelled("0k-sync-member-v1", id, in.bytes("device_id")))
	return object{"group_id": id, "key": public, "signature": data(signature)}
}

// verifyProof refuses itself keys of small order and in a form that is not canonical: crypto/ed25519 takes both.
func verifyProof(in object) object {
	key, id := in.bytes("key"), in.bytes("group_id")
	point, err := new(edwards25519.Point).SetBytes(key)
	require(err == nil && bytes.Equal(point.Bytes(), key), "unauthorized")
	require(point.MultByCofactor(point).Equal(edwards25519.NewIdentityPoint()) == 0, "unauthorized")
	require(bytes.Equal(hashed("0k-sync-group-id-v2", key), id), "unauthorized")
	message := labelled("0k-sync-member-v1", id, in.bytes("device_id"))
	require(ed25519.Verify(ed25519.PublicKey(key), message, in.bytes("signature")), "unauthorized")
	return object{}
}
