package scrub

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.opentelemetry.io/otel/attribute"

	"github.com/otelkit/otelkit-go/scrub/internal/detect"
)

// maxDepth bounds maps and slices inside each other; what lies deeper is
// masked.
const maxDepth = 16

// keyValue returns kv without its sensitive parts, and whether anything
// changed. A kv that is gone is to be dropped.
func (s *Scrubber) keyValue(sig signal, kv attribute.KeyValue) (attribute.KeyValue, bool) {
	s = s.orDefault()
	if s.clean(&kv) {
		return kv, false
	}
	return s.closer(sig, &kv)
}

// clean tells of most attributes that they hold nothing, at little cost. It
// may say no of one that turns out to be clean. It cannot fail.
func (s *Scrubber) clean(kv *attribute.KeyValue) bool {
	v := s.find.Verdict(string(kv.Key))
	if v.Rule != nil || v.Allow || v.Leaks {
		return v.Allow
	}
	switch kv.Value.Type() {
	case attribute.STRING:
		return !v.Reads() && s.find.First(kv.Value.AsString()) < 0
	case attribute.INT64:
		return !detect.CardNumber(kv.Value.AsInt64())
	case attribute.FLOAT64:
		return !detect.CardNumber(int64(kv.Value.AsFloat64()))
	case attribute.EMPTY, attribute.BOOL, attribute.BOOLSLICE:
		return true
	default:
		return false
	}
}

// closer is keyValue for what is not clean at first look.
func (s *Scrubber) closer(sig signal, kv *attribute.KeyValue) (attribute.KeyValue, bool) {
	return s.pair(sig, s.find.Verdict(string(kv.Key)), *kv, 0)
}

// pair is keyValue for a kv whose value is judged by verdict.
func (s *Scrubber) pair(sig signal, verdict *detect.Verdict, kv attribute.KeyValue, depth int) (attribute.KeyValue, bool) {
	out, changed := s.value(sig, verdict, kv.Value, depth)
	if changed && out.Type() == attribute.EMPTY {
		return attribute.KeyValue{}, true
	}
	if shown := s.keyShown(sig, verdict, string(kv.Key)); shown != string(kv.Key) {
		kv.Key, changed = attribute.Key(shown), true
	}
	kv.Value = out
	return kv, changed
}

func (s *Scrubber) value(sig signal, verdict *detect.Verdict, v attribute.Value, depth int) (attribute.Value, bool) {
	if verdict.Allow {
		return v, false
	}
	if verdict.Rule != nil && !passes(verdict, v) {
		return s.held(sig, verdict.Rule, v)
	}
	if depth > maxDepth {
		s.stats.add(sig, detect.Bound)
		if s.dryRun {
			return v, false
		}
		return attribute.StringValue(detect.Bound.Marker), true
	}
	switch v.Type() {
	case attribute.STRING:
		out, changed := s.scan(sig, verdict, v.AsString())
		if !changed {
			return v, false
		}
		return attribute.StringValue(out), true
	case attribute.INT64:
		return s.number(sig, v, v.AsInt64())
	case attribute.FLOAT64:
		return s.number(sig, v, int64(v.AsFloat64()))
	case attribute.STRINGSLICE:
		return s.strings(sig, verdict, v)
	case attribute.INT64SLICE, attribute.FLOAT64SLICE:
		return s.numbers(sig, v)
	case attribute.BYTESLICE:
		return s.bytes(sig, verdict, v)
	case attribute.SLICE:
		return s.slice(sig, verdict, v, depth)
	case attribute.MAP:
		return s.members(sig, v, depth)
	default:
		return v, false
	}
}

