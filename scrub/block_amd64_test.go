//go:build !purego

package scrub

import (
	"math/rand"
	"testing"
)

func TestMark(t *testing.T) {
	s, _ := New()
	r := rand.New(rand.NewSource(1))
	buf := make([]byte, 200)
	for range 2000 {
		for i := range buf { if i % 3 == 0 { buf[i] = byte(r.Intn(256)) } else { buf[i] = "abcxyzABCXYZ0129 @+$%\\!"[r.Intn(23)] } }
		for n := 0; n <= 64; n++ {
			at := r.Intn(100)
			text := string(buf[at : at+n])
			c := carry{lower: r.Uint64(), letter: r.Uint64(), digit: r.Uint64()}
			dec := ^uint64(0)
			if n == 64 { dec >>= 8 }
			var a, b marks
			markGo(s.dict, text, dec, &c, &a)
			markAVX2(s.dict, text, dec, &c, &b)
			if a != b {
				t.Fatalf("%q %d\n%x\n%x", text, n, a, b)
			}
		}
	}
}
