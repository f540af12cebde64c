package scrub_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/log"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	"go.opentelemetry.io/otel/sdk/resource"

	"github.com/otelkit/otelkit-go/internal/logline"
	"github.com/otelkit/otelkit-go/internal/loglinetest"
	"github.com/otelkit/otelkit-go/scrub"
)

// keepLogs is a processor that keeps copies of what it is handed.
type keepLogs struct {
	mu      sync.Mutex
	records []sdklog.Record
	calls   []string
	err     error
}

func (k *keepLogs) Enabled(_ context.Context, p sdklog.EnabledParameters) bool {
	return p.Severity >= log.SeverityInfo
}

func (k *keepLogs) OnEmit(_ context.Context, r *sdklog.Record) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.records = append(k.records, r.Clone())
	return k.err
}

func (k *keepLogs) ForceFlush(context.Context) error { k.calls = append(k.calls, "flush"); return nil }

func (k *keepLogs) Shutdown(context.Context) error { k.calls = append(k.calls, "shutdown"); return nil }

// showRecord is the text of all that a processor can read of a record.
func showRecord(r *sdklog.Record) string {
	var b strings.Builder
	fmt.Fprintln(&b, r.EventName(), r.SeverityText(), show([]attribute.KeyValue{{Key: "body", Value: r.Body()}}))
	fmt.Fprintln(&b, show(recordAttributes(r)), show(r.Resource().Attributes()))
	scope := r.InstrumentationScope()
	fmt.Fprintln(&b, scope.Name, scope.Version, scope.SchemaURL, show(scope.Attributes.ToSlice()))
	return b.String()
}

func recordAttributes(r *sdklog.Record) []attribute.KeyValue {
	var kvs []attribute.KeyValue
	r.WalkAttributes(func(kv attribute.KeyValue) bool {
		kvs = append(kvs, kv)
		return true
	})
	return kvs
}

// emit emits one record with a secret in every place for each kind of body.
func emit(p *planter, wrap func(log.LoggerProvider) log.LoggerProvider, res func(*resource.Resource) *resource.Resource, opts ...sdklog.LoggerProviderOption) {
	opts = append(opts, sdklog.WithResource(res(resource.NewSchemaless(p.nested("resource")...))))
	logger := wrap(sdklog.NewLoggerProvider(opts...)).Logger(p.text("scope-name"),
		log.WithInstrumentationVersion(p.secret("scope-version")),
		log.WithSchemaURL("https://schema.example/?owner="+p.secret("scope-schema")),
		log.WithInstrumentationAttributes(p.nested("scope")...))
	bodies := []attribute.Value{
		attribute.StringValue(p.text("body-string")),
		attribute.MapValue(p.nested("body-map")...),
		attribute.SliceValue(attribute.StringValue(p.text("body-slice")), attribute.MapValue(p.nested("body-slice-map")...)),
		attribute.StringSliceValue([]string{p.secret("body-strings")}),
		attribute.ByteSliceValue([]byte(p.text("body-bytes"))),
	}
	for _, body := range bodies {
		var r log.Record
		r.SetBody(body)
		r.SetSeverity(log.SeverityError)
		r.SetSeverityText(p.secret("severity"))
		r.SetEventName("mail." + p.secret("event"))
		r.SetErr(errors.New("lost " + p.secret("err")))
		r.AddAttributes(attribute.Int("first", 1))
		r.AddAttributes(p.nested("attribute")...)
		logger.Emit(context.Background(), r)
	}
}

func TestLogProcessorCoversEveryPlace(t *testing.T) {
	t.Parallel()
	for name, opts := range map[string][]sdklog.LoggerProviderOption{
		"default": nil, "duplicates allowed": {sdklog.WithAllowKeyDuplication()},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var p planter
			raw, got := &keepLogs{}, &keepLogs{}
			emit(&p, func(next log.LoggerProvider) log.LoggerProvider { return next },
				func(res *resource.Resource) *resource.Resource { return res },
				append(opts, sdklog.WithProcessor(raw))...)
			emit(&p, func(next log.LoggerProvider) log.LoggerProvider { return scrub.NewLoggerProvider(next, nil) },
				func(res *resource.Resource) *resource.Resource { return scrub.Resource(res, nil) },
				append(opts, sdklog.WithProcessor(scrub.NewLogProcessor(got, nil)))...)
			var in, out strings.Builder
			for i := range raw.records {
				in.WriteString(showRecord(&raw.records[i]))
				out.WriteString(showRecord(&got.records[i]))
				if a, b := raw.records[i].AttributesLen(), got.records[i].AttributesLen(); a != b {
					t.Errorf("record %d has %d attributes, want %d", i, b, a)
				}
				if a, b := recordAttributes(&raw.records[i]), recordAttributes(&got.records[i]); a[0] != b[0] || a[1].Key != b[1].Key {
					t.Errorf("record %d: the order of the attributes changed", i)
				}
			}
			p.check(t, in.String(), out.String())
		})
	}
}

