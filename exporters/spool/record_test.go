package spool

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const testSalt = 0xC0FFEE

// sample is a small file of records.
func sample() (data []byte, items []Item, starts []int) {
	items = []Item{
		item(1, Normal, 1, "first"),
		item(2, Normal, 2, ""),
		item(3, Important, 3, "a third one"),
		item(1, Normal, 4, string(magic)+"looks like one"),
		item(1, Normal, 5, "last"),
	}
	for i, it := range items {
		starts = append(starts, len(data))
		data = appendRecord(data, testSalt, uint64(i+1), it)
	}
	return data, items, append(starts, len(data))
}

// TestEveryByte damages every byte of a file in several ways and cuts it at every
// length. The next process always starts, hands out all records but the one hit,
// unchanged and in order, and its books say what is missing.
func TestEveryByte(t *testing.T) {
	t.Parallel()
	data, items, starts := sample()
	hit := func(off int) (i int) {
		for i = range items {
			if off < starts[i+1] {
				break
			}
		}
		return i
	}
	for off := range data {
		for _, xor := range []byte{0x01, 0x80, 0xFF, data[off], data[off] ^ magic[0]} {
			if xor == 0 {
				continue
			}
			bad := bytes.Clone(data)
			bad[off] ^= xor
			i := hit(off)
			want := append(append([]Item(nil), items[:i]...), items[i+1:]...)
			if off == starts[i]+stateOffset && bad[off] != stateDone {
				want = items // neither live nor done: live
			}
			t.Run(fmt.Sprintf("byte %d xor %#x", off, xor), func(t *testing.T) { recoverFile(t, bad, want) })
		}
		t.Run(fmt.Sprintf("cut at %d", off), func(t *testing.T) { recoverFile(t, data[:off], items[:hit(off)]) })
	}
}

// recoverFile starts a process that finds one file.
func recoverFile(t *testing.T, data []byte, want []Item) {
	t.Helper()
	const salt, dead = testSalt, "spool/p-dead"
	m := newFaultFS(rand.New(rand.NewPCG(1, 1)))
	s := &segment{born: 1, salt: salt}
	s.setName()
	m.dirs["spool"], m.dirs[dead] = true, true
	m.files[filepath.Join(dead, s.name)] = &inode{data: bytes.Clone(data)}

	var adopted, dropped int
	c, err := newConfig("spool", []Option{
		WithOnAdopt(func(_ byte, n int) { adopted += n }),
		WithOnDrop(func(_ byte, n int, _ string) { dropped += n }),
		WithMaxAge(0),
		optionFunc(func(c *config) { c.fs = m }),
	})
	if err != nil {
		t.Fatal(err)
	}
	q := newDisk("spool", c)
	q.adopt()
	delivered := 0
	var got []Item
	for {
		q.lock()
		l := q.next()
		q.unlock()
		if l == nil {
			break
		}
		it := l.Item
		delivered += it.Records
		it.Class = want[min(len(got), len(want)-1)].Class // the file's, not the record's
		got = append(got, it)
		l.Done()
	}
	if len(want)+len(got) > 0 {
		if diff := cmp.Diff(want, got, cmp.Transformer("bytes", func(b []byte) string { return string(b) })); diff != "" {
			t.Errorf("delivered (-want +got):\n%s", diff)
		}
	}
	if adopted != delivered+dropped {
		t.Errorf("adopted %d, delivered %d, dropped %d", adopted, delivered, dropped)
	}
	if len(q.Pending()) != 0 {
		t.Errorf("pending %v", q.Pending())
	}
	q.Close()
	if len(m.files) != 0 {
		t.Errorf("files left: %v", m.files)
	}
}

func TestRecordFormatIsStable(t *testing.T) {
	t.Parallel()
	// What an earlier version wrote must be readable: a change here needs a new
	// version byte and a reader for the old one.
	got := appendRecord(nil, 0, 0x1122334455667788, item(0x0A, Important, 0x0102, "123456789"))
	want := "f76f6b01" + "a5" + "0a" + "01" + "00" + "09000000" + "02010000" + "8877665544332211" +
		"839206e3" + // the check value of CRC-32C, 0xE3069283
		"455897dd" + "313233343536373839"
	if diff := cmp.Diff(want, hex.EncodeToString(got)); diff != "" {
		t.Errorf("record (-want +got):\n%s", diff)
	}
	salted := appendRecord(nil, testSalt, 1, item(0x0A, Important, 0x0102, "otel"))
	h, ok := parseHeader(salted, testSalt)
	if !ok || h.size() != int64(len(salted)) || h.records != 0x0102 || h.signal != 0x0A || h.class != Important {
		t.Errorf("read back %+v, %v", h, ok)
	}
	if _, ok := parseHeader(salted, testSalt+1); ok {
		t.Error("a header is valid under another file's salt")
	}
}

