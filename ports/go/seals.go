package main

import (
	"bytes"
	"math/bits"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/chacha20poly1305"
	"golang.org/x/text/unicode/norm"
	"lukechampine.com/blake3"
)

const (
	nonceSize  = chacha20poly1305.NonceSizeX
	maxData    = 1032064
	maxName    = 127
	paddedName = 128
	maxContent = 100 << 20
)

// seal gives the nonce and, behind it, what was sealed with it.
func seal(key, nonce, plaintext, ad []byte) data {
	return must(chacha20poly1305.NewX(key)).Seal(nonce, nonce, plaintext, ad)
}

func open(key, sealed, ad []byte) data {
	plaintext, err := must(chacha20poly1305.NewX(key)).Open(nil, sealed[:nonceSize], sealed[nonceSize:], ad)
	require(err == nil, "decrypt")
	return plaintext
}

func isZero(padding []byte) bool { return len(bytes.Trim(padding, "\x00")) == 0 }

// padded is max(256, PADMÉ(length)).
func padded(length int) int {
	if length <= 256 {
		return 256
	}
	e := bits.Len(uint(length)) - 1
	mask := 1<<(e-bits.Len(uint(e))) - 1
	return (length + mask) &^ mask
}

func paddedLength(in object) object { return object{"padded": padded(int(in.integer("length")))} }

func seal1(in object) object {
	return object{"sealed": seal(in.bytes("key"), in.bytes("nonce"), in.bytes("plaintext"), nil)}
}

func open1(in object) object {
	sealed := in.bytes("sealed")
	require(len(sealed) >= nonceSize+tagSize, "too-short")
	return object{"plaintext": open(in.bytes("key"), sealed, nil)}
}

func seal2Data(in object) data {
	return labelled("0k-sync-seal-2", in.bytes("group_id"), in.bytes("blob_id"))
}

func seal2(in object) object {
	record, w := in.object("record"), &writer{}
	require(len(record.bytes("data")) <= maxData, "too-large")
	w.tuple(tables.Seal.Seal2, record)
	plaintext := append(w.out, make([]byte, padded(len(w.out))-len(w.out))...)
	return object{"sealed": append(data{2}, seal(in.bytes("key"), in.bytes("nonce"), plaintext, seal2Data(in))...)}
}

func open2(in object) object {
	sealed := in.bytes("sealed")
	require(len(sealed) >= 1+nonceSize+tagSize, "too-short")
	require(sealed[0] == 2, "wrong-version")
	plaintext := open(in.bytes("key"), sealed[1:], seal2Data(in))
	r := &reader{rest: plaintext}
	record, refused := attempt(func() object { return r.tuple(tables.Seal.Seal2, r.expect(array)) })
	require(refused == "", "malformed")
	require(len(record["data"].(data)) <= maxData, "too-large")
	length := len(plaintext) - len(r.rest)
	require(isZero(r.rest) && len(plaintext) == padded(length), "wrong-padding")
	return object{"record": record}
}

func nameData(in object) data {
	return labelled("0k-sync-name-v1", in.bytes("group_id"), in.bytes("device_id"))
}

func sealName(in object) object {
	name := norm.NFC.String(in.text("name"))
	require(!strings.Contains(name, "\x00"), "malformed")
	for len(name) > maxName {
		_, size := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-size]
	}
	plaintext := make([]byte, paddedName)
	copy(plaintext, name)
	return object{"sealed": "~" + showID(seal(in.bytes("key"), in.bytes("nonce"), plaintext, nameData(in)))}
}

func openName(in object) object {
	text, marked := strings.CutPrefix(in.text("sealed"), "~")
	require(marked, "wrong-version")
	plaintext := open(in.bytes("key"), parseID(text, nonceSize+paddedName+tagSize), nameData(in))
	name, padding, ended := bytes.Cut(plaintext, []byte{0})
	require(ended && isZero(padding), "wrong-padding")
	require(utf8.Valid(name), "malformed")
	return object{"name": string(name)}
}

func sealContent(in object) object {
	ciphertext := seal(contentKey(in), in.bytes("nonce"), in.bytes("content"), nil)[nonceSize:]
	hash := blake3.Sum256(ciphertext)
	return object{"ciphertext": ciphertext, "ref": object{
		"content_hash": data(hash[:]), "encryption_nonce": in.bytes("nonce"),
		"content_size": strconv.Itoa(len(in.bytes("content"))), "encrypted_size": strconv.Itoa(len(ciphertext)),
	}}
}

func checkContent(in object) object {
	require(in.integer("content_size") <= maxContent, "too-large")
	require(in.integer("encrypted_size") == in.integer("content_size")+tagSize, "wrong-size")
	return object{}
}

func openContent(in object) object {
	ref, fetched := in.object("ref"), in.bytes("fetched")
	checkContent(ref)
	require(uint64(len(fetched)) == ref.integer("encrypted_size"), "wrong-size")
	hash := blake3.Sum256(fetched)
	require(bytes.Equal(hash[:], ref.bytes("content_hash")), "wrong-hash")
	return object{"content": open(contentKey(in), append(ref.bytes("encryption_nonce"), fetched...), nil)}
}
