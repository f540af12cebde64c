//go:build !purego && unix

package detect

import (
	"math/rand/v2"
	"strings"
	"syscall"
	"testing"
	"unsafe"

	"github.com/google/go-cmp/cmp"
)

// bothMark fails if the assembly does not find what markGo finds.
func bothMark(t *testing.T, dict *triggers, text string, base int) {
	t.Helper()
	var want, got marks
	block, decided := blockAt(text, base)
	markGo(dict, block, decided, &want)
	markAVX2(dict, block, decided, &got)
	if want != got {
		t.Fatalf("block %q at %d (-Go +assembly):\n%s", text, base, cmp.Diff(want, got, cmp.AllowUnexported(marks{})))
	}
}

func withAVX2(t testing.TB) *triggers {
	t.Helper()
	if !hasAVX2 {
		t.Skip("this machine has no AVX2")
	}
	return builtinTriggers()
}

// TestMarkEveryByte puts each byte at each place of a block of each length.
func TestMarkEveryByte(t *testing.T) {
	t.Parallel()
	dict := withAVX2(t)
	for n := range 66 {
		for at := range n {
			for b := range 256 {
				block := []byte(strings.Repeat("t0 k", 17)[:n])
				block[at] = byte(b)
				bothMark(t, dict, string(block), 0)
			}
		}
	}
}

// TestMarkAnyBlock takes blocks from any address, with any bytes before them.
func TestMarkAnyBlock(t *testing.T) {
	t.Parallel()
	dict := withAVX2(t)
	r := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same blocks each time
	const likely = "password: DE89 3704 RSSMRA85M01 078-05-1120 Token=dbPassword AKIA ghp_ 4bf92f3577 @+$%\\!\xD0\xE5 sk-proj eyJ HTTPServer 4111 "
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
			base := r.IntN(len(text) - n)
			bothMark(t, dict, string(text[:base+n+r.IntN(2)*(len(text)-n-base)]), base)
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
			bothMark(t, dict, unsafe.String(&inside[at], n), 0)
		}
	}
}

func FuzzMark(f *testing.F) {
	dict := withAVX2(f)
	f.Add("dbPassword=hunter2 AKIA")
	f.Fuzz(func(t *testing.T, text string) {
		for base := range len(text) + 1 {
			bothMark(t, dict, text, base)
		}
	})
}
