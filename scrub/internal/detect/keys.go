package detect

import (
	"hash/maphash"
	"math/bits"
	"slices"
	"strings"
	"sync/atomic"
)

// Verdict is what a key says of its value before the value is read.
type Verdict struct {
	Rule     *Rule             // not nil: the value is sensitive whatever it is
	Weak     *Rule             // not nil: the value is sensitive if it has the shape
	Ordinary func(string) bool // not nil: a value of an attribute that it knows is none
	shape    shape             // what the value must look like, inside a text or under a weak key
	name     *nationalName     // whose number it must be, if the shape says so
	Single   bool              // the value is one number: what is made of members is judged by theirs
	Allow    bool              // the value passes unread
	SQL      bool              // the value is an SQL statement
	Unsure   bool              // only if it looks like one

	// Leaks tells that the key gives something away itself. An address makes a
	// bad key, but it is one that leaves.
	Leaks bool
}

// Reads tells that a text under the key has to be read, whatever First says of it.
func (v *Verdict) Reads() bool { return v.SQL || v.Weak != nil }

// cacheSlots bounds the memory of a Finder. A key is in its slot or in the
// one beside it: of three that share them, one is judged anew each time.
const (
	cacheBits  = 12
	cacheSlots = 1 << cacheBits
	maxKey     = 128 // longer keys are judged each time
)

// keyCache holds the verdicts of keys that were asked for.
type keyCache [cacheSlots]atomic.Pointer[cachedKey]

// cachedKey is what a slot holds.
type cachedKey struct {
	key     string
	verdict Verdict
}

// keySeed differs from process to process, so that nobody can choose keys that share
// a slot.
var keySeed = maphash.Comparable(maphash.MakeSeed(), 0) | 1

// slotOf returns the slot of key. It reads no more than the length, the first
// and last eight bytes and eight in the middle, in which keys differ.
func slotOf(key string) uint64 {
	h := uint64(len(key))
	if n := len(key) - 8; n >= 0 {
		h = (h ^ load8(key, 0)) * keySeed
		h = (bits.RotateLeft64(h, 29) ^ load8(key, n)) * keySeed
		h = bits.RotateLeft64(h, 29) ^ load8(key, n/2)
	} else {
		h ^= lastBytes(key)
	}
	return h * keySeed >> (64 - cacheBits)
}

// Verdict returns what key says of its value. Keys repeat, so verdicts are
// kept: they are shared and must not be changed.
func (f *Finder) Verdict(key string) *Verdict {
	at := slotOf(key)
	slot, beside := &f.cache[at], &f.cache[at^1]
	last := slot.Load()
	if last != nil && last.key == key {
		return &last.verdict
	}
	if c := beside.Load(); c != nil && c.key == key {
		return &c.verdict
	}
	c := &cachedKey{verdict: f.judgeUnscrubbed(key)}
	c.verdict.Leaks = !c.verdict.Allow && f.leaks(key)
	if len(key) <= maxKey {
		c.key = strings.Clone(key)
		if last != nil {
			beside.Store(last)
		}
		slot.Store(c)
	}
	return &c.verdict
}

// leaks tells whether something is found in key, or a rule failed on it.
func (f *Finder) leaks(key string) (found bool) {
	base := f.First(key)
	if base < 0 {
		return false
	}
	defer func() { found = found || recover() != nil }()
	for range f.Hits(key, base) {
		return true
	}
	return false
}

// Named returns what text says as the name of a value. It is not kept, as it may
// be any text: a cache of those is no place for them. What gives something away
// itself is a text, and no name.
func (f *Finder) Named(text string) *Verdict {
	if len(text) > maxKey || strings.ContainsAny(text, `{}"'<>=?&,;`) {
		return &Verdict{}
	}
	v := f.judgeUnscrubbed(text)
	if v.Rule == nil || f.leaks(text) {
		return &Verdict{}
	}
	return &v
}

