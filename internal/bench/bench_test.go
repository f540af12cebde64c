package bench

import (
	"bytes"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestMain(m *testing.M) {
	if Main() {
		return
	}
	os.Exit(m.Run())
}

// TestSubjects runs each subject once, for the books and not for the figures:
// Measure fails if a record is lost.
func TestSubjects(t *testing.T) {
	t.Parallel()
	lab, err := NewLab(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { // and not Cleanup, before which the context ends the receiver
		if err := lab.Close(); err != nil {
			t.Error(err)
		}
	}()
	const calls = chunk / 4
	for _, s := range []Subject{SlogJSON, PlainLog, KitLog, PlainSpan, KitSpan, SlogDisabled, KitDisabled} {
		res, err := lab.Measure(t.Context(), s, calls)
		if err != nil {
			t.Fatal(err)
		}
		if want := calls + calls/10; res.Calls != want || res.CPU <= 0 || res.Total < res.Call || res.MaxRSS < 1<<20 {
			t.Errorf("%s: %+v, want %d calls and figures that can be", s, res, want)
		}
	}
	if _, err := lab.MeasureBusy(t.Context(), KitLog, calls+1); err != nil {
		t.Error(err)
	}
	for _, s := range []Subject{PlainLog, KitLog} {
		res, err := lab.Latencies(t.Context(), s, 100)
		if err != nil {
			t.Fatal(err)
		}
		if res.P50 <= 0 || res.P99 < res.P50 {
			t.Errorf("%s: p50 %v, p99 %v", s, res.P50, res.P99)
		}
	}
}

// TestRequests is TestSubjects for those that serve requests.
func TestRequests(t *testing.T) {
	t.Parallel()
	lab, err := NewLab(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := lab.Close(); err != nil {
			t.Error(err)
		}
	}()
	for _, s := range []Subject{BareRequest, PlainSampled, PlainLogged, KitSampled, KitArmed, PlainUnsampled, KitUnsampled, KitSilent} {
		res, err := lab.Measure(t.Context(), s, chunk/4)
		if err != nil {
			t.Fatal(err)
		}
		// The bare one may take less than the clock of a thread can tell.
		if res.CPU <= 0 || res.Total < res.Call || res.Call <= 0 || runtime.GOOS == "linux" && res.Caller <= 0 && s != BareRequest {
			t.Errorf("%s: %+v, want figures that can be", s, res)
		}
	}
}

func TestMedian(t *testing.T) {
	t.Parallel()
	var rounds []Round
	for _, cpu := range []time.Duration{30, 10, 20} {
		rounds = append(rounds, Round{KitLog: {CPU: cpu}, PlainLog: {CPU: 40}})
	}
	if got := Median(rounds, Of(KitLog, CPU)); got != 20 {
		t.Errorf("median = %v, want 20", got)
	}
	if got := Median(rounds, Ratio(KitLog, PlainLog, CPU)); got != 0.5 {
		t.Errorf("ratio = %v, want 0.5", got)
	}
}

func TestWriteTable(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := WriteTable(&b, [][]string{{"what", "×"}, {"log", "0.48×"}}); err != nil {
		t.Fatal(err)
	}
	want := "| what |     × |\n| ---- | ----: |\n| log  | 0.48× |\n"
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("table (-want +got):\n%s", diff)
	}
}