// What stands beside the processor on the same provider, behind it, sees the
// scrubbed record, too.
func TestLogProcessorScrubsInPlace(t *testing.T) {
	t.Parallel()
	var p planter
	first, second := &keepLogs{}, &keepLogs{}
	provider := sdklog.NewLoggerProvider(sdklog.WithProcessor(scrub.NewLogProcessor(first, nil)), sdklog.WithProcessor(second))
	var r log.Record
	r.SetBody(attribute.StringValue(p.text("body")))
	provider.Logger("").Emit(t.Context(), r)
	if got := second.records[0].Body().AsString(); len(p.survivors(got)) > 0 {
		t.Errorf("the second processor reads %q", got)
	}
}

func TestLogProcessorKeepsCleanRecords(t *testing.T) {
	t.Parallel()
	got := &keepLogs{}
	provider := sdklog.NewLoggerProvider(sdklog.WithProcessor(scrub.NewLogProcessor(got, nil)), sdklog.WithAttributeCountLimit(8))
	var r log.Record
	r.SetBody(attribute.StringValue("order placed"))
	r.AddAttributes(cleanAttributes()...)
	provider.Logger("").Emit(t.Context(), r)
	if got := got.records[0]; show(recordAttributes(&got)) != show(cleanAttributes()[:8]) || got.DroppedAttributes() != 2 || got.Body().AsString() != "order placed" {
		t.Errorf("a clean record changed: %s, dropped %d", showRecord(&got), got.DroppedAttributes())
	}
}

func TestLogProcessorDropsAttributes(t *testing.T) {
	t.Parallel()
	s, err := scrub.New(scrub.WithAction("pii", scrub.Drop()))
	if err != nil {
		t.Fatal(err)
	}
	got := &keepLogs{}
	provider := sdklog.NewLoggerProvider(sdklog.WithProcessor(scrub.NewLogProcessor(got, s)))
	var r log.Record
	r.AddAttributes(attribute.Int("a", 1), attribute.String("user.email", secretAt("x")), attribute.Int("b", 2))
	provider.Logger("").Emit(t.Context(), r)
	if got := show(recordAttributes(&got.records[0])); got != "a=1 b=2 " {
		t.Errorf("attributes are %q, want the e-mail address to be gone", got)
	}
}

// A line is scrubbed as a record is, but keeps count of what it has dropped.
func TestLogProcessorScrubsLines(t *testing.T) {
	t.Parallel()
	dropping, err := scrub.New(scrub.WithAction("pii", scrub.Drop()))
	if err != nil {
		t.Fatal(err)
	}
	var p planter
	secret := append(p.nested("a"), attribute.String("user.email", secretAt("x")), attribute.Int("b", 2))
	for name, attrs := range map[string][]attribute.KeyValue{"clean": cleanAttributes(), "secret": secret, "none": nil} {
		for _, s := range []*scrub.Scrubber{nil, dropping} {
			for _, body := range []string{"order placed", p.text("body"), ""} {
				raw, records, lines := &keepLogs{}, &keepLogs{}, &keepLogs{}
				var r log.Record
				r.SetBody(attribute.StringValue(body))
				r.SetSeverityText("INFO")
				r.AddAttributes(attrs...)
				sdklog.NewLoggerProvider(
					sdklog.WithProcessor(raw),
					sdklog.WithProcessor(loglinetest.AsLines(scrub.NewLogProcessor(loglinetest.AsRecords(lines), s))),
					sdklog.WithProcessor(scrub.NewLogProcessor(records, s)),
				).Logger("shop").Emit(t.Context(), r)
				in, want, got := showRecord(&raw.records[0]), showRecord(&records.records[0]), showRecord(&lines.records[0])
				if got != want {
					t.Errorf("%s: a line is\n%swant, as of a record,\n%s", name, got, want)
				}
				if name == "secret" && body != "" && (want == in || body != "order placed" && strings.Contains(got, body)) {
					t.Errorf("nothing was found in\n%s", in)
				}
			}
		}
	}
}

