//go:build !purego && unix

package scrub

import (
	"math/rand/v2"
	"strings"
	"syscall"
	"testing"
	"unsafe"

	"github.com/google/go-cmp/cmp"
)

// bothMark fails if the assembly does not find what markGo finds.
func bothMark(t *testing.T, dict *triggers, block string, decided uint64, c carry) {
	t.Helper()
	var want, got marks
	markGo(dict, block, decided, &c, &want)
	markAVX2(dict, block, decided, &c, &got)
	if want != got {
		t.Fatalf("block %q, decided %x, after %+v (-Go +assembly):\n%s", block, decided, c, cmp.Diff(want, got, cmp.AllowUnexported(marks{})))
	}
}

func withAVX2(t testing.TB) *triggers {
	t.Helper()
	if !hasAVX2 {
		t.Skip("this machine has no AVX2")
	}
	s, err := New()
	if err != nil {
		t.Fatal(err)
	}
	return s.dict
}

// decidedOf returns what first decides of a block of n bytes, the last one of a
// text or not.
func decidedOf(n int, last bool) uint64 {
	if n < 64 || last {
		return ^uint64(0)
	}
	return 1<<blockStep - 1
}

// TestMarkEveryByte puts each byte at each place of a block of each length.
func TestMarkEveryByte(t *testing.T) {
	t.Parallel()
	dict := withAVX2(t)
	for n := range 65 {
		for at := range n {
			for b := range 256 {
				block := []byte(strings.Repeat("t0 k", 16)[:n])
				block[at] = byte(b)
				bothMark(t, dict, string(block), decidedOf(n, true), carry{})
			}
		}
	}
}

// TestMarkAnyBlock takes blocks from any address, with any bytes before them.
func TestMarkAnyBlock(t *testing.T) {
	t.Parallel()
	dict := withAVX2(t)
	r := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same blocks each time
	const likely = "password: Token=dbPassword AKIA ghp_ 4bf92f3577 @+$%\\!\xD0\xE5 sk-proj eyJ HTTPServer 4111 "
	text := make([]byte, 256)
	for range 1000 {
		from := r.IntN(len(likely))
		for i := range text {
			text[i] = likely[(from+i)%len(likely)]
			if r.IntN(8) == 0 {
				text[i] = byte(r.Uint32())
			}
		}
		for n := range 65 {
			at := r.IntN(len(text) - n)
			c := carry{lower: r.Uint64(), letter: r.Uint64(), digit: r.Uint64()}
			bothMark(t, dict, string(text)[at:at+n], decidedOf(n, r.IntN(2) == 0), c)
		}
	}
}

// TestMarkReadsNothingBeyond puts blocks where the next byte, and the one
// before the first, are in pages that must not be read.
func TestMarkReadsNothingBeyond(t *testing.T) {
	t.Parallel()
	dict := withAVX2(t)
	page := syscall.Getpagesize()
	mem, err := syscall.Mmap(-1, 0, 3*page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Munmap(mem) })
	for i := range mem {
		mem[i] = "Password7 "[i%10]
	}
	for _, guard := range [][]byte{mem[:page], mem[2*page:]} {
		if err := syscall.Mprotect(guard, syscall.PROT_NONE); err != nil {
			t.Fatal(err)
		}
	}
	inside := mem[page : 2*page]
	for n := 1; n <= 64; n++ {
		for _, at := range []int{0, page - n} {
			bothMark(t, dict, unsafe.String(&inside[at], n), decidedOf(n, true), carry{})
		}
	}
}

func FuzzMark(f *testing.F) {
	dict := withAVX2(f)
	f.Add("dbPassword=hunter2 AKIA", uint64(0), uint64(0), uint64(0))
	f.Fuzz(func(t *testing.T, text string, lower, letter, digit uint64) {
		block := text[:min(64, len(text))]
		bothMark(t, dict, block, decidedOf(len(block), len(text) <= 64), carry{lower: lower, letter: letter, digit: digit})
	})
}
