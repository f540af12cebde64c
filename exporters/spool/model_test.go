package spool

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestModel runs random histories of a queue on a file system that fails, beside
// a model of what must have become of each item. SPOOL_HISTORIES sets how many
// (default 1000, with the race detector 300), SPOOL_SEED the first seed.
func TestModel(t *testing.T) {
	t.Parallel()
	histories, seed := 1000, uint64(1)
	if raceEnabled {
		histories = 300
	}
	if s := os.Getenv("SPOOL_HISTORIES"); s != "" {
		histories, _ = strconv.Atoi(s)
	}
	if s := os.Getenv("SPOOL_SEED"); s != "" {
		seed, _ = strconv.ParseUint(s, 10, 64)
	}
	seen := map[string]int{}
	for range histories {
		h := newHistory(seed)
		if err := h.run(); err != nil {
			t.Fatalf("SPOOL_SEED=%d SPOOL_HISTORIES=1: %v\n%s", seed, err, strings.Join(h.log, "\n"))
		}
		for what, n := range h.seen {
			seen[what] += n
		}
		seed++
	}
	// A test of faults in which none came up would prove nothing.
	for _, what := range []string{
		"put", "taken", "done", "returned", "killed", "died in a step", "power lost", "closed", "adopted", "repeated", "vanished",
		"corrupted", "in memory", "spilled", "fault", ReasonFull, ReasonExpired, ReasonCorrupt, ReasonTorn, ReasonClosed,
	} {
		if seen[what] == 0 && histories >= 300 {
			t.Errorf("no history had: %s", what)
		}
	}
	t.Logf("%d histories: %v", histories, seen)
}

// thing is an item in the model.
type thing struct {
	Item
	id        uint64
	lease     *Lease
	done      bool
	durable   bool // would survive a loss of power
	mayVanish bool // damaged, or in memory only when the process died
	mayRepeat bool // done, but the mark may not have been written
}

type history struct {
	rnd    *rand.Rand
	fs     *faultFS
	config config
	clock  time.Time
	kinds  map[string]bool // what may happen in this history

	q      *diskQueue
	things []*thing
	floor  uint64 // the last id taken; the next is above it
	spills bool   // the shelf was used: the order is not kept
	faulty bool   // any fault but a kill between two calls came up

	put, adopted, done, life map[byte]int64 // of this process
	dropped                  map[byte]int64 // of all processes
	log                      []string
	seen                     map[string]int
}

func newHistory(seed uint64) *history {
	rnd := rand.New(rand.NewPCG(seed, 7))
	h := &history{
		rnd: rnd, fs: newFaultFS(rnd), clock: time.Unix(2e9, 0),
		kinds: map[string]bool{}, seen: map[string]int{}, dropped: map[byte]int64{},
	}
	for _, kind := range []string{"kill", "die", "power", "fault", "corrupt"} {
		h.kinds[kind] = rnd.IntN(2) == 0
	}
	h.config = config{
		maxBytes:     int64(500 + rnd.IntN(8000)),
		maxAge:       time.Duration(rnd.IntN(2)) * time.Hour,
		memory:       int64(rnd.IntN(4000)),
		sync:         Sync(rnd.IntN(3)),
		syncInterval: time.Second,
		segmentBytes: int64(100 + rnd.IntN(1000)),
		recentBytes:  int64(rnd.IntN(3) * 400),
		fs:           h.fs,
		now:          func() time.Time { return h.clock },
		random:       rnd.Uint32,
		onDrop:       h.onDrop,
		onAdopt: func(signal byte, records int) {
			h.adopted[signal] += int64(records)
			h.seen["adopted"]++
		},
		onError:   func(error) { h.seen["error told"]++ },
		onWarning: func(error) { h.seen["warning told"]++ },
	}
	return h
}

func (h *history) onDrop(signal byte, records int, reason string) {
	h.seen[reason]++
	h.life[signal] += int64(records)
	h.dropped[signal] += int64(records)
	h.note("  dropped %d of %d: %s", records, signal, reason)
}

func (h *history) note(format string, args ...any) {
	h.log = append(h.log, fmt.Sprintf(format, args...))
}