// passes tells that v shows its key to mean nothing sensitive: pass=1.
func passes(verdict *detect.Verdict, v attribute.Value) bool {
	switch v.Type() {
	case attribute.FLOAT64:
		return verdict.Ordinary != nil && verdict.Ordinary(strconv.FormatFloat(v.AsFloat64(), 'f', -1, 64))
	case attribute.STRING, attribute.INT64:
		return verdict.Ordinary != nil && verdict.Ordinary(v.String())
	case attribute.STRINGSLICE, attribute.INT64SLICE:
		return verdict.Single && !slices.ContainsFunc(v.AsStringSlice(), func(e string) bool { return !verdict.Ordinary(e) }) &&
			!slices.ContainsFunc(v.AsInt64Slice(), func(e int64) bool { return !verdict.Ordinary(strconv.FormatInt(e, 10)) })
	case attribute.BYTESLICE:
		return verdict.Single && verdict.Ordinary(string(v.AsByteSlice()))
	case attribute.MAP:
		return verdict.Single || verdict.Rule != nil && settings(verdict.Rule.Category, "", v)
	case attribute.SLICE:
		return verdict.Single
	default:
		return false
	}
}

// settings tells whether a value of an attribute holds nothing but settings, flags
// and what is not there, as {"token": {"ttl": 3600}} does.
func settings(c detect.Category, name string, v attribute.Value) bool {
	switch v.Type() {
	case attribute.MAP:
		for _, kv := range v.AsMap() {
			if !settings(c, string(kv.Key), kv.Value) {
				return false
			}
		}
		return true
	case attribute.STRING:
		return detect.Keeps(c, name, v.AsString())
	case attribute.INT64, attribute.FLOAT64:
		return detect.Keeps(c, name, "")
	case attribute.BOOL:
		return c != detect.Health || detect.Keeps(detect.Auth, name, "")
	default:
		return v.Type() == attribute.EMPTY
	}
}

// held replaces a value whose key is sensitive.
func (s *Scrubber) held(sig signal, r *detect.Rule, v attribute.Value) (attribute.Value, bool) {
	switch v.Type() {
	case attribute.EMPTY, attribute.BOOL, attribute.BOOLSLICE:
		if r.Category != detect.Health {
			return v, false // a flag about a secret is not the secret
		}
	case attribute.STRING:
		if s.find.Settled(r, v.AsString()) {
			return v, false
		}
	case attribute.STRINGSLICE:
		if !slices.ContainsFunc(v.AsStringSlice(), func(text string) bool { return !s.find.Settled(r, text) }) {
			return v, false
		}
	}
	s.stats.add(sig, r)
	if s.dryRun {
		return v, false
	}
	out := s.replacement(sig, r, digitsOf(v))
	if out == "" {
		return attribute.Value{}, true
	}
	return attribute.StringValue(out), true
}

// digitsOf is v as a text, a number with all of its digits: what a pseudonym is
// made of, and what its last four are, must not depend on its type.
func digitsOf(v attribute.Value) string {
	if v.Type() == attribute.FLOAT64 {
		return strconv.FormatFloat(v.AsFloat64(), 'f', -1, 64)
	}
	return v.String()
}

// number masks an integer that is a card number. Any other number means
// nothing without its key.
func (s *Scrubber) number(sig signal, v attribute.Value, n int64) (attribute.Value, bool) {
	if !detect.CardNumber(n) || s.find.Off(detect.PAN) || s.detection.AllowValues[strconv.FormatInt(n, 10)] {
		return v, false
	}
	return s.held(sig, detect.PAN, v)
}

// argument returns what judges text in a list: the flag before it if that
// has a sensitive name, as in [--password hunter2], otherwise the key of the
// list.
func (s *Scrubber) argument(list *detect.Verdict, before, text string) *detect.Verdict {
	flag := strings.TrimLeft(before, "-")
	if flag == before || strings.IndexByte(flag, '=') >= 0 || strings.HasPrefix(text, "--") {
		return list
	}
	if v := s.find.Verdict(flag); v.Rule != nil || v.Weak != nil {
		return v
	}
	return list
}

func (s *Scrubber) strings(sig signal, verdict *detect.Verdict, v attribute.Value) (attribute.Value, bool) {
	in := v.AsStringSlice()
	changed := false
	for i, text := range in {
		v := verdict
		if i > 0 {
			v = s.argument(verdict, in[i-1], text)
		}
		if out, hit := s.under(sig, v, text); hit {
			in[i], changed = out, true
		}
	}
	if !changed {
		return v, false
	}
	return attribute.StringSliceValue(in), true
}

