package main

import (
	"maps"
	"math"
	"slices"
	"strconv"
)

// value reads what the schema says.
func (r *reader) value(of *schema) any {
	if of.Nullable && len(r.rest) > 0 && r.rest[0] == 0xc0 {
		r.take(1)
		return nil
	}
	switch of.Kind {
	case "uint":
		return r.integer(of.Max)
	case "uint64":
		return strconv.FormatUint(r.integer(math.MaxUint64), 10)
	case "bool":
		return r.expect(boolean) == 1
	case "str":
		return r.text(of.MaxBytes)
	case "bytes":
		return r.bytes(of)
	case "list":
		list := []any{}
		for n := r.count(array); n > 0; n-- {
			list = append(list, r.value(tables.Types[of.Of]))
		}
		return list
	case "map":
		values := object{}
		r.pairs(of.MaxKeys, func(key string) { values[key] = r.value(tables.Types[of.Of]) })
		return values
	}
	return r.tuple(of, r.expect(array))
}

func (r *reader) bytes(of *schema) data {
	form := of.form(r.rmp)
	length := r.expect(form)
	require(of.Length == 0 || length == of.Length, "wrong-length")
	if form == bin {
		return r.take(length)
	}
	bytes := data{}
	for ; length > 0; length-- {
		bytes = append(bytes, byte(r.integer(255)))
	}
	return bytes
}

// form says whether bytes are bin, or an array of numbers.
func (s *schema) form(rmp bool) family {
	if rmp && s.Rmp == "array" {
		return array
	}
	return bin
}

// tuple reads the elements of an array, fields and extension map.
func (r *reader) tuple(of *schema, elements uint64) object {
	fields := uint64(len(of.Fields))
	extended := elements == fields+1 && of.Ext != nil && !r.rmp
	require(elements == fields || extended, "wrong-arity")
	values, known := object{}, object{}
	for _, f := range of.Fields {
		values[f.Name] = r.value(f.is())
	}
	if extended {
		r.pairs(16, func(key string) {
			if is := of.known(key); is != nil {
				known[key] = r.value(is)
			} else {
				r.skip(4)
			}
		})
	}
	if len(known) > 0 {
		values["ext"] = known
	}
	return values
}

// value writes in the shortest form what a request gives.
func (w *writer) value(of *schema, value any) {
	switch value := value.(type) {
	case nil:
		w.put(0xc0)
	case bool:
		w.put(map[bool]byte{false: 0xc2, true: 0xc3}[value])
	case []any:
		w.head(array, uint64(len(value)))
		for _, element := range value {
			w.value(tables.Types[of.Of], element)
		}
	case map[string]any:
		if of.Kind == "map" {
			w.pairs(value, func(string) *schema { return tables.Types[of.Of] })
		} else {
			w.tuple(of, value)
		}
	default:
		switch of.Kind {
		case "str":
			w.text(value.(string))
		case "bytes":
			w.bytes(unhex(value), of.form(w.rmp))
		default:
			w.head(unsigned, integer(value))
		}
	}
}

func (w *writer) bytes(bytes data, form family) {
	w.head(form, uint64(len(bytes)))
	if form == bin {
		w.put(bytes...)
		return
	}
	for _, b := range bytes {
		w.head(unsigned, uint64(b))
	}
}

// tuple writes an array of fields, behind the name if it is that of a message, and before the extension map if there is one.
func (w *writer) tuple(of *schema, values object, name ...string) {
	elements := len(name) + len(of.Fields)
	if values["ext"] != nil {
		elements++
	}
	w.head(array, uint64(elements))
	for _, text := range name {
		w.text(text)
	}
	for _, f := range of.Fields {
		w.value(f.is(), values[f.Name])
	}
	if values["ext"] != nil {
		w.pairs(values.object("ext"), of.known)
	}
}

func (w *writer) pairs(values object, of func(key string) *schema) {
	w.head(mapping, uint64(len(values)))
	for _, key := range slices.Sorted(maps.Keys(values)) {
		w.text(key)
		w.value(of(key), values[key])
	}
}