func (h *history) open() {
	h.put, h.adopted, h.done, h.life = map[byte]int64{}, map[byte]int64{}, map[byte]int64{}, map[byte]int64{}
	h.floor = 0
	h.q = newDisk("spool", h.config)
	h.q.adopt()
}

func (h *history) run() error {
	h.open()
	for range 40 + h.rnd.IntN(80) {
		if err := h.step(); err != nil {
			return err
		}
		if h.fs.dead() {
			h.seen["died in a step"]++
			h.crash()
		}
		if err := h.balance(); err != nil {
			return err
		}
	}
	return h.finish()
}

func (h *history) step() error {
	h.clock = h.clock.Add(time.Duration(h.rnd.IntN(2000)) * time.Millisecond)
	switch n := h.rnd.IntN(100); {
	case n < 42:
		h.doPut()
	case n < 60:
		_, err := h.doTake()
		return err
	case n < 73:
		h.doDone()
	case n < 79:
		h.doReturn()
	case n < 83:
		h.doSync()
	case n < 87:
		h.doLook()
	case n < 89:
		h.doClose()
	case n < 91 && h.kinds["kill"]:
		h.note("kill")
		h.seen["killed"]++
		h.crash()
	case n < 94 && h.kinds["die"]:
		h.note("will die")
		h.faulty = true
		h.fs.dieAt = h.fs.steps + 1 + h.rnd.IntN(12)
	case n < 97 && h.kinds["fault"]:
		h.fault()
	case n < 99 && h.kinds["corrupt"]:
		h.corrupt()
	}
	return nil
}

func (h *history) doPut() {
	x := &thing{id: uint64(len(h.things) + 1)}
	x.Item = Item{Signal: byte(1 + h.rnd.IntN(3)), Class: Class(h.rnd.IntN(4) / 3), Records: h.rnd.IntN(5)}
	x.Payload = binary.BigEndian.AppendUint64(nil, x.id)
	if h.rnd.IntN(3) == 0 {
		// A payload that looks like a record must not be taken for one.
		x.Payload = appendRecord(x.Payload, 0, x.id, Item{Signal: 9, Records: 1e6, Payload: []byte("forged")})
	}
	x.Payload = append(x.Payload, make([]byte, h.rnd.IntN(200))...)
	h.things = append(h.things, x)
	h.note("put %d, signal %d, class %d, %d records", x.id, x.Signal, x.Class, x.Records)
	h.seen["put"]++
	h.put[x.Signal] += int64(x.Records)
	err := h.q.Put(x.Item)
	shelved := slices.Contains(h.shelved(), x.id)
	if shelved {
		h.seen["in memory"]++
		h.spills = true
	}
	x.mayVanish = h.fs.dead()
	x.durable = err == nil && !shelved && h.config.sync == SyncAlways && !h.fs.badSyncs
}

// shelved returns the ids that are in memory only.
func (h *history) shelved() (ids []uint64) {
	for _, l := range h.q.shelf.lines {
		for _, e := range l.entries[l.head:] {
			ids = append(ids, idOf(e.Payload))
		}
	}
	for _, x := range h.things {
		if x.lease != nil && x.lease.seg == nil {
			ids = append(ids, x.id)
		}
	}
	return ids
}

func idOf(payload []byte) uint64 {
	if len(payload) < 8 {
		return 0
	}
	return binary.BigEndian.Uint64(payload)
}

func (h *history) doTake() (taken bool, _ error) {
	h.q.lock()
	l := h.q.next()
	h.q.unlock()
	if l == nil {
		return false, nil
	}
	h.seen["taken"]++
	id := idOf(l.Payload)
	h.note("took %d", id)
	if id == 0 || id > uint64(len(h.things)) {
		return true, fmt.Errorf("took an item that nobody put: %q", l.Payload)
	}
	x := h.things[id-1]
	if it := l.Item; it.Signal != x.Signal || it.Class != x.Class || it.Records != x.Records || !bytes.Equal(it.Payload, x.Payload) {
		return true, fmt.Errorf("item %d (-put +taken):\n%s", id, cmp.Diff(x.Item, it))
	}
	switch {
	case x.lease != nil:
		return true, fmt.Errorf("item %d is handed out twice", id)
	case x.done && !x.mayRepeat:
		return true, fmt.Errorf("item %d comes again after Done", id)
	case x.done:
		h.seen["repeated"]++
	case id <= h.floor && !h.spills && !h.faulty:
		return true, fmt.Errorf("item %d comes after %d", id, h.floor)
	}
	h.floor = id
	x.lease, x.done = l, false
	return true, nil
}

