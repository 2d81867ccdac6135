package main

import (
	"bytes"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/mlkem"
	"crypto/mlkem/mlkemtest"
	"hash"
	"slices"

	"filippo.io/edwards25519/field"
	"golang.org/x/crypto/blake2s"
)

type keyPairs struct {
	dh  *ecdh.PrivateKey
	kem *mlkem.DecapsulationKey768
}

type publicKeys struct {
	dh  *ecdh.PublicKey
	kem *mlkem.EncapsulationKey768
}

func newKeyPairs(dhSecret, kemSeed []byte) keyPairs {
	return keyPairs{must(ecdh.X25519().NewPrivateKey(dhSecret)), must(mlkem.NewDecapsulationKey768(kemSeed))}
}

func (k keyPairs) public() publicKeys { return publicKeys{k.dh.PublicKey(), k.kem.EncapsulationKey()} }

// parsePublicKeys refuses keys in a form that is not canonical. crypto/mlkem looks at that, crypto/ecdh does not.
func parsePublicKeys(dh, kem []byte) publicKeys {
	canonical := must(new(field.Element).SetBytes(dh)).Bytes()
	require(bytes.Equal(canonical, dh), "bad-public-key")
	key, err := mlkem.NewEncapsulationKey768(kem)
	require(err == nil, "bad-public-key")
	return publicKeys{must(ecdh.X25519().NewPublicKey(dh)), key}
}

// A handshake is Noise's, with the symmetric state in it.
type handshake struct {
	cipherState
	h, ck               []byte
	initiator, payloads bool
	draws               []any
	s, e                keyPairs
	rs, re              publicKeys
	next                int
	send, receive       *cipherState
}

func (hs *handshake) mixHash(input []byte) []byte {
	sum := blake2s.Sum256(slices.Concat(hs.h, input))
	hs.h = sum[:]
	return input
}

// derive gives outputs of Noise's HKDF, 32 bytes each: RFC 5869's without info.
func (hs *handshake) derive(input []byte, outputs int) [][]byte {
	newHash := func() hash.Hash { return must(blake2s.New256(nil)) }
	return slices.Collect(slices.Chunk(must(hkdf.Key(newHash, input, hs.ck, "", 32*outputs)), 32))
}

func (hs *handshake) mixKey(input []byte) {
	keys := hs.derive(input, 2)
	hs.ck, hs.aead, hs.n = keys[0], newAEAD(keys[1]), 0
}

func (hs *handshake) mixKeyAndHash(input []byte) {
	keys := hs.derive(input, 3)
	hs.mixHash(keys[1])
	hs.ck, hs.aead, hs.n = keys[0], newAEAD(keys[2]), 0
}

func (hs *handshake) encryptAndHash(plaintext []byte) []byte {
	return hs.mixHash(hs.seal(plaintext, hs.h))
}

func (hs *handshake) decryptAndHash(sealed []byte) []byte {
	plaintext := hs.open(sealed, hs.h)
	hs.mixHash(sealed)
	return plaintext
}

// mixDH does ee, es or se; the first letter is of the initiator's key.
func (hs *handshake) mixDH(token string) {
	mine, theirs := token[0], token[1]
	if !hs.initiator {
		mine, theirs = theirs, mine
	}
	secret := map[byte]keyPairs{'e': hs.e, 's': hs.s}[mine].dh
	public := map[byte]publicKeys{'e': hs.re, 's': hs.rs}[theirs].dh
	shared, err := secret.ECDH(public)
	require(err == nil, "low-order")
	hs.mixKey(shared)
}

func (hs *handshake) draw() data {
	drawn := unhex(hs.draws[0])
	hs.draws = hs.draws[1:]
	return drawn
}

func (hs *handshake) encapsulate(to *mlkem.EncapsulationKey768) (shared, ciphertext []byte) {
	shared, ciphertext, err := mlkemtest.Encapsulate768(to, hs.draw())
	return must(shared, err), ciphertext
}

// turn gives the tokens and the size of the next message, if it is the initiator's or the responder's.
func (hs *handshake) turn(initiator bool) (tokens []string, overhead int) {
	require(hs.next < 4 && initiator == (hs.next%2 == 0), "wrong-turn")
	message := tables.Handshake.Messages[hs.next]
	hs.next++
	return message.Tokens, message.Overhead
}

