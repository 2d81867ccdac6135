package main

import (
	"encoding/json"
	"log"
	"os"
	"slices"
)

// tables is what this port takes from spec/protocol.json.
var tables struct {
	Types    map[string]*schema
	Messages []struct {
		schema
		Name      string
		Encodings []string
	}
	Envelopes []*schema
	Seal      struct {
		Seal2 *schema `json:"seal_2"`
	}
	Handshake struct {
		Messages []struct {
			Tokens   []string
			Overhead int
		}
	}
}

// A schema says what a value has to be: integers are at most Max; text has at most MaxBytes, bytes have Length, 0 for any; Of
// is the type of what a list or map holds. Where Ext is nil, no extension map may stand behind the fields.
type schema struct {
	Kind, Rmp, Of string
	Max           uint64 `json:",string"`
	Length        uint64
	MaxBytes      uint64 `json:"max_bytes"`
	MaxKeys       uint64 `json:"max_keys"`
	Nullable      bool
	Fields, Ext   []member
}

// A member has a type of the table, or says itself what it is. Key is the name of one in an extension map.
type member struct {
	schema
	Name, Key, Type string
}

func (f *member) is() *schema {
	if f.Type == "" {
		return &f.schema
	}
	return tables.Types[f.Type]
}

// known gives the type of an extension key, or nil.
func (s *schema) known(key string) *schema {
	for _, f := range s.Ext {
		if f.Key == key {
			return f.is()
		}
	}
	return nil
}

// messageOf gives the fields of a message, or nil if the encoding has none of that name.
func messageOf(encoding, name string) *schema {
	for _, m := range tables.Messages {
		if m.Name == name && slices.Contains(m.Encodings, encoding) {
			m.Ext = append([]member{}, m.Ext...) // never nil: every message may have an extension map
			return &m.schema
		}
	}
	return nil
}

func loadTables(path string) {
	text, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(text, &tables)
	}
	if err != nil {
		log.Fatal(err)
	}
}