// judgeUnscrubbed is judge for a key that may have been scrubbed before: then the
// value was, too, and what is left of the key would say other things.
func (f *Finder) judgeUnscrubbed(key string) Verdict {
	if marked(key) {
		return Verdict{Allow: f.AllowKeys[key]}
	}
	return f.judge(key)
}

// judge finds what a key says, without the cache.
func (f *Finder) judge(key string) Verdict {
	if f.AllowKeys[key] {
		return Verdict{Allow: true}
	}
	key = plainKey(key)
	w := words(key)
	if r := f.Keys[strings.Join(w, " ")]; r != nil {
		return Verdict{Rule: r}
	}
	if sqlKeys[key] || statementKeys[key] {
		return Verdict{SQL: true, Unsure: statementKeys[key]}
	}
	if conventions[key] {
		return Verdict{}
	}
	p := keyPhrase(key, w)
	if p.rule != nil && f.Off(p.rule) {
		p.rule = nil
	}
	if p.shape.weak() {
		return Verdict{Weak: p.rule, shape: p.shape}
	}
	v := Verdict{Rule: p.rule, shape: p.shape}
	if p.rule != nil {
		v.Ordinary = ordinaryOf(w)
		v.Single = p.shape == shapeNational || singleKeys[key]
		if p.shape == shapeNational {
			v.name = nameOf(w)
			v.Ordinary = v.name.unlike
		}
	}
	return v
}

// plainKey returns key without what cannot be seen, and full-width letters as
// plain ones.
func plainKey(key string) string {
	plain := true
	for i := range len(key) {
		plain = plain && key[i] < 0x80
	}
	if plain {
		return key
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == 0xAD, r >= 0x200B && r <= 0x200F, r >= 0x202A && r <= 0x202E, r >= 0x2060 && r <= 0x2064, r == 0xFEFF:
			return -1
		case r >= 0xFF01 && r <= 0xFF5E:
			return r - 0xFEE0
		}
		return r
	}, key)
}

// keyPhrase finds what a key says by the last of its words, which are w.
func keyPhrase(key string, w []string) phrase {
	tail := len(w)
	if tail == 0 {
		return phrase{}
	}
	if tail > 2 && w[0] == "tf" && w[1] == "token" || tail == 3 && w[0] == "op" && w[1] == "session" {
		return phrase{keyAuth, shapeToken} // TF_TOKEN_host, OP_SESSION_account
	}
	for tail > 1 && tailWords[w[tail-1]] {
		if p := tailPhrase(w[:tail]); p.rule != nil {
			return p
		}
		tail--
	}
	if p := tailPhrase(w[:tail]); p.rule != nil {
		if (p.rule == keyGeneric || p.shape == shapeRandom) && (hasAny(w[:tail-1], vendors) || hasAny(w[:tail-1], brands)) {
			return phrase{keyAuth, shapeToken}
		}
		return p
	}
	if p := numberedPhrase(w[:tail]); p.rule != nil {
		return p
	}
	if r := gluedPhrase(w[tail-1]); r.rule != nil {
		return r
	}
	if strings.IndexByte(key, ' ') >= 0 {
		return phrase{}
	}
	return innerPhrase(w)
}

// innerPhrase finds a password that is not the last word of a key, unless a word
// behind it says that it is about one only: password_hash_rounds.
func innerPhrase(w []string) phrase {
	first := len(w) - 1 // that no such word is behind
	for first > 0 && !benignAfter[w[first]] {
		first--
	}
	for i := first; i < len(w); i++ {
		if r := passwordWords[w[i]]; r != nil && !(i > 0 && benignBefore[w[i]][w[i-1]]) {
			return phrase{r, shapeAny}
		}
	}
	return phrase{}
}

// everNumbered keep their meaning with the number that they end in.
var everNumbered = wordSet("oauth auth pin cell sex race track secure")

// numberedPhrase finds what a key says whose last word is numbered, as the
// fields of a form that asks twice are: password2.
func numberedPhrase(w []string) phrase {
	last := w[len(w)-1]
	word := strings.TrimRight(last, "0123456789")
	if n := len(last) - len(word); n == 0 || n > 2 || everNumbered[word] || len(word) < 3 || len(word) == 3 && !shortNumbered[word] {
		return phrase{}
	}
	w = append(slices.Clone(w[:len(w)-1]), word)
	return tailPhrase(w)
}