// Lines need all of the way.
func TestLogProcessorTakesNoLinesForOthers(t *testing.T) {
	t.Parallel()
	if logline.Lines(scrub.NewLogProcessor(&keepLogs{}, nil)) != nil {
		t.Error("lines are taken, though what is behind wants records")
	}
}

func TestLogProcessorPassesCallsOn(t *testing.T) {
	t.Parallel()
	got := &keepLogs{err: errors.New("full")}
	processor := scrub.NewLogProcessor(got, nil)
	if processor.Enabled(t.Context(), sdklog.EnabledParameters{Severity: log.SeverityDebug}) {
		t.Error("Enabled is not that of next")
	}
	if err := processor.OnEmit(t.Context(), &sdklog.Record{}); !errors.Is(err, got.err) {
		t.Errorf("OnEmit returned %v, want the error of next", err)
	}
	_ = processor.ForceFlush(t.Context())
	_ = processor.Shutdown(t.Context())
	if s := strings.Join(got.calls, " "); s != "flush shutdown" {
		t.Errorf("next was called: %s", s)
	}
}

func TestLogProcessorIsSafeForConcurrentUse(t *testing.T) {
	t.Parallel()
	var p planter
	got := &keepLogs{}
	provider := sdklog.NewLoggerProvider(sdklog.WithProcessor(scrub.NewLogProcessor(got, nil)))
	attrs := p.nested("a")
	var wg sync.WaitGroup
	for range 64 {
		wg.Go(func() {
			var r log.Record
			r.AddAttributes(attrs...)
			provider.Logger("").Emit(t.Context(), r)
		})
	}
	wg.Wait()
	for i := range got.records {
		if s := p.survivors(showRecord(&got.records[i])); len(s) > 0 {
			t.Errorf("leaked: %v", s)
		}
	}
}

type discardLogs struct{ sdklog.Processor }

func (discardLogs) OnEmit(context.Context, *sdklog.Record) error { return nil }

func cleanRecord() *sdklog.Record {
	got := &keepLogs{}
	var r log.Record
	r.SetBody(attribute.StringValue("order placed"))
	r.SetSeverityText("INFO")
	r.SetEventName("order.placed")
	r.AddAttributes(cleanAttributes()...)
	sdklog.NewLoggerProvider(sdklog.WithProcessor(got)).Logger("").Emit(context.Background(), r)
	return &got.records[0]
}

func TestLogAllocations(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	processor, r := scrub.NewLogProcessor(discardLogs{}, nil), cleanRecord()
	if got := testing.AllocsPerRun(100, func() { _ = processor.OnEmit(t.Context(), r) }); got != 0 {
		t.Errorf("a clean record of ten fields costs %v allocations, want 0", got)
	}
}

func BenchmarkLogProcessor(b *testing.B) {
	processor, r := scrub.NewLogProcessor(discardLogs{}, nil), cleanRecord()
	b.ReportAllocs()
	for b.Loop() {
		_ = processor.OnEmit(b.Context(), r)
	}
}

func ExampleNewLogProcessor() {
	s, err := scrub.New()
	if err != nil {
		panic(err)
	}
	sdk := sdklog.NewLoggerProvider(
		sdklog.WithResource(scrub.Resource(resource.Default(), s)),
		sdklog.WithProcessor(scrub.NewLogProcessor(printLogs{}, s)),
	)
	logger := scrub.NewLoggerProvider(sdk, s).Logger("example")

	var r log.Record
	r.SetBody(attribute.StringValue("welcome mail to ada@example.com"))
	r.AddAttributes(attribute.Map("user", attribute.String("password", "correct horse"), attribute.String("plan", "free")))
	logger.Emit(context.Background(), r)
	// Output:
	// welcome mail to [REDACTED:pii.email]
	// user {"password":"[REDACTED:pw.key]","plan":"free"}
}

// printLogs stands in for a batch processor with an exporter.
type printLogs struct{ sdklog.Processor }

func (printLogs) OnEmit(_ context.Context, r *sdklog.Record) error {
	fmt.Println(r.Body())
	r.WalkAttributes(func(kv attribute.KeyValue) bool {
		fmt.Println(kv.Key, kv.Value)
		return true
	})
	return nil
}

func (printLogs) Enabled(context.Context, sdklog.EnabledParameters) bool { return true }
