package scrub_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/slogtest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/otelkit/otelkit-go/scrub"
)

func TestHandlerKeepsTheContractOfSlog(t *testing.T) {
	t.Parallel()
	var buf *bytes.Buffer
	slogtest.Run(t,
		func(*testing.T) slog.Handler {
			buf = &bytes.Buffer{}
			return scrub.NewHandler(slog.NewJSONHandler(buf, nil), nil)
		},
		func(t *testing.T) map[string]any {
			var line map[string]any
			if err := json.Unmarshal(buf.Bytes(), &line); err != nil {
				t.Fatal(err)
			}
			return line
		})
}

type account struct {
	Name   string            `json:"name"`
	Login  *login            `json:"login"`
	Notes  []string          `json:"notes"`
	Labels map[string]any    `json:"labels"`
	Mail   string            `scrub:"pii"`
	Gone   string            `scrub:"-"`
	Extra  map[string][]byte `json:"extra"`
	cached string
}

type login struct {
	Password string
	Token    any `json:"access_token"`
}

type leakyError struct{ text, hidden string }

func (e *leakyError) Error() string { return e.text }

// Format shows more than Error does.
func (e *leakyError) Format(f fmt.State, _ rune) { fmt.Fprint(f, e.text, e.hidden) }

type mailValuer struct{ text string }

func (m mailValuer) LogValue() slog.Value { return slog.StringValue(m.text) }

// writeEverything logs secrets in every place of slog.
func writeEverything(p *planter, h slog.Handler) {
	user := func(place string) *account {
		return &account{
			Name: p.text(place + "-field"), Login: &login{Password: p.secret(place + "-password"), Token: p.secret(place + "-token")},
			Notes: []string{p.secret(place + "-list")}, Labels: map[string]any{"a": map[string]any{"b": p.secret(place + "-map")}},
			Mail: p.secret(place + "-tag"), Gone: p.secret(place + "-dash"), Extra: map[string][]byte{"x": []byte(p.secret(place + "-bytes"))},
			cached: "x",
		}
	}
	l := slog.New(h).With("with", p.text("with"), "with-struct", user("with-struct"), slog.Group("with-group", "a", p.secret("with-group")))
	l = l.WithGroup("outer").With("inner", p.secret("inner"))
	l.WithGroup("credentials").Info("m", "id", p.secret("group-key"), "n", 12345)
	l.Info(p.text("message"),
		"string", p.text("string"),
		"error", &leakyError{p.text("error"), p.secret("error-hidden")},
		"wrapped", fmt.Errorf("more: %w", errors.New(p.text("wrapped"))),
		"struct", user("struct"), "value", *user("value"), "structs", []*account{user("structs")},
		"stringer", bytes.NewBufferString(p.secret("stringer")),
		"valuer", mailValuer{p.secret("valuer")},
		"valuers", []any{mailValuer{p.secret("valuers")}},
		"bytes", []byte(p.secret("bytes")),
		"map", map[string]any{"password": 12345, "note": p.secret("map")},
		"any-group", slog.AnyValue([]slog.Attr{slog.String("a", p.secret("attrs"))}),
		slog.Group("group", "a", p.secret("group"), slog.Group("deeper", "b", p.secret("deeper"))),
		slog.Group("", "inline", p.secret("inline")),
	)
}

func TestHandlerCoversEveryPlace(t *testing.T) {
	t.Parallel()
	for name, next := range map[string]func(*bytes.Buffer) slog.Handler{
		"JSON": func(b *bytes.Buffer) slog.Handler { return slog.NewJSONHandler(b, nil) },
		"text": func(b *bytes.Buffer) slog.Handler { return slog.NewTextHandler(b, nil) },
		"verbs": func(b *bytes.Buffer) slog.Handler {
			return slog.NewTextHandler(b, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
				return slog.String(a.Key, fmt.Sprintf("%+v", a.Value.Any()))
			}})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var p planter
			var raw, got bytes.Buffer
			writeEverything(&p, scrub.NewHandler(next(&got), nil))
			// The secrets of nested pointers do not show in raw text: planted is what counts.
			writeEverything(&p, slog.NewJSONHandler(&raw, nil))
			if s := p.survivors(got.String()); len(s) > 0 {
				t.Errorf("leaked from %v\nin %s", s, got.String())
			}
			if s := p.survivors(raw.String()); len(s) < 20 {
				t.Errorf("only %v were planted", s)
			}
			if s := got.String(); strings.Contains(s, "12345") || strings.Contains(s, "cached") {
				t.Errorf("number or unexported field came through: %s", s)
			}
		})
	}
}

func TestHandlerKeepsCleanRecords(t *testing.T) {
	t.Parallel()
	log := func(h slog.Handler) {
		l := slog.New(h).With("a", 1).WithGroup("g").With("d", time.Second)
		l.Warn("order placed", "s", "x", "n", 7, "f", 0.5, "b", true, "t", time.Unix(1, 0).UTC(), "nil", nil,
			"err", errors.New("closed"), "list", []int{1, 2}, slog.Group("inner", "d", time.Minute, slog.Group("empty")))
	}
	var want, got bytes.Buffer
	opts := &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}}
	log(slog.NewJSONHandler(&want, opts))
	log(scrub.NewHandler(slog.NewJSONHandler(&got, opts), nil))
	if diff := cmp.Diff(want.String(), got.String()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestHandlerErrorsStayErrors(t *testing.T) {
	t.Parallel()
	var got error
	next := slog.NewJSONHandler(&bytes.Buffer{}, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == "err" {
			got, _ = a.Value.Any().(error)
		}
		return a
	}})
	slog.New(scrub.NewHandler(next, nil)).Error("m", "err", fmt.Errorf("send: %w", &leakyError{text: "mail to " + secretAt("x")}))
	typed, ok := got.(interface{ ErrorType() string })
	if !ok || typed.ErrorType() != "*scrub_test.leakyError" || got.Error() != "send: mail to [REDACTED:pii.email]" {
		t.Errorf("got %#v", got)
	}
	if errors.Unwrap(got) != nil {
		t.Error("the error still leads to the one with the secret")
	}
}

