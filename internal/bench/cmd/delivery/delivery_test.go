package main

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMain(m *testing.M) {
	if serve() {
		return
	}
	os.Exit(m.Run())
}

func TestCount(t *testing.T) {
	t.Parallel()
	got := count(4, map[int64]int{0: 1, 2: 3, 7: 1})
	if diff := cmp.Diff(tally{lost: 2, twice: 1}, got, cmp.AllowUnexported(tally{})); diff != "" {
		t.Errorf("tally (-want +got):\n%s", diff)
	}
	if got, want := got.String(), "2 lost, 1 twice"; got != want {
		t.Errorf("text %q, want %q", got, want)
	}
}

// TestRow plays a row that needs no time, with both subjects.
func TestRow(t *testing.T) {
	t.Parallel()
	got, err := each(overHTTP, invalidText)(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := comparison{plain: "512 lost of 512", kit: "0 lost of 512, one repaired", ok: true}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(comparison{})); diff != "" {
		t.Errorf("comparison (-want +got):\n%s", diff)
	}
}

// TestDeadProcess sees to it that a service that dies is told from one that
// lives and has nothing to tell.
func TestDeadProcess(t *testing.T) {
	t.Parallel()
	got, err := each(overHTTP, survives("panic processor", aliveBody))(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := comparison{plain: "process dies", kit: "lives", ok: true}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(comparison{})); diff != "" {
		t.Errorf("comparison (-want +got):\n%s", diff)
	}
}

func TestRowsAreTold(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, r := range rows {
		if r.name == "" || r.goal == "" || r.measure == nil || seen[r.name] {
			t.Errorf("row %q: no goal, nothing to measure, or there twice", r.name)
		}
		seen[r.name] = true
	}
	if n := len(chosen([]string{"invalid UTF-8"})); n != 1 {
		t.Errorf("%d rows chosen, want 1", n)
	}
}
