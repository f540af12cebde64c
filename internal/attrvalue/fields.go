package attrvalue

import (
	"encoding"
	"fmt"
	"log/slog"
	"reflect"
	"slices"
	"strings"
	"sync"
)

// field is what the walk knows about one field of a struct.
type field struct {
	name     string
	index    int
	marker   string // shown in place of the value, if not empty
	omitZero bool
	embedded bool // the fields of this field belong to the struct around it
}

type structInfo struct {
	fields []field
	tagged bool
}

// structs caches a structInfo per type. It grows with the number of struct
// types of the program, no further.
var structs sync.Map // reflect.Type → *structInfo

func fieldsOf(t reflect.Type) []field { return infoOf(t).fields }

// hasTags reports whether t is a struct, or a pointer to one, that has a scrub
// tag on one of its fields, or on one of those that embedded structs lend it.
func hasTags(t reflect.Type) bool {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.Kind() == reflect.Struct && infoOf(t).tagged
}

func infoOf(t reflect.Type) *structInfo {
	if info, ok := structs.Load(t); ok {
		return info.(*structInfo)
	}
	info := &structInfo{}
	for i := range t.NumField() {
		info.add(i, t.Field(i))
	}
	structs.Store(t, info)
	return info
}

func (info *structInfo) add(i int, sf reflect.StructField) {
	scrubTag, _, _ := strings.Cut(sf.Tag.Get("scrub"), ",")
	info.tagged = info.tagged || scrubTag != "" || sf.Anonymous && hasEmbeddedTags(sf.Type, maxDepth)
	jsonTag := sf.Tag.Get("json")
	name, opts, _ := strings.Cut(jsonTag, ",")
	f := field{
		name:     name,
		index:    i,
		marker:   marker(scrubTag),
		embedded: sf.Anonymous && name == "" && inlines(sf.Type),
		omitZero: hasOption(opts, "omitempty") || hasOption(opts, "omitzero"),
	}
	if f.name == "" {
		f.name = sf.Name
	}
	if scrubTag == "-" || jsonTag == "-" {
		return
	}
	// An embedded struct of an unexported type has fields that are exported.
	if !sf.IsExported() && (!f.embedded || f.marker != "") {
		return
	}
	info.fields = append(info.fields, f)
}

// hasEmbeddedTags is hasTags for the type of an embedded field: its String
// method is also that of the struct around it. depth ends types that embed
// themselves.
func hasEmbeddedTags(t reflect.Type, depth int) bool {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || depth == 0 {
		return false
	}
	for sf := range t.Fields() {
		if sf.Tag.Get("scrub") != "" || sf.Anonymous && hasEmbeddedTags(sf.Type, depth-1) {
			return true
		}
	}
	return false
}

func marker(tag string) string {
	if tag == "" || tag == "-" {
		return ""
	}
	for _, c := range tag {
		if c != '_' && c != '.' && (c < 'a' || c > 'z') {
			return "[REDACTED:tag]"
		}
	}
	return "[REDACTED:" + tag + ".tag]"
}

func hasOption(opts, want string) bool {
	for opt := range strings.SplitSeq(opts, ",") {
		if opt == want {
			return true
		}
	}
	return false
}

var leafTypes = []reflect.Type{
	reflect.TypeFor[slog.LogValuer](),
	reflect.TypeFor[error](),
	reflect.TypeFor[encoding.TextMarshaler](),
	reflect.TypeFor[fmt.Stringer](),
}

// inlines reports whether an embedded field of type t lends its fields to the
// struct around it. One that has a text of its own, such as time.Time, is a
// value under its own name.
func inlines(t reflect.Type) bool {
	s := t
	if s.Kind() == reflect.Pointer {
		s = s.Elem()
	}
	if s.Kind() != reflect.Struct {
		return false
	}
	return !slices.ContainsFunc(leafTypes, t.Implements)
}
