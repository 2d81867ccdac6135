package main

import (
	"unicode/utf8"
)

// A family is what a MessagePack value is, in whatever width.
type family int

const (
	other family = iota // nil, float or fixext
	unsigned
	signed
	boolean
	str
	bin
	array
	mapping
	ext
	reserved
)

// heads has those from 0xc0 to 0xdf, and of how many bytes the number is that follows: the value itself, a length or a count.
var heads = [...]struct {
	is    family
	width int
}{
	{other, 0}, {reserved, 0}, {boolean, 0}, {boolean, 0}, {bin, 1}, {bin, 2}, {bin, 4}, {ext, 1}, {ext, 2}, {ext, 4},
	{other, 4}, {other, 8}, {unsigned, 1}, {unsigned, 2}, {unsigned, 4}, {unsigned, 8},
	{signed, 1}, {signed, 2}, {signed, 4}, {signed, 8}, {other, 2}, {other, 3}, {other, 5}, {other, 9}, {other, 17},
	{str, 1}, {str, 2}, {str, 4}, {array, 2}, {array, 4}, {mapping, 2}, {mapping, 4},
}

// reader reads MessagePack, and takes no memory for what is announced but not there.
type reader struct {
	rest []byte
	rmp  bool
}

func (r *reader) take(n uint64) []byte {
	require(n <= uint64(len(r.rest)), "truncated")
	taken := r.rest[:n]
	r.rest = r.rest[n:]
	return taken
}

// head reads what a value begins with; a signed integer is a negative one. n is the integer or bool, or how much follows.
func (r *reader) head() (is family, n uint64) {
	b := r.take(1)[0]
	switch {
	case b < 0x80:
		return unsigned, uint64(b)
	case b < 0x90:
		return mapping, uint64(b & 15)
	case b < 0xa0:
		return array, uint64(b & 15)
	case b < 0xc0:
		return str, uint64(b & 31)
	case b >= 0xe0:
		return signed, 0
	}
	form := heads[b-0xc0]
	require(form.is != reserved, "reserved-byte")
	number := r.take(uint64(form.width))
	for _, digit := range number {
		n = n<<8 | uint64(digit)
	}
	if form.is == boolean {
		return boolean, uint64(b & 1)
	}
	if form.is == signed && number[0] < 0x80 {
		return unsigned, n
	}
	return form.is, n
}

// count reads how many elements or pairs follow, and refuses more than the bytes that are left could hold.
func (r *reader) count(due family) uint64 {
	n := r.expect(due)
	require(n <= uint64(len(r.rest)), "truncated")
	return n
}

func (r *reader) expect(due family) uint64 {
	is, n := r.head()
	require(is == due, "wrong-type")
	return n
}

func (r *reader) integer(most uint64) uint64 {
	is, n := r.head()
	require(is == unsigned || is == signed, "wrong-type")
	require(is == unsigned && n <= most, "out-of-range")
	return n
}

func (r *reader) text(most uint64) string {
	length := r.expect(str)
	require(most == 0 || length <= most, "wrong-length")
	text := r.take(length)
	require(utf8.Valid(text), "invalid-utf8")
	return string(text)
}

// pairs reads a map; each reads the value of a key.
func (r *reader) pairs(most uint64, each func(key string)) {
	n := r.expect(mapping)
	require(n <= most, "too-many-keys")
	seen := map[string]bool{}
	for ; n > 0; n-- {
		key := r.text(0)
		require(!seen[key], "duplicate-key")
		seen[key] = true
		each(key)
	}
}

// skip steps over a value that nests at most so many containers.
func (r *reader) skip(depth int) {
	is, n := r.head()
	switch is {
	case str, bin:
		r.take(n)
	case ext:
		r.take(n + 1)
	case mapping:
		n *= 2
		fallthrough
	case array:
		require(depth > 0, "too-deep")
		for ; n > 0; n-- {
			r.skip(depth - 1)
		}
	}
}

func (r *reader) end() { require(len(r.rest) == 0, "trailing-bytes") }

// shortest has, for what is written, how a head of one byte begins and below which number it serves, and the first of the
// longer heads with its width.
var shortest = map[family]struct {
	short byte
	below uint64
	long  byte
	width int
}{
	unsigned: {0x00, 128, 0xcc, 1}, str: {0xa0, 32, 0xd9, 1}, bin: {0, 0, 0xc4, 1},
	array: {0x90, 16, 0xdc, 2}, mapping: {0x80, 16, 0xde, 2},
}

type writer struct {
	out []byte
	rmp bool
}

func (w *writer) head(is family, n uint64) {
	form := shortest[is]
	if n < form.below {
		w.put(form.short | byte(n))
		return
	}
	for ; form.width < 8 && n>>(8*form.width) != 0; form.width *= 2 {
		form.long++
	}
	w.put(form.long)
	for shift := 8 * form.width; shift > 0; shift -= 8 {
		w.put(byte(n >> (shift - 8)))
	}
}

func (w *writer) put(bytes ...byte) { w.out = append(w.out, bytes...) }

func (w *writer) text(text string) {
	w.head(str, uint64(len(text)))
	w.put([]byte(text)...)
}