func (h *history) leased() *thing {
	var out []*thing
	for _, x := range h.things {
		if x.lease != nil {
			out = append(out, x)
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out[h.rnd.IntN(len(out))]
}

func (h *history) doDone() {
	x := h.leased()
	if x == nil {
		return
	}
	h.note("done %d", x.id)
	h.seen["done"]++
	x.lease.Done()
	h.done[x.Signal] += int64(x.Records)
	x.lease, x.done = nil, true
	x.mayRepeat = x.mayRepeat || h.fs.dead() || h.fs.noSpace || h.fs.readOnly
}

func (h *history) doReturn() {
	x := h.leased()
	if x == nil {
		return
	}
	h.note("return %d", x.id)
	h.seen["returned"]++
	x.lease.Return()
	x.lease = nil
	h.floor = 0
}

func (h *history) doSync() {
	h.note("sync")
	h.q.syncAll()
	if h.fs.dead() || h.fs.badSyncs || h.fs.readOnly || h.config.sync == SyncNever {
		return
	}
	for path, n := range h.fs.files {
		if s, ok := parseName(filepath.Base(path)); ok && filepath.Dir(path) == h.q.home {
			h.walk(s, n.data, func(x *thing, _, _ int64) { x.durable = true })
		}
	}
}

// walk calls f for each item in a file.
func (h *history) walk(s *segment, data []byte, f func(x *thing, from, to int64)) {
	r := bytes.NewReader(data)
	for off := int64(0); ; {
		head, at, err := findRecord(r, s.salt, off, int64(len(data)))
		if off = at + head.size(); err != nil || off > int64(len(data)) {
			return
		}
		if id := idOf(data[at+headerSize : off]); id > 0 && id <= uint64(len(h.things)) { // else it was hit before
			f(h.things[id-1], at, off)
		}
	}
}

func (h *history) doLook() {
	if h.rnd.IntN(3) == 0 {
		h.clock = h.clock.Add(time.Duration(h.rnd.IntN(3600)) * time.Second)
	}
	h.note("look")
	before := h.q.shelf.items
	h.q.look()
	if h.q.shelf.items < before {
		h.seen["spilled"]++
	}
}

func (h *history) doClose() {
	h.note("close")
	h.seen["closed"]++
	shelved := h.shelved()
	h.q.Close()
	if h.fs.dead() {
		for _, id := range shelved {
			h.things[id-1].mayVanish = true
		}
		return
	}
	for _, x := range h.things {
		if x.lease == nil {
			continue
		}
		if x.lease.seg == nil {
			x.lease.Return() // drops it
		}
		x.lease = nil
	}
	h.note("open")
	h.open()
}

// crash ends the process, perhaps the machine, and starts the next.
func (h *history) crash() {
	power := h.kinds["power"] && h.rnd.IntN(2) == 0
	h.note("crash, power lost: %v", power)
	for _, id := range h.shelved() {
		h.things[id-1].mayVanish = true
		h.faulty = true
	}
	for _, x := range h.things {
		x.lease = nil
		if power {
			x.mayVanish = x.mayVanish || !x.durable || h.fs.failedSyncs
			x.mayRepeat = true
		}
	}
	if power {
		h.seen["power lost"]++
		h.faulty = true
	}
	h.fs.reboot(power)
	h.open()
}

func (h *history) fault() {
	h.faulty = true
	h.seen["fault"]++
	switch f := h.fs; h.rnd.IntN(8) {
	case 0:
		f.noSpace = true
	case 1:
		f.readOnly = true
	case 2:
		f.truncates = true
	case 3:
		f.badReads = true
	case 4:
		f.badSyncs = true
	default:
		f.noSpace, f.readOnly, f.truncates, f.badReads, f.badSyncs = false, false, false, false, false
	}
	h.note("faults: no space %v, read-only %v, no truncate %v, bad reads %v, bad syncs %v",
		h.fs.noSpace, h.fs.readOnly, h.fs.truncates, h.fs.badReads, h.fs.badSyncs)
}

// corrupt changes one byte of a file and notes whose it is.
func (h *history) corrupt() {
	var paths []string
	for path, n := range h.fs.files {
		if _, ok := parseName(filepath.Base(path)); ok && len(n.data) > 0 {
			paths = append(paths, path)
		}
	}
	if len(paths) == 0 {
		return
	}
	slices.Sort(paths)
	path := paths[h.rnd.IntN(len(paths))]
	s, _ := parseName(filepath.Base(path))
	data := h.fs.files[path].data
	hit := int64(h.rnd.IntN(len(data)))
	h.walk(s, data, func(x *thing, from, to int64) {
		if from <= hit && hit < to {
			h.note("corrupt byte %d of item %d", hit-from, x.id)
			x.mayVanish, x.mayRepeat = true, true
		}
	})
	data[hit] ^= byte(1 + h.rnd.IntN(255))
	h.faulty = true
	h.seen["corrupted"]++
}

// balance checks the books of this process.
func (h *history) balance() error {
	want := map[byte]int64{}
	for _, signal := range []byte{0, 1, 2, 3} {
		if n := h.put[signal] + h.adopted[signal] - h.done[signal] - h.life[signal]; n != 0 {
			want[signal] = n
		}
	}
	if got := h.q.Pending(); !maps.Equal(want, got) {
		diff := cmp.Diff(want, got)
		return fmt.Errorf("pending: put %v + adopted %v - done %v - dropped %v (-want +got):\n%s", h.put, h.adopted, h.done, h.life, diff)
	}
	if h.q.bytes > h.q.maxBytes || h.q.shelf.bytes > h.q.shelf.max {
		return fmt.Errorf("over a bound: %d of %d on disk, %d of %d in memory", h.q.bytes, h.q.maxBytes, h.q.shelf.bytes, h.q.shelf.max)
	}
	sum := int64(0)
	for _, list := range h.q.segments {
		for _, s := range list {
			sum += s.size
		}
	}
	if sum != h.q.bytes {
		return fmt.Errorf("%d bytes in segments, %d counted", sum, h.q.bytes)
	}
	return nil
}

// finish restarts without faults, takes all there is and compares with the model.
func (h *history) finish() error {
	h.note("finish")
	h.doClose()
	if h.fs.dead() {
		h.crash()
	}
	h.fs.reboot(false)
	h.q.Close()
	h.open()
	for {
		h.clock = h.clock.Add(time.Second)
		h.q.look()
		taken, err := h.doTake()
		if err != nil {
			return err
		}
		if !taken {
			break
		}
		for _, x := range h.things {
			if x.lease != nil {
				h.done[x.Signal] += int64(x.Records)
				x.lease.Done()
				x.lease, x.done = nil, true
			}
		}
	}
	if items, _ := h.q.Len(); items != 0 || len(h.q.Pending()) != 0 {
		return fmt.Errorf("drained, but %d items and %v records are pending", items, h.q.Pending())
	}
	if err := h.balance(); err != nil {
		return err
	}
	h.q.Close()
	left := slices.DeleteFunc(slices.Collect(maps.Keys(h.fs.files)), func(path string) bool {
		// A last record that was hit twice can look like one of another version.
		return h.q.odd[path] != nil || filepath.Base(path) == lockName && h.q.odd != nil
	})
	if len(left) > 0 {
		return errors.New("drained and closed, but there are files left: " + strings.Join(left, " "))
	}
	return h.account()
}

// account checks that what did not arrive was reported.
func (h *history) account() error {
	missing, must := map[byte]int64{}, map[byte]int64{}
	for _, x := range h.things {
		if x.done {
			continue
		}
		missing[x.Signal] += int64(x.Records)
		if x.mayVanish {
			h.seen["vanished"]++
			continue
		}
		must[x.Signal] += int64(x.Records)
	}
	for signal := byte(1); signal <= 3; signal++ {
		if h.dropped[signal] < must[signal] {
			return fmt.Errorf("signal %d: %d records are missing without a reason, %d were reported", signal, must[signal], h.dropped[signal])
		}
		if !h.faulty && h.dropped[signal] != missing[signal] {
			return fmt.Errorf("signal %d: %d records are missing, %d were reported", signal, missing[signal], h.dropped[signal])
		}
	}
	return nil
}