func (s *Scrubber) numbers(sig signal, v attribute.Value) (attribute.Value, bool) {
	for _, n := range v.AsInt64Slice() {
		if _, hit := s.number(sig, v, n); hit {
			return s.held(sig, detect.PAN, v)
		}
	}
	for _, f := range v.AsFloat64Slice() {
		if _, hit := s.number(sig, v, int64(f)); hit {
			return s.held(sig, detect.PAN, v)
		}
	}
	return v, false
}

func (s *Scrubber) bytes(sig signal, verdict *detect.Verdict, v attribute.Value) (attribute.Value, bool) {
	in := v.AsByteSlice()
	// What is not UTF-8 may still hold text; its other bytes are replaced only
	// if something was found. Ids in bytes pass as they are.
	text := string(in)
	if !utf8.Valid(in) {
		text = strings.ToValidUTF8(text, "\uFFFD")
	}
	out, changed := s.scan(sig, verdict, text)
	if !changed {
		return v, false
	}
	return attribute.ByteSliceValue([]byte(out)), true
}

func (s *Scrubber) slice(sig signal, verdict *detect.Verdict, v attribute.Value, depth int) (attribute.Value, bool) {
	in := v.AsSlice()
	changed := false
	for i := range in {
		v := verdict
		if i > 0 && in[i-1].Type() == attribute.STRING && in[i].Type() == attribute.STRING {
			v = s.argument(verdict, in[i-1].AsString(), in[i].AsString())
		}
		pair, named := s.listed(sig, in[i])
		out, hit := s.value(sig, v, pair, depth+1)
		if named || hit {
			in[i], changed = out, true
		}
	}
	if !changed {
		return v, false
	}
	return attribute.SliceValue(in...), true
}

// listed scrubs a pair in a list of pairs by what it names, as headers are
// kept: [["X-Api-Key", "x"]].
func (s *Scrubber) listed(sig signal, v attribute.Value) (attribute.Value, bool) {
	var pair []string
	switch v.Type() {
	case attribute.STRINGSLICE:
		pair = v.AsStringSlice()
	case attribute.SLICE:
		for _, elem := range v.AsSlice() {
			if elem.Type() != attribute.STRING {
				return v, false
			}
			pair = append(pair, elem.AsString())
		}
	}
	if len(pair) != 2 {
		return v, false
	}
	named := s.find.Named(pair[0])
	if named.Rule == nil || s.find.Names(pair[0], pair[1]) {
		return v, false
	}
	out, hit := s.under(sig, named, pair[1])
	if !hit {
		return v, false
	}
	if v.Type() == attribute.SLICE {
		return attribute.SliceValue(attribute.StringValue(pair[0]), attribute.StringValue(out)), true
	}
	return attribute.StringSliceValue([]string{pair[0], out}), true
}

// named returns what the name says in a map such as {name: password, value: x}.
func (s *Scrubber) named(in []attribute.KeyValue) (_ *detect.Verdict, ok bool) {
	if len(in) > 4 {
		return nil, false
	}
	for _, kv := range in {
		if detect.NamesName(string(kv.Key)) && kv.Value.Type() == attribute.STRING {
			if v := s.find.Named(kv.Value.AsString()); v.Rule != nil {
				return v, true
			}
		}
	}
	return nil, false
}

func (s *Scrubber) members(sig signal, v attribute.Value, depth int) (attribute.Value, bool) {
	in := v.AsMap()
	changed := false
	kept := in[:0:len(in)]
	named, isPair := s.named(in)
	for _, kv := range in {
		verdict := s.find.Verdict(string(kv.Key))
		if isPair && verdict.Rule == nil && detect.NamesValue(string(kv.Key)) {
			verdict = named
		}
		out, hit := s.pair(sig, verdict, kv, depth+1)
		changed = changed || hit
		if !hit || out.Value.Type() != attribute.EMPTY {
			kept = append(kept, out)
		}
	}
	if !changed {
		return v, false
	}
	return attribute.MapValue(kept...), true
}
