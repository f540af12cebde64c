package scrub

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.opentelemetry.io/otel/attribute"
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
	v := s.kept(string(kv.Key))
	if v.rule != nil || v.allow || v.tells {
		return v.allow
	}
	switch kv.Value.Type() {
	case attribute.STRING:
		text := kv.Value.AsString()
		return !s.mustRead(v, text) && s.dict.first(text) < 0
	case attribute.INT64:
		return !cardNumber(kv.Value.AsInt64())
	case attribute.FLOAT64:
		return !cardNumber(int64(kv.Value.AsFloat64()))
	case attribute.EMPTY, attribute.BOOL, attribute.BOOLSLICE:
		return true
	default:
		return false
	}
}

// closer is keyValue for what is not clean at first look.
func (s *Scrubber) closer(sig signal, kv *attribute.KeyValue) (attribute.KeyValue, bool) {
	return s.pair(sig, s.kept(string(kv.Key)), *kv, 0)
}

// pair is keyValue for a kv whose value is judged by verdict.
func (s *Scrubber) pair(sig signal, verdict *keyVerdict, kv attribute.KeyValue, depth int) (attribute.KeyValue, bool) {
	out, changed := s.value(sig, verdict, kv.Value, depth)
	if changed && out.Type() == attribute.EMPTY {
		return attribute.KeyValue{}, true
	}
	if verdict.tells {
		if key, hit := s.text(sig, "", string(kv.Key)); hit {
			kv.Key, changed = attribute.Key(key), true
		}
	}
	kv.Value = out
	return kv, changed
}

func (s *Scrubber) value(sig signal, verdict *keyVerdict, v attribute.Value, depth int) (attribute.Value, bool) {
	if verdict.allow {
		return v, false
	}
	if verdict.rule != nil && !verdict.passes(v) {
		return s.held(sig, verdict.rule, v)
	}
	if depth > maxDepth {
		s.stats.add(sig, ruleBound)
		if s.dryRun {
			return v, false
		}
		return attribute.StringValue(ruleBound.marker), true
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
func (verdict *keyVerdict) passes(v attribute.Value) bool {
	switch v.Type() {
	case attribute.STRING, attribute.INT64, attribute.FLOAT64:
		return verdict.ordinary != nil && verdict.ordinary(v.String())
	case attribute.MAP:
		return verdict.rule != nil && settingsOf(verdict.rule.Category, "", v)
	default:
		return false
	}
}

// held replaces a value whose key is sensitive.
func (s *Scrubber) held(sig signal, r *Rule, v attribute.Value) (attribute.Value, bool) {
	switch v.Type() {
	case attribute.EMPTY, attribute.BOOL, attribute.BOOLSLICE:
		if r.Category != Health {
			return v, false // a flag about a secret is not the secret
		}
	case attribute.STRING:
		if s.settled(r, v.AsString()) {
			return v, false
		}
	case attribute.STRINGSLICE:
		if !slices.ContainsFunc(v.AsStringSlice(), func(text string) bool { return !s.settled(r, text) }) {
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
	if !cardNumber(n) || s.offRule(rulePAN) || s.allowValues[strconv.FormatInt(n, 10)] {
		return v, false
	}
	return s.held(sig, rulePAN, v)
}

// argument returns what judges text in a list: the flag before it if that
// has a sensitive name, as in [--password hunter2], otherwise the key of the
// list.
func (s *Scrubber) argument(list *keyVerdict, before, text string) *keyVerdict {
	flag := strings.TrimLeft(before, "-")
	if flag == before || strings.IndexByte(flag, '=') >= 0 || strings.HasPrefix(text, "--") {
		return list
	}
	if v := s.kept(flag); v.rule != nil || v.weak != nil {
		return v
	}
	return list
}

func (s *Scrubber) strings(sig signal, verdict *keyVerdict, v attribute.Value) (attribute.Value, bool) {
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
			return s.held(sig, rulePAN, v)
		}
	}
	for _, f := range v.AsFloat64Slice() {
		if _, hit := s.number(sig, v, int64(f)); hit {
			return s.held(sig, rulePAN, v)
		}
	}
	return v, false
}

func (s *Scrubber) bytes(sig signal, verdict *keyVerdict, v attribute.Value) (attribute.Value, bool) {
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

func (s *Scrubber) slice(sig signal, verdict *keyVerdict, v attribute.Value, depth int) (attribute.Value, bool) {
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
	named := s.name(pair[0])
	if named.rule == nil || s.names(pair[0], pair[1]) {
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

// nameKeys and valueKeys are what the members of a pair are called.
var (
	nameKeys  = wordSet("name key header field param parameter label property attribute k")
	valueKeys = wordSet("value val content data v newvalue new_value oldvalue old_value old new")
)

// name returns what text says as the name of a value. It is not kept, as it may
// be any text: a cache of those is no place for them. What gives something away
// itself is a text, and no name.
func (s *Scrubber) name(text string) *keyVerdict {
	if len(text) > maxKey || strings.ContainsAny(text, `{}"'<>=?&,;`) {
		return &noVerdict
	}
	v := s.judgeUnscrubbed(text)
	if v.rule == nil || s.tells(text) {
		return &noVerdict
	}
	return &v
}

// named returns what the name says in a map such as {name: password, value: x}.
func (s *Scrubber) named(in []attribute.KeyValue) (_ *keyVerdict, ok bool) {
	if len(in) > 4 {
		return nil, false
	}
	for _, kv := range in {
		if nameKeys[strings.ToLower(string(kv.Key))] && kv.Value.Type() == attribute.STRING {
			if v := s.name(kv.Value.AsString()); v.rule != nil {
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
		verdict := s.kept(string(kv.Key))
		if isPair && verdict.rule == nil && valueKeys[strings.ToLower(string(kv.Key))] {
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
