package otelkittest

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	lognoop "go.opentelemetry.io/otel/log/noop"
	"go.opentelemetry.io/otel/propagation"

	"github.com/otelkit/otelkit-go/exporters/otlp"
	"github.com/otelkit/otelkit-go/internal/otlptest"
	"github.com/otelkit/otelkit-go/otelkit"
	"github.com/otelkit/otelkit-go/otelkit/otelkittest/internal/canary"
	"github.com/otelkit/otelkit-go/scrub"
)

func TestKitLeaksNothing(t *testing.T) {
	t.Parallel()
	AssertNoLeak(t)
}

// What AssertNoLeak sees of OTLP was packed on its way.
func TestKitSendsGzip(t *testing.T) {
	t.Parallel()
	for _, w := range ways {
		exits := canary.NewExits(t, &canary.Book{})
		p := w.kit(nil)(t, &Exits{exits})
		if _, err := canary.Hunt(t.Context(), canary.Pipeline(p), exits); err != nil {
			t.Error(err)
		}
		for _, q := range exits.Requests() {
			if q.Encoding != "gzip" || q.WireSize >= len(q.Body) {
				t.Errorf("%s: %d bytes came as %d, encoding %q", q.Path, len(q.Body), q.WireSize, q.Encoding)
			}
		}
	}
}

// With every wrapper in place nothing leaves a set-up made by hand either.
func TestAssemblyLeaksNothing(t *testing.T) {
	t.Parallel()
	for _, protocol := range []otlp.Protocol{otlp.HTTPProtobuf, otlp.GRPC} {
		AssertNoLeakThrough(t, assembly{protocol: protocol}.build)
	}
}

// unseen are the places whose secrets do not leave this set-up, and why not.
var unseen = map[string]string{
	"span link's trace state":             "OTLP has a field for it that exporters leave empty",
	"otelkit.Bind":                        "only the logger of a kit shows it",
	"slog value, a LogValuer that panics": "slog's own handlers show a stack instead of what it panicked with",
}

// Without any wrapper every place is named: the canary is blind nowhere.
func TestCanarySeesEveryPlace(t *testing.T) {
	t.Parallel()
	for _, protocol := range []otlp.Protocol{otlp.HTTPProtobuf, otlp.GRPC} {
		exits := canary.NewExits(t, &canary.Book{})
		p := assembly{protocol: protocol, without: allWrappers}.build(t, &Exits{exits})
		leaks, err := canary.Hunt(t.Context(), canary.Pipeline(p), exits)
		if err != nil {
			t.Error(err)
		}
		for _, s := range exits.Planted() {
			seen := slices.ContainsFunc(leaks, func(l canary.Leak) bool {
				return l.Place == s.Place && l.Form == s.Form && l.Category == s.Category
			})
			if place, _, _ := strings.Cut(s.Place, ","); !seen && unseen[place] == "" && unseen[s.Place] == "" {
				t.Errorf("%s secret %s planted in %s, not seen", s.Category, s.Form, s.Place)
			}
		}
	}
}

// Behind views, what is under a sensitive key leaves by exemplars or not at all.
func TestExemplarsAreSearched(t *testing.T) {
	t.Parallel()
	leaks, err := hunt(t, assembly{without: []string{metricWrapper}}.build)
	if err != nil {
		t.Error(err)
	}
	for _, place := range []string{"attribute of an int counter", "attribute of a float histogram", "attribute of a gauge"} {
		if !slices.ContainsFunc(leaks, func(l canary.Leak) bool { return l.Place == place && l.Form == "under the key password" }) {
			t.Errorf("the exemplars of %q were not searched", place)
		}
	}
}

// What waits on disk for a Collector is scrubbed as well.
func TestSpoolHoldsNoSecret(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	AssertNoLeakThrough(t, func(t testing.TB, exits *Exits) Pipeline {
		gone := otlptest.New(t)
		gone.Close()
		p := way{"http/protobuf", func(*Exits) string { return gone.HTTPEndpoint() }, otelkit.ConsoleOff}.
			kit([]otelkit.Option{otelkit.WithSpoolDir(dir), otelkit.WithShutdownTimeout(2 * time.Second)})(t, exits)
		shutdown := p.Shutdown
		p.Shutdown = func(ctx context.Context) error {
			_ = shutdown(ctx) // says that not everything could be sent
			return copyFiles(exits.Writer("spool"), dir)
		}
		return p
	})
}

func copyFiles(w io.Writer, dir string) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		_, err = w.Write(b)
		return err
	})
}