// shortNumbered are the words of three letters that may be numbered: others
// are names of standards and devices (eth0, sha1, md5).
var shortNumbered = wordSet("ssn pwd key dob")

// runInto betrays a word that runs into the one before: dbpassword,
// softlayerapikey. Each is long enough to stand in no other word.
var runInto = []struct {
	end    string
	phrase phrase
}{
	{"password", phrase{keyPassword, shapeAny}},
	{"passwd", phrase{keyPassword, shapeAny}},
	{"passphrase", phrase{keyPassword, shapeAny}},
	{"apikey", phrase{keyAuth, shapeToken}},
	{"secretkey", phrase{keyAuth, shapeToken}},
	{"accesskey", phrase{keyAuth, shapeToken}},
	{"clientsecret", phrase{keyAuth, shapeToken}},
	{"accesstoken", phrase{keyAuth, shapeToken}},
	{"authtoken", phrase{keyAuth, shapeToken}},
	{"apitoken", phrase{keyAuth, shapeToken}},
	{"privatekey", phrase{keyAuth, shapeToken}},
}

// gluedPhrase finds what a word says that runs into the one before it.
func gluedPhrase(word string) phrase {
	for _, g := range runInto {
		if len(word) > len(g.end) && strings.HasSuffix(word, g.end) {
			return g.phrase
		}
	}
	return phrase{}
}

// gluedAt returns the end of a word that runs into what is before it, if the
// last nine letters of both start at i: DBAPIKEY.
func gluedAt(text string, i int) (start, end int) {
	end = i + 9
	if end > len(text) || !csLetter.has(text[end-1]) || end < len(text) && csLetter.has(text[end]) || !csLetter.only(text[i:end]) {
		return end, end
	}
	for _, g := range runInto {
		if start := end - len(g.end); start > 0 && csLetter.has(text[start-1]) && strings.EqualFold(text[start:end], g.end) {
			return start, end
		}
	}
	return end, end
}

// hasAny tells whether a word of w is in set.
func hasAny(w []string, set map[string]bool) bool {
	for _, x := range w {
		if set[x] {
			return true
		}
	}
	return false
}

// tailPhrase finds the longest phrase that w ends with.
func tailPhrase(w []string) phrase {
	for n := min(maxPhrase, len(w)); n >= 1; n-- {
		tail := w[len(w)-n:]
		name := tail[0]
		if n > 1 {
			name = strings.Join(tail, " ")
		}
		p, ok := phrases[name]
		if !ok {
			continue
		}
		if before := len(w) - n - 1; before >= 0 && benignBefore[name][w[before]] {
			return phrase{}
		}
		if p.rule == keyGeneric && len(w) == n && n == 1 {
			return phrase{}
		}
		return p
	}
	return phrase{}
}

// words splits a key into its lower-case words: dbPassword2 → db password 2.
func words(key string) []string {
	out := make([]string, 0, 8)
	start := -1
	flush := func(end int) {
		if start >= 0 {
			out = append(out, strings.ToLower(key[start:end]))
			start = -1
		}
	}
	for i := range len(key) {
		c := key[i]
		switch {
		case csLow.has(c), c >= 0x80, csDigit.has(c):
			if start < 0 {
				start = i
			}
		case csUp.has(c):
			lower := i > 0 && csLow.has(key[i-1])
			hump := i > 0 && i+1 < len(key) && csUp.has(key[i-1]) && csLow.has(key[i+1])
			if lower || hump {
				flush(i)
			}
			if start < 0 {
				start = i
			}
		default:
			flush(i)
		}
	}
	flush(len(key))
	return out
}

// Spelling returns key as all its spellings are: crew_id, crewId and CREW.ID are
// "crew id". It is empty if key holds no word.
func Spelling(key string) string { return strings.Join(words(key), " ") }
