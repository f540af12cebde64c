//go:build unix

package spool

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

const victimEnv = "SPOOL_VICTIM_DIR"

// TestKill kills a real process with SIGKILL while it puts, takes and finishes
// items, and starts the next one on what it left. SPOOL_KILLS sets how often
// (default 3). Each process writes down, without a buffer, what was promised to
// it: "p n" once Put of item n returned, "d n" once item n was sent and its Done
// called. In the end every item that was put has been sent; one that was Done is
// not sent again, save the few whose Done was being written down.
func TestKill(t *testing.T) {
	t.Parallel()
	kills := 3
	if s := os.Getenv("SPOOL_KILLS"); s != "" {
		kills, _ = strconv.Atoi(s)
	}
	dir := t.TempDir()
	var put, sent, repeated int
	books := map[uint64]*struct{ put, done, sent int }{}
	for round := range kills {
		for _, line := range runVictim(t, dir, round) {
			what, number, _ := strings.Cut(line, " ")
			n, err := strconv.ParseUint(number, 10, 64)
			if err != nil {
				continue // the line that the kill cut off
			}
			b := books[n]
			if b == nil {
				b = &struct{ put, done, sent int }{}
				books[n] = b
			}
			switch what {
			case "p":
				b.put++
				put++
			case "s":
				if b.done > 0 {
					repeated++
				}
				b.sent++
				sent++
			case "d":
				b.done++
			}
		}
	}

	// A last process takes what is left.
	var drops dropLog
	c, err := newConfig(dir, []Option{WithOnDrop(drops.add)})
	if err != nil {
		t.Fatal(err)
	}
	q := newDisk(dir, c)
	q.adopt()
	for {
		q.lock()
		l := q.next()
		q.unlock()
		if l == nil {
			break
		}
		if b := books[binary.BigEndian.Uint64(l.Payload)]; b != nil {
			b.sent++
			if b.done > 0 {
				repeated++
			}
		}
		l.Done()
	}
	q.Close()

	missing := 0
	for n, b := range books {
		if b.put > 0 && b.sent == 0 {
			missing++
			if missing < 10 {
				t.Errorf("item %d of round %d was put and never came", n&0xFFFFFFFF, n>>32)
			}
		}
	}
	t.Logf("%d kills, %d puts acknowledged, %d sent before a kill, %d missing, %d sent again after Done, drops %v", kills, put, sent, missing, repeated, drops.get())
	if put == 0 || sent == 0 {
		t.Error("the processes did nothing before they were killed")
	}
	if repeated > 0 {
		t.Errorf("%d items came again after Done had returned", repeated)
	}
	for what, n := range drops.get() {
		if !strings.HasSuffix(what, ReasonTorn) {
			t.Errorf("%s: %d", what, n)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*", "*.seg")); len(left) > 0 {
		t.Errorf("files left: %v", left)
	}
}

// runVictim starts the test binary anew, lets it write some lines and kills it.
func runVictim(t *testing.T, dir string, round int) (lines []string) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe, "-test.run=^TestVictim$", "-test.count=1")
	cmd.Env = append(os.Environ(), victimEnv+"="+dir, "SPOOL_ROUND="+strconv.Itoa(round))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	scan := bufio.NewScanner(out)
	killAt := 500 + 377*(round%7)
	for scan.Scan() {
		lines = append(lines, scan.Text())
		if len(lines) == killAt {
			cmd.Process.Kill()
		}
	}
	cmd.Wait()
	return lines
}

// TestVictim is the process that TestKill kills.
func TestVictim(t *testing.T) {
	dir := os.Getenv(victimEnv)
	if dir == "" {
		t.Skip("this is the process that TestKill starts and kills; on its own it has nothing to do")
	}
	round, _ := strconv.ParseUint(os.Getenv("SPOOL_ROUND"), 10, 64)
	q, err := Open(dir, WithSync(SyncNever), optionFunc(func(c *config) { c.segmentBytes = 16 << 10 }))
	if err != nil {
		t.Fatal(err)
	}
	say := func(format string, args ...any) {
		// One write per line: what arrived before the kill stays readable.
		os.Stdout.WriteString(fmt.Sprintf(format, args...) + "\n")
	}
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			for n := 0; ; n++ {
				l, err := q.Take(t.Context())
				if err != nil {
					return
				}
				id := binary.BigEndian.Uint64(l.Payload)
				if n%5 == 4 {
					l.Return()
					time.Sleep(time.Millisecond) // as a sender backs off; not a wait for anything
					continue
				}
				say("s %d", id)
				l.Done()
				say("d %d", id)
			}
		})
	}
	for n := uint64(1); ; n++ {
		payload := binary.BigEndian.AppendUint64(nil, round<<32|n)
		payload = append(payload, make([]byte, n%400)...)
		if err := q.Put(Item{Signal: 'l', Class: Class(n % 10 / 9), Records: 1, Payload: payload}); err != nil {
			t.Fatal(err)
		}
		say("p %d", round<<32|n)
	}
}