func (hs *handshake) write(payload []byte) (message data) {
	tokens, overhead := hs.turn(hs.initiator)
	require(hs.payloads || len(payload) == 0, "unexpected-payload")
	require(overhead+len(payload) <= maxMessage, "too-long")
	put := func(part []byte) { message = append(message, part...) }
	for _, token := range tokens {
		switch token {
		case "e":
			hs.e = newKeyPairs(hs.draw(), slices.Concat(hs.draw(), hs.draw()))
			put(hs.mixHash(hs.e.public().dh.Bytes()))
			put(hs.mixHash(hs.e.public().kem.Bytes()))
		case "s":
			put(hs.encryptAndHash(hs.s.public().dh.Bytes()))
			put(hs.encryptAndHash(hs.s.public().kem.Bytes()))
		case "ekem":
			shared, ciphertext := hs.encapsulate(hs.re.kem)
			put(hs.mixHash(ciphertext))
			hs.mixKey(shared)
		case "skem":
			shared, ciphertext := hs.encapsulate(hs.rs.kem)
			put(hs.encryptAndHash(ciphertext))
			hs.mixKeyAndHash(shared)
		default:
			hs.mixDH(token)
		}
	}
	put(hs.encryptAndHash(payload))
	return message
}

func (hs *handshake) read(message []byte) (payload data) {
	tokens, overhead := hs.turn(!hs.initiator)
	require(len(message) >= overhead, "too-short")
	require(len(message) <= maxMessage, "too-long")
	take := func(n int) []byte {
		part := message[:n]
		message = message[n:]
		return part
	}
	for _, token := range tokens {
		switch token {
		case "e":
			dh, kem := hs.mixHash(take(32)), hs.mixHash(take(mlkem.EncapsulationKeySize768))
			hs.re = parsePublicKeys(dh, kem)
		case "s":
			dh := hs.decryptAndHash(take(32 + tagSize))
			kem := hs.decryptAndHash(take(mlkem.EncapsulationKeySize768 + tagSize))
			hs.rs = parsePublicKeys(dh, kem)
		case "ekem":
			hs.mixKey(must(hs.e.kem.Decapsulate(hs.mixHash(take(mlkem.CiphertextSize768)))))
		case "skem":
			ciphertext := hs.decryptAndHash(take(mlkem.CiphertextSize768 + tagSize))
			hs.mixKeyAndHash(must(hs.s.kem.Decapsulate(ciphertext)))
		default:
			hs.mixDH(token)
		}
	}
	payload = hs.decryptAndHash(message)
	require(hs.payloads || len(payload) == 0, "unexpected-payload")
	return payload
}

func (hs *handshake) finish() object {
	require(hs.next == 4, "wrong-turn")
	keys := hs.derive(nil, 2)
	hs.send, hs.receive = &cipherState{aead: newAEAD(keys[0])}, &cipherState{aead: newAEAD(keys[1])}
	if !hs.initiator {
		hs.send, hs.receive = hs.receive, hs.send
	}
	return object{"handshake_hash": data(hs.h), "remote_id": hs.rs.deviceID()}
}

func (hs *handshake) step(do string, input data) object {
	direction := map[string]*cipherState{
		"encrypt": hs.send, "rekey-send": hs.send, "decrypt": hs.receive, "rekey-receive": hs.receive,
	}[do]
	if direction != nil {
		return direction.step(do, input)
	}
	return hs.guard(func() object {
		switch do {
		case "write":
			return object{"data": hs.write(input)}
		case "read":
			return object{"data": hs.read(input)}
		case "finish":
			return hs.finish()
		}
		panic(class("wrong-turn"))
	})
}

func noise(initiator bool) func(object) object {
	return func(in object) object {
		name := blake2s.Sum256([]byte("Noise_hybridXX_25519+MLKEM768_ChaChaPoly_BLAKE2s"))
		hs := &handshake{
			h: name[:], ck: name[:], initiator: initiator, payloads: in.text("payloads") == "allowed",
			draws: in.list("draws"), s: newKeyPairs(in.bytes("dh_secret"), in.bytes("kem_seed")),
		}
		hs.mixHash(in.bytes("prologue"))
		return play(in.list("steps"), hs.step)
	}
}
