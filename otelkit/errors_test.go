package otelkit

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"sync"
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
		defer r.close(t.Context())
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
		defer r.close(t.Context())
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
	r := newReporter(&w, s)
	defer r.close(t.Context())
	r.Handle(errors.New("otelkit: Post https://user:pa55word@collector failed"))
	if got := w.String(); strings.Contains(got, "pa55word") || !strings.HasPrefix(got, "otelkit: Post https://") {
		t.Errorf("said %q", got)
	}
}

type badWriter struct{}

func (badWriter) Write([]byte) (int, error) { panic("writer") }

func TestReporterSurvivesItsWriter(t *testing.T) {
	t.Parallel()
	r := newReporter(badWriter{}, nil)
	defer r.close(t.Context())
	r.Handle(errors.New("first"))
	r.Handle(errors.New("second"))
	if len(r.said) != 2 {
		t.Errorf("%d texts kept, want 2", len(r.said))
	}
}

func TestReporterDoesNotWaitForAWriterThatHangs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		unblock := make(chan struct{})
		r := newReporter(hungWriter(unblock), nil)
		start := time.Now()
		for i := range 10 {
			r.Handle(fmt.Errorf("failure %d", i))
		}
		if took := time.Since(start); took > time.Second {
			t.Errorf("ten reports took %v", took)
		}
		close(unblock)
		r.close(t.Context())
	})
}

type hungWriter chan struct{}

func (w hungWriter) Write(b []byte) (int, error) {
	<-w
	return len(b), nil
}

func TestReporterWritesOneLine(t *testing.T) {
	t.Parallel()
	var w bytes.Buffer
	r := newReporter(&w, nil)
	r.Handle(errors.New("über\r\x1b[31mred\u202e\u2028 \"quoted\"\nnext"))
	r.close(t.Context())
	const want = `otelkit: über\r\x1b[31mred\u202e\u2028 "quoted"; next` + "\n"
	if w.String() != want {
		t.Errorf("said %q, want %q", w.String(), want)
	}
}

// One panic is one text, however often and on whatever goroutine, and what is in
// its value keeps its keys, so that the scrubber knows them.
func TestPanicIsSaidOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		scrubber, err := scrub.New()
		if err != nil {
			t.Fatal(err)
		}
		var w bytes.Buffer
		r := newReporter(&w, scrubber)
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				defer reportPanic(r.Handle, "a test")
				panic(struct{ User, Password string }{"ada", "hunter2-hunter2"})
			})
		}
		all.Wait()
		r.close(t.Context())
		got := w.String()
		if strings.Count(got, "\n") != 1 || strings.Contains(got, "hunter2") {
			t.Errorf("said %q, want one line without the password", got)
		}
		if !strings.HasPrefix(got, `otelkit: panic in a test: {"Password":"[REDACTED:pw.key]","User":"ada"} at `) || !strings.Contains(got, "TestPanicIsSaidOnce") {
			t.Errorf("said %q, want the value and its place", got)
		}
	})
}