// Without one of the wrappers the canary names the places that this one, and
// no other, stands in front of.
func TestEachWrapperIsNeeded(t *testing.T) {
	t.Parallel()
	tests := []struct {
		without []string
		places  []string // what they start with
		not     []string // what other wrappers cover nevertheless
		may     []string // what may be named as well
	}{
		{without: []string{spanWrapper}, places: []string{"span ", "panic through a span"}},
		{without: []string{logWrapper}, places: []string{"log "}, not: []string{"log scope"}},
		{without: []string{loggerWrapper}, places: []string{"log scope"}},
		{without: []string{metricWrapper}, places: []string{"metric ", "attribute of "}},
		{without: []string{resourceWrapper}, places: []string{"resource attribute"}},
		{without: []string{propagatorWrapper}, places: []string{"baggage ", "outgoing trace state"}},
		{without: []string{handlerWrapper}, places: []string{"slog "}},
		// Sentry's worker names an event after its trace's root: the ended span, which
		// was scrubbed, or the open one, which was not, whichever there is when it comes
		// to it. With the wrapper it does not matter; without it, both are right.
		{without: []string{sentryWrapper}, places: []string{"Sentry "}, may: []string{"span name"}},
		// Views keep series apart that the exporter would have to merge. Alone
		// they are no wall, and without them the wall holds.
		{without: []string{viewWrapper}},
	}
	all := planted(t)
	for _, tt := range tests {
		t.Run(strings.Join(tt.without, " and "), func(t *testing.T) {
			t.Parallel()
			leaks, err := hunt(t, assembly{without: tt.without}.build)
			if err != nil {
				t.Error(err)
			}
			var want []string
			for _, place := range all {
				if startsWithAny(place, tt.places) && !startsWithAny(place, tt.not) && unseen[place] == "" {
					want = append(want, place)
				}
			}
			named := slices.DeleteFunc(places(leaks), func(place string) bool { return slices.Contains(tt.may, place) })
			if diff := cmp.Diff(want, named, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("places named (-want +got):\n%s", diff)
			}
		})
	}
}

// planted returns all places.
func planted(t *testing.T) []string {
	t.Helper()
	exits := canary.NewExits(t, &canary.Book{})
	p := assembly{without: allWrappers}.build(t, &Exits{exits})
	if _, err := canary.Hunt(t.Context(), canary.Pipeline(p), exits); err != nil {
		t.Fatal(err)
	}
	var all []canary.Leak
	for _, s := range exits.Planted() {
		all = append(all, canary.Leak{Secret: s})
	}
	return places(all)
}

// A failure names place, category, form and exit.
func TestFailureNamesThePlace(t *testing.T) {
	t.Parallel()
	text := failure(t, func(tb testing.TB) {
		AssertNoLeakThrough(tb, func(testing.TB, *Exits) Pipeline {
			return Pipeline{Propagator: propagation.NewCompositeTextMapPropagator(propagation.TraceContext{}, propagation.Baggage{})}
		})
	})
	for _, want := range []string{"baggage member: password secret under the key password left by outgoing request", "outgoing trace state"} {
		if !strings.Contains(text, want) {
			t.Errorf("failure does not say %q:\n%.2000s", want, text)
		}
	}
}

// However many secrets have left, no place is missing in the failure.
func TestFailureNamesEveryPlace(t *testing.T) {
	t.Parallel()
	without := []string{metricWrapper, viewWrapper}
	leaks, err := hunt(t, assembly{without: without}.build)
	if err != nil || len(leaks) <= maxListed {
		t.Fatalf("%d leaks, %v", len(leaks), err)
	}
	text := failure(t, func(tb testing.TB) { AssertNoLeakThrough(tb, assembly{without: without}.build) })
	for _, place := range places(leaks) {
		if !strings.Contains(text, "\t"+place+": ") {
			t.Errorf("failure does not name %q", place)
		}
	}
}

// Telemetry that goes nowhere cannot leak; that must not pass for safety.
func TestNothingArrivedIsAFailure(t *testing.T) {
	t.Parallel()
	text := failure(t, func(tb testing.TB) {
		AssertNoLeakThrough(tb, func(tb testing.TB, exits *Exits) Pipeline {
			p := assembly{}.build(tb, exits)
			p.LoggerProvider = lognoop.NewLoggerProvider()
			return p
		})
	})
	if !strings.Contains(text, "logs did not arrive anywhere") {
		t.Errorf("failure does not say that logs are missing:\n%.2000s", text)
	}
}

