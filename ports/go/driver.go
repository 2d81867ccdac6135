// A codec of 0k-Sync behind the driver protocol: reads requests and writes answers, a line of JSON each. Its argument is
// spec/protocol.json, where it takes the tables from.
package main

import (
	"encoding/hex"
	"encoding/json"
	"io"
	"log"
	"maps"
	"os"
	"slices"
	"strconv"
)

var operations = map[string]func(object) object{
	"frames": cutFrames, "decode": decode, "encode": encode, "read-envelope": readEnvelope, "write-envelope": writeEnvelope,
	"read-id": readID, "write-id": writeID, "read-blob-id": readBlobID, "write-blob-id": writeBlobID,
	"device-id": deviceID, "identity": identity, "group-id": groupID, "group-id-v1": groupIDv1,
	"derive-key": deriveKey, "derive-content-key": deriveContentKey, "normalise-passphrase": normalisePassphrase,
	"check-parameters": checkParameters, "choose-parameters": chooseParameters, "derive-secret": deriveSecret,
	"prove": prove, "verify-proof": verifyProof, "padded-length": paddedLength,
	"seal-1": seal1, "open-1": open1, "seal-2": seal2, "open-2": open2, "seal-name": sealName, "open-name": openName,
	"seal-content": sealContent, "check-content": checkContent, "open-content": openContent,
	"transport": transport, "noise-initiator": noise(true), "noise-responder": noise(false),
}

// A class is the name of an error class. What has to refuse its input panics with one and attempt catches it, as within
// encoding/json, where a fault deep down ends all reading.
type class string

func attempt(do func() object) (result object, refused class) {
	defer func() {
		if reason := recover(); reason != nil {
			refused = reason.(class)
		}
	}()
	return do(), ""
}

func require(condition bool, otherwise class) {
	if !condition {
		panic(otherwise)
	}
}

// must is for errors that no input of an operation can lead to.
func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// An object of JSON: the inputs or outputs of an operation, or a message. Bytes in what is written are of the type data.
type object map[string]any

type data []byte

func (d data) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, d), nil }

func (o object) text(key string) string    { text, _ := o[key].(string); return text }
func (o object) bytes(key string) data     { return unhex(o[key]) }
func (o object) integer(key string) uint64 { return integer(o[key]) }
func (o object) list(key string) []any     { list, _ := o[key].([]any); return list }
func (o object) object(key string) object  { inner, _ := o[key].(map[string]any); return inner }

// sized gives bytes that must be so many.
func (o object) sized(key string, length int) data {
	bytes := o.bytes(key)
	require(len(bytes) == length, "wrong-length")
	return bytes
}

func unhex(value any) data {
	text, _ := value.(string)
	return must(hex.DecodeString(text))
}

// integer reads a number or, of 64 bits, a string of digits.
func integer(value any) uint64 {
	if number, ok := value.(json.Number); ok {
		value = number.String()
	}
	return must(strconv.ParseUint(value.(string), 10, 64))
}

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: driver spec/protocol.json")
	}
	loadTables(os.Args[1])
	requests, answers := json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)
	requests.UseNumber()
	for {
		var request object
		if err := requests.Decode(&request); err == io.EOF {
			return
		} else if err != nil {
			log.Fatal(err)
		}
		if err := answers.Encode(answer(request)); err != nil {
			log.Fatal(err)
		}
	}
}

func answer(request object) object {
	id, op := request["id"], request.text("op")
	if op == "describe" {
		return object{"id": id, "ok": object{"name": "go", "operations": slices.Sorted(maps.Keys(operations))}}
	}
	result, refused := attempt(func() object {
		operation, ok := operations[op]
		require(ok, "unknown-op")
		return operation(request)
	})
	if refused != "" {
		return object{"id": id, "error": refused}
	}
	return object{"id": id, "ok": result}
}
