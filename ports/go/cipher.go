package main

import (
	"crypto/cipher"
	"encoding/binary"
	"math"

	"golang.org/x/crypto/chacha20poly1305"
)

const (
	maxMessage = 65535
	rekeyAfter = 65536
	tagSize    = chacha20poly1305.Overhead
)

// A cipherState is Noise's: a key and its counter. Without a key it leaves everything as it is, and once something failed
// in it, it refuses all.
type cipherState struct {
	aead   cipher.AEAD
	n      uint64
	failed bool
}

func newAEAD(key []byte) cipher.AEAD { return must(chacha20poly1305.New(key)) }

func nonce(n uint64) []byte { return binary.LittleEndian.AppendUint64(make([]byte, 4, 12), n) }

func (c *cipherState) seal(plaintext, ad []byte) []byte {
	if c.aead == nil {
		return plaintext
	}
	c.n++
	return c.aead.Seal(nil, nonce(c.n-1), plaintext, ad)
}

func (c *cipherState) open(sealed, ad []byte) []byte {
	if c.aead == nil {
		return sealed
	}
	c.n++
	plaintext, err := c.aead.Open(nil, nonce(c.n-1), sealed, ad)
	require(err == nil, "decrypt")
	return plaintext
}

func (c *cipherState) rekey() {
	c.aead = newAEAD(c.aead.Seal(nil, nonce(math.MaxUint64), make([]byte, 32), nil)[:32])
}

func (c *cipherState) guard(do func() object) object {
	require(!c.failed, "failed-state")
	c.failed = true
	result := do()
	c.failed = false
	return result
}

// step does one of a direction of the transport.
func (c *cipherState) step(do string, input data) object {
	return c.guard(func() object {
		var output data
		switch do {
		case "encrypt":
			require(len(input)+tagSize <= maxMessage, "too-long")
			output = c.seal(input, nil)
		case "decrypt":
			require(len(input) >= tagSize, "too-short")
			require(len(input) <= maxMessage, "too-long")
			output = c.open(input, nil)
		default:
			c.rekey()
			return object{}
		}
		if c.n%rekeyAfter == 0 {
			c.rekey()
		}
		return object{"data": output}
	})
}

// play does all steps, also after one that failed.
func play(steps []any, do func(do string, input data) object) object {
	outcomes := []object{}
	for _, step := range steps {
		step := object(step.(map[string]any))
		outcome, refused := attempt(func() object { return do(step.text("do"), step.bytes("data")) })
		if refused != "" {
			outcome = object{"error": refused}
		}
		outcomes = append(outcomes, outcome)
	}
	return object{"steps": outcomes}
}

func transport(in object) object {
	direction := &cipherState{aead: newAEAD(in.bytes("key")), n: in.integer("counter")}
	return play(in.list("steps"), direction.step)
}
