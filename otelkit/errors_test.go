package otelkit

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/otelkit/otelkit-go/scrub"
)

func TestReporterSaysAThingOnceAMinute(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var w bytes.Buffer
		r := newReporter(&w, nil)
		for range 100 {
			r.Handle(errors.New("collector unreachable"))
			time.Sleep(time.Second)
		}
		r.Handle(errors.New("other\nin two lines"))
		want := "otelkit: collector unreachable\n" +
			"otelkit: collector unreachable (59 more times in the last minute)\n" +
			"otelkit: other; in two lines\n"
		if w.String() != want {
			t.Errorf("said:\n%s\nwant:\n%s", w.String(), want)
		}
	})
}

func TestReporterIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var w bytes.Buffer
		r := newReporter(&w, nil)
		for i := range 10_000 {
			r.Handle(fmt.Errorf("failure %d", i))
		}
		if n := strings.Count(w.String(), "\n"); n != maxSayings+1 {
			t.Errorf("%d lines, want %d", n, maxSayings+1)
		}
		if len(r.said) > maxSayings+1 {
			t.Errorf("%d texts kept", len(r.said))
		}
	})
}

func TestReporterScrubs(t *testing.T) {
	t.Parallel()
	s, err := scrub.New()
	if err != nil {
		t.Fatal(err)
	}
	var w bytes.Buffer
	newReporter(&w, s).Handle(errors.New("otelkit: Post https://user:pa55word@collector failed"))
	if got := w.String(); strings.Contains(got, "pa55word") || !strings.HasPrefix(got, "otelkit: Post https://") {
		t.Errorf("said %q", got)
	}
}

type badWriter struct{}

func (badWriter) Write([]byte) (int, error) { panic("writer") }

func TestReporterSurvivesItsWriter(t *testing.T) {
	t.Parallel()
	r := newReporter(badWriter{}, nil)
	r.Handle(errors.New("first"))
	r.Handle(errors.New("second"))
	if len(r.said) != 2 {
		t.Errorf("%d texts kept, want 2", len(r.said))
	}
}