// A pipeline that records nothing at all proves nothing either.
func TestNoPipelineIsAFailure(t *testing.T) {
	t.Parallel()
	text := failure(t, func(tb testing.TB) {
		AssertNoLeakThrough(tb, func(testing.TB, *Exits) Pipeline { return Pipeline{} })
	})
	if !strings.Contains(text, "nothing to record with") {
		t.Errorf("failure does not say that nothing was recorded:\n%.2000s", text)
	}
}

// So does a resource that was asked for and not given to a provider.
func TestNoResourceIsAFailure(t *testing.T) {
	t.Parallel()
	text := failure(t, func(tb testing.TB) {
		AssertNoLeakThrough(tb, func(tb testing.TB, exits *Exits) Pipeline {
			exits.Resource()
			return Pipeline{Logger: slog.New(scrub.NewHandler(slog.NewJSONHandler(exits.Writer("lines"), nil), nil))}
		})
	})
	if !strings.Contains(text, "resource did not arrive anywhere") {
		t.Errorf("failure does not say that the resource is missing:\n%.2000s", text)
	}
}

// A secret is found however an exporter packs it, and if most of it is left.
func TestPackedSecretsAreFound(t *testing.T) {
	t.Parallel()
	passwords := regexp.MustCompile(`(password=\w{12})\w+`)
	tests := map[string]func([]byte) []byte{
		"plain":               func(b []byte) []byte { return b },
		"base64":              func(b []byte) []byte { return base64.StdEncoding.AppendEncode(nil, b) },
		"base64 for URLs":     func(b []byte) []byte { return base64.RawURLEncoding.AppendEncode(nil, b) },
		"hexadecimal":         func(b []byte) []byte { return hex.AppendEncode(nil, b) },
		"percent":             func(b []byte) []byte { return []byte(url.QueryEscape(string(b))) },
		"percent twice":       func(b []byte) []byte { return []byte(url.QueryEscape(url.QueryEscape(string(b)))) },
		"gzip":                zipped,
		"gzip in base64":      func(b []byte) []byte { return base64.StdEncoding.AppendEncode(nil, zipped(b)) },
		"percent and base64":  func(b []byte) []byte { return []byte(url.QueryEscape(base64.StdEncoding.EncodeToString(b))) },
		"most of it":          func(b []byte) []byte { return passwords.ReplaceAll(b, []byte("${1}****")) },
		"JSON inside of JSON": func(b []byte) []byte { return fmt.Appendf(nil, "%q", fmt.Sprintf("%q", b)) },
	}
	for name, pack := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			leaks, err := hunt(t, func(_ testing.TB, exits *Exits) Pipeline {
				w := packer{exits.Writer("packed"), pack}
				return Pipeline{Logger: slog.New(slog.NewMultiHandler(slog.NewJSONHandler(w, nil), scrub.NewHandler(slog.NewJSONHandler(exits.Writer("lines"), nil), nil)))}
			})
			if err != nil {
				t.Error(err)
			}
			for _, form := range []string{"password", "financial"} {
				if !slices.ContainsFunc(leaks, func(l canary.Leak) bool { return l.Place == "slog message" && l.Category == form }) {
					t.Errorf("the %s secret of the message was not found", form)
				}
			}
		})
	}
}

// packer packs each line before it leaves.
type packer struct {
	w    io.Writer
	pack func([]byte) []byte
}

func (p packer) Write(b []byte) (int, error) {
	_, err := p.w.Write(p.pack(b))
	return len(b), err
}

func zipped(b []byte) []byte {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	_, _ = z.Write(b)
	_ = z.Close()
	return out.Bytes()
}

// failure returns what f reports.
func failure(t *testing.T, f func(testing.TB)) string {
	t.Helper()
	v := &verdict{TB: t}
	done := make(chan struct{})
	go func() {
		defer close(done)
		f(v)
	}()
	<-done
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.text.Len() == 0 {
		t.Fatal("no failure")
	}
	return v.text.String()
}

// verdict is a test that keeps its failures.
type verdict struct {
	testing.TB
	mu   sync.Mutex
	text strings.Builder
}

func (v *verdict) say(text string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.text.WriteString(text + "\n")
}

func (v *verdict) Helper()                           {}
func (v *verdict) Error(args ...any)                 { v.say(fmt.Sprint(args...)) }
func (v *verdict) Errorf(format string, args ...any) { v.say(fmt.Sprintf(format, args...)) }
func (v *verdict) Fatal(args ...any)                 { v.say(fmt.Sprint(args...)); runtime.Goexit() }
func (v *verdict) Fatalf(format string, args ...any) { v.Fatal(fmt.Sprintf(format, args...)) }
