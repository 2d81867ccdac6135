package main

import "encoding/binary"

func cutFrames(in object) object {
	limit, raise := in.integer("max_body"), in.object("raise")
	var stream []byte
	bodies := []data{}
	for i, chunk := range in.list("chunks") {
		if raise != nil && raise.integer("before_chunk") == uint64(i) {
			limit = raise.integer("max_body")
		}
		stream = append(stream, unhex(chunk)...)
		for len(stream) >= 4 {
			length := uint64(binary.BigEndian.Uint32(stream))
			if length == 0 {
				return object{"bodies": bodies, "error": "frame-empty", "fails_in_chunk": i}
			}
			if length > limit {
				return object{"bodies": bodies, "error": "frame-too-large", "fails_in_chunk": i}
			}
			if uint64(len(stream)) < 4+length {
				break
			}
			bodies = append(bodies, stream[4:4+length])
			stream = stream[4+length:]
		}
	}
	return object{"bodies": bodies, "unfinished": len(stream)}
}

func decode(in object) object {
	encoding := in.text("encoding")
	r := &reader{in.bytes("hex"), encoding == "rmp"}
	is, elements := r.head()
	require(is == array && elements > 0, "not-a-message")
	is, length := r.head()
	require(is == str, "not-a-message")
	name := string(r.take(length))
	of := messageOf(encoding, name)
	require(of != nil, "unknown-message")
	message := r.tuple(of, elements-1)
	message["type"] = name
	r.end()
	return object{"message": message}
}

func encode(in object) object {
	encoding, message := in.text("encoding"), in.object("message")
	w := &writer{rmp: encoding == "rmp"}
	w.tuple(messageOf(encoding, message.text("type")), message, message.text("type"))
	return object{"hex": data(w.out)}
}

func readEnvelope(in object) object {
	r := &reader{rest: in.bytes("hex")}
	is, elements := r.head()
	require(is == array, "not-a-message")
	require(elements == 8, "wrong-arity")
	ahead := *r
	version := ahead.integer(2)
	require(version >= 1, "out-of-range")
	r.rmp = version == 1
	envelope := r.tuple(tables.Envelopes[version-1], elements)
	r.end()
	if kind, ok := envelope["msg_type"].(uint64); ok {
		require(kind >= 1 && kind <= 7, "out-of-range")
	}
	return object{"envelope": envelope}
}

func writeEnvelope(in object) object {
	w := &writer{}
	w.tuple(tables.Envelopes[1], in.object("envelope"))
	return object{"hex": data(w.out)}
}
