package inspect

import (
	"bytes"
	"strings"
)

// prefix is how much of a secret is looked up. None is shorter.
const prefix = 7

// index finds many secrets in one pass over a text.
type index map[[prefix]byte][][]byte

func newIndex(secrets []string) index {
	ix := index{}
	for _, s := range secrets {
		key := [prefix]byte([]byte(s))
		ix[key] = append(ix[key], []byte(s))
	}
	return ix
}

// search returns where a secret begins.
func (ix index) search(text []byte) (found []int) {
	for i := 0; i+prefix <= len(text); i++ {
		for _, s := range ix[[prefix]byte(text[i:])] {
			if bytes.HasPrefix(text[i:], s) {
				found = append(found, i)
				break
			}
		}
	}
	return found
}

// excerpt is what stands around position i of text.
func excerpt(text []byte, i int) string {
	around := text[max(0, i-60):min(len(text), i+30)]
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return '·'
		}
		return r
	}, strings.ToValidUTF8(string(around), "·"))
}
