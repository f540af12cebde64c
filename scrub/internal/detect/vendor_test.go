package detect

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// around are the surroundings of a token: T is the token. All else must come
// out as it went in.
var around = []string{
	"T", "seen T in the log", "key=T", "value: T", `{"value":"T"}`, `{\"value\":\"T\"}`, "X-Custom: T", "https://h.example.com/p?v=T&n=1", "--value T --n 1", "--value=T", "export VALUE=T", "<v>T</v>", "got 'T', next", "(T)", "[T]", "T, T2", "line\nT\nline", "use `T`.", "value%3DT%26n=1", "a;T;b", "a|T|b", "curl -H \"X-V: T\" https://h.example.com",
}

// body returns n random bytes of set, a letter and a digit among them, and
// neither sign nor dot at the ends.
func body(r *rand.Rand, set charset, n int) string {
	inner, outer := setBytes(set), setBytes(set&csAlnum)
	out := make([]byte, n)
	for i := range out {
		if out[i] = inner[r.IntN(len(inner))]; i == 0 || i == n-1 || r.IntN(6) > 0 {
			out[i] = outer[r.IntN(len(outer))]
		}
	}
	if set&csDigit != 0 && n > 2 {
		out[1] = byte('0' + r.IntN(10))
	}
	if letters := setBytes(set & csLetter); letters != "" && n > 2 {
		out[n-2] = letters[r.IntN(len(letters))]
	}
	return string(out)
}

// TestVendors holds random tokens of every form to be replaced whole, and
// nothing else with them.
func TestVendors(t *testing.T) {
	t.Parallel()
	finder := New(Config{Rules: builtins})
	r := rand.New(rand.NewPCG(5, 6))
	for _, rule := range builtins {
		for _, f := range rule.forms {
			if f.check != nil || strings.HasSuffix(f.prefix, "=") || f.set&csBrace != 0 {
				continue // brackets belong to it, a check needs more than random bytes; a key names itself
			}
			for range 4 {
				n := f.min + r.IntN(6)
				if f.max > 0 {
					n = f.min + r.IntN(f.max-f.min+1)
				}
				token := f.prefix + body(r, f.set&^(csComma|csEq|csBrace|csQuote|csDollar|csAt), n)
				for _, c := range around {
					text := strings.ReplaceAll(c, "T2", "T")
					want := len(strings.Split(text, "T")) - 1
					text = strings.ReplaceAll(text, "T", "\x01")
					text = strings.ReplaceAll(text, "\x01", token)
					got := scrubbed(finder, text)
					left := ""
					if f.kept {
						left = f.prefix
					}
					rest := strings.ReplaceAll(text, token, left)
					if strings.Contains(got, token) || strings.Count(got, markerOpen) != want || joined(got) != rest {
						t.Errorf("%s: %q\nto %q", rule.Name, text, got)
					}
				}
			}
		}
	}
}

// joined returns text without its markers.
func joined(text string) string {
	var b strings.Builder
	for {
		i := strings.Index(text, markerOpen)
		if i < 0 {
			return b.String() + text
		}
		b.WriteString(text[:i])
		text = text[i+strings.IndexByte(text[i:], ']')+1:]
	}
}