type brokenValuer struct{}

func (brokenValuer) LogValue() slog.Value { panic("broken") }

type loopValuer struct{}

func (l loopValuer) LogValue() slog.Value { return slog.GroupValue(slog.Any("again", l)) }

func TestHandlerSurvivesValues(t *testing.T) {
	t.Parallel()
	var nilError *leakyError
	group := slog.Int("n", 1)
	for range 100 {
		group = slog.Attr{Key: "g", Value: slog.GroupValue(group)}
	}
	for name, v := range map[string]any{
		"panic": brokenValuer{}, "loop": loopValuer{}, "nil error": nilError, "channel": make(chan int), "deep": group.Value,
		"panic value": struct{ V any }{brokenValuer{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var buf bytes.Buffer
			slog.New(scrub.NewHandler(slog.NewJSONHandler(&buf, nil), nil)).Info("here", "v", v)
			if !json.Valid(buf.Bytes()) || !strings.Contains(buf.String(), `"msg":"here"`) {
				t.Errorf("got %s", buf.String())
			}
		})
	}
}

func TestHandlerEnabled(t *testing.T) {
	t.Parallel()
	h := scrub.NewHandler(slog.NewJSONHandler(&bytes.Buffer{}, &slog.HandlerOptions{Level: slog.LevelWarn}), nil)
	if h.Enabled(t.Context(), slog.LevelInfo) || !h.Enabled(t.Context(), slog.LevelWarn) {
		t.Error("Enabled is not that of next")
	}
}

func TestHandlerIsSafeForConcurrentUse(t *testing.T) {
	t.Parallel()
	var p planter
	var mu sync.Mutex
	var buf bytes.Buffer
	l := slog.New(scrub.NewHandler(slog.NewJSONHandler(writerFunc(func(b []byte) (int, error) {
		mu.Lock()
		defer mu.Unlock()
		return buf.Write(b)
	}), nil), nil)).With("with", p.secret("with"))
	u := &account{Name: p.secret("name")}
	var wg sync.WaitGroup
	for range 64 {
		wg.Go(func() { l.WithGroup("g").Info("m", "u", u) })
	}
	wg.Wait()
	if s := p.survivors(buf.String()); len(s) > 0 || strings.Count(buf.String(), "\n") != 64 {
		t.Errorf("leaked %v in %s", s, buf.String())
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(b []byte) (int, error) { return f(b) }

type discardSlog struct{ slog.Handler }

func (discardSlog) Handle(context.Context, slog.Record) error { return nil }

func cleanSlogRecord() slog.Record {
	r := slog.NewRecord(time.Unix(1, 0), slog.LevelInfo, "order placed", 0)
	r.Add("method", "GET", "route", "/orders/{id}", "status", 200, "host", "orders", "cached", true, "took", time.Second)
	return r
}

func TestHandlerAllocations(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	h, r := scrub.NewHandler(discardSlog{}, nil), cleanSlogRecord()
	// One for the text of the duration.
	if got := testing.AllocsPerRun(100, func() { _ = h.Handle(t.Context(), r) }); got > 1 {
		t.Errorf("a clean record costs %v allocations, want at most 1", got)
	}
}

func ExampleNewHandler() {
	s, err := scrub.New()
	if err != nil {
		panic(err)
	}
	plain := slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}})
	logger := slog.New(scrub.NewHandler(plain, s))

	type user struct {
		Plan     string `json:"plan"`
		Password string `json:"password"`
		Diet     string `json:"diet" scrub:"health"`
	}
	logger.Info("signed up", "user", user{"free", "correct horse", "vegan"}, "by", "ada@example.com")
	// Output:
	// level=INFO msg="signed up" user.diet=[REDACTED:health.tag] user.password=[REDACTED:pw.key] user.plan=free by=[REDACTED:pii.email]
}

// Groups deeper than the handler walks are not passed on unread.
func TestHandlerBoundsGroups(t *testing.T) {
	t.Parallel()
	var p planter
	for depth := range 48 {
		note := slog.Attr{Key: "note", Value: slog.StringValue(p.text(fmt.Sprint("text-", depth)))}
		foreign := slog.Any("account", struct{ Password, hidden string }{p.secret(fmt.Sprint("field-", depth)), p.secret(fmt.Sprint("hidden-", depth))})
		a := slog.Group("g", note, foreign, "password", p.secret(fmt.Sprint("key-", depth)))
		for range depth {
			a = slog.Group("g", a)
		}
		var out bytes.Buffer
		h := scrub.NewHandler(slog.NewMultiHandler(slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)), nil)
		slog.New(h).With(a).Info("m", a)
		if leaked := p.survivors(out.String()); len(leaked) > 0 {
			t.Errorf("%d groups deep: leaked from %v in %s", depth, leaked, &out)
		}
	}
}