func TestSearchAcrossWindows(t *testing.T) {
	t.Parallel()
	// A header may lie across the end of what is searched at once.
	record := appendRecord(nil, testSalt, 1, item(1, Normal, 1, "x"))
	for start := 64<<10 - headerSize - 4; start < 64<<10+4; start++ {
		data := append(make([]byte, start), record...)
		_, at, err := findRecord(bytes.NewReader(data), testSalt, 0, int64(len(data)))
		if err != nil || at != int64(start) {
			t.Errorf("record at %d found at %d, %v", start, at, err)
		}
	}
}

func TestParseName(t *testing.T) {
	t.Parallel()
	s := &segment{born: 0x1881a2b3c4d5e6f7, salt: 0xdeadbeef, class: Important}
	s.setName()
	got, ok := parseName(s.name)
	if !ok || got.born != s.born || got.salt != s.salt || got.class != s.class {
		t.Errorf("%s read back as %+v, %v", s.name, got, ok)
	}
	for _, name := range []string{
		"", "lock", ".seg", "--.seg", "1-2-n.seg", s.name + ".bak", "x" + s.name,
		"1881a2b3c4d5e6f7-deadbeef-x.seg", "1881a2b3c4d5e6f7-deadbeef-ni.seg", "1881A2B3C4D5E6F7-deadbeef-n.seg",
	} {
		if _, ok := parseName(name); ok {
			t.Errorf("%q is taken for a segment", name)
		}
	}
}

// FuzzSegment reads any bytes as a file a dead process left.
func FuzzSegment(f *testing.F) {
	data, _, _ := sample()
	f.Add(data)
	f.Add(data[:len(data)-3])
	f.Add(bytes.Repeat(magic, 100))
	f.Add(append(bytes.Clone(data[7:]), data...))
	f.Fuzz(func(t *testing.T, data []byte) {
		r := bytes.NewReader(data)
		end := int64(len(data))
		seen := 0
		for off := int64(0); ; {
			h, at, err := findRecord(r, testSalt, off, end)
			if err != nil {
				if !errors.Is(err, io.EOF) {
					t.Fatalf("findRecord: %v", err)
				}
				break
			}
			if at < off {
				t.Fatalf("found a record at %d, before %d", at, off)
			}
			seen++
			if off = at + h.size(); off > end {
				break
			}
			if _, _, err := readPayload(r, testSalt, at, h); err != nil {
				t.Fatalf("readPayload: %v", err)
			}
		}
		if seen > len(data)/headerSize {
			t.Fatalf("%d records in %d bytes", seen, len(data))
		}
		recoverAny(t, data)
	})
}

// recoverAny starts a process that finds the bytes: it must start, drain and
// balance.
func recoverAny(t *testing.T, data []byte) {
	m := newFaultFS(rand.New(rand.NewPCG(1, 1)))
	s := &segment{born: 1, salt: testSalt}
	s.setName()
	m.dirs["spool"], m.dirs["spool/p-dead"] = true, true
	m.files[filepath.Join("spool/p-dead", s.name)] = &inode{data: bytes.Clone(data)}
	books := map[byte]int64{}
	c, _ := newConfig("spool", []Option{
		WithOnAdopt(func(signal byte, n int) { books[signal] += int64(n) }),
		WithOnDrop(func(signal byte, n int, _ string) { books[signal] -= int64(n) }),
		optionFunc(func(c *config) { c.fs, c.now = m, func() time.Time { return time.Unix(0, 1<<40) } }),
	})
	q := newDisk("spool", c)
	defer q.Close()
	q.adopt()
	for {
		q.lock()
		l := q.next()
		q.unlock()
		if l == nil {
			break
		}
		books[l.Signal] -= int64(l.Records)
		l.Done()
	}
	for signal, n := range books {
		if n != 0 {
			t.Errorf("signal %d: %d records unaccounted for", signal, n)
		}
	}
	if len(q.Pending()) != 0 {
		t.Errorf("pending %v", q.Pending())
	}
}
