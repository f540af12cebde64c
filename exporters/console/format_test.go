package console

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/log"
	"go.opentelemetry.io/otel/sdk/instrumentation"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"github.com/otelkit/otelkit-go/internal/golden"
)

var (
	noon        = time.Date(2026, 11, 22, 13, 46, 40, 99e6, time.UTC)
	spanContext = trace.NewSpanContext(trace.SpanContextConfig{
		TraceID:    trace.TraceID{0x4b, 0xf9, 0x2f, 0x35, 0x77, 0xb3, 0x4d, 0xa6, 0xa3, 0xce, 0x92, 0x9d, 0x0e, 0x0e, 0x47, 0x36},
		SpanID:     trace.SpanID{0, 0xf0, 0x67, 0xaa, 0x0b, 0xa9, 0x02, 0xb7},
		TraceFlags: trace.FlagsSampled,
	})
	localParent  = spanContext.WithSpanID(trace.SpanID{1})
	remoteParent = localParent.WithRemote(true)
)

const stack = "main.charge(0x0)\n\t/app/charge.go:12 +0x1d\nmain.main()\n\t/app/main.go:7 +0x5\n"

// scene sends one of everything that has a look of its own.
func scene(t *testing.T, e *Exporter) {
	t.Helper()
	ctx := trace.ContextWithSpanContext(t.Context(), spanContext)
	provider := sdklog.NewLoggerProvider(sdklog.WithProcessor(e.LogProcessor()))
	shop := provider.Logger("shop.checkout")
	emit := func(ctx context.Context, l log.Logger, severity log.Severity, event string, attrs ...attribute.KeyValue) {
		var r log.Record
		r.SetTimestamp(noon)
		r.SetSeverity(severity)
		r.SetBody(attribute.StringValue(event))
		r.AddAttributes(attrs...)
		l.Emit(ctx, r)
	}
	emit(ctx, shop, log.SeverityInfo, "order_paid", attribute.Int("order_id", 7), attribute.Float64("amount", 12.5),
		attribute.String("customer", "Ada Löwe"), attribute.Bool("express", true))
	emit(ctx, shop, log.SeverityDebug, "no attributes")
	emit(t.Context(), provider.Logger(""), log.SeverityWarn2, "no_scope_no_trace", attribute.String("empty", ""))
	emit(ctx, shop, log.SeverityTrace, "every_type",
		attribute.StringSlice("strings", []string{"a", "b c"}),
		attribute.IntSlice("ints", []int{1, 2}),
		attribute.Float64Slice("floats", []float64{1.5, math.NaN(), math.Inf(-1)}),
		attribute.BoolSlice("bools", []bool{true, false}),
		attribute.ByteSlice("bytes", []byte("bytes")),
		attribute.Slice("mixed", attribute.IntValue(1), attribute.StringValue("x"), attribute.MapValue(attribute.String("k", "v"))),
		attribute.Map("card", attribute.String("brand", "visa"), attribute.Map("owner", attribute.Bool("known", true))),
		attribute.Map("nothing"),
		attribute.Float64("inf", math.Inf(1)),
		attribute.KeyValue{Key: "none"})
	emit(ctx, shop, log.SeverityError, "payment_failed",
		attribute.Int("order_id", 7),
		attribute.String("err", "charge card: gateway: connection refused"),
		attribute.String("exception.type", "*fmt.wrapError"),
		attribute.String("exception.message", "charge card: gateway: connection refused"),
		attribute.String("exception.stacktrace", stack))
	emit(ctx, shop, log.SeverityFatal, "joined",
		attribute.String("exception.type", "*errors.joinError"),
		attribute.String("exception.message", errors.Join(errors.New("first"), errors.New("second")).Error()))
	emit(ctx, shop, log.SeverityInfo, "slow_query",
		attribute.String("db.query.text", "SELECT id, name\n\tFROM orders\nWHERE id = 7"),
		attribute.String("reason", strings.Repeat("a long explanation, ", 9)),
		attribute.String("token", strings.Repeat("x", 200)))
	emit(ctx, shop, log.SeverityInfo, "evil\x1b[2J\r\n2026-11-22T13:46:40.099Z [info ] forged",
		attribute.String("key with\nnewline", "value\x1b]0;title\x07"),
		attribute.String("bidi", "abc\u202edef\u2028\u0085\x9b31m\xff\x7f"),
		attribute.String("lines", "one\n2026-11-22T13:46:40.099Z [info ] forged\x1b[1A\rover"),
		attribute.String("emoji", "😀"), attribute.String("tag", "\U000E0041"))

	var event log.Record
	event.SetTimestamp(noon)
	event.SetSeverity(log.SeverityInfo)
	event.SetEventName("user.signup")
	event.SetBody(attribute.MapValue(attribute.String("plan", "free")))
	shop.Emit(ctx, event)

	var odd log.Record // neither a time nor a severity that exists
	odd.SetTimestamp(noon)
	odd.SetSeverityText("NOTICE")
	odd.SetBody(attribute.IntValue(42))
	shop.Emit(ctx, odd)

	spans := e.SpanProcessor()
	end := func(s tracetest.SpanStub, took time.Duration) {
		s.SpanContext = spanContext
		s.EndTime = noon
		s.StartTime = noon.Add(-took)
		s.InstrumentationScope = instrumentation.Scope{Name: "example.com/shop/http"}
		spans.OnEnd(s.Snapshot())
	}
	end(tracetest.SpanStub{Name: "GET /orders/{id}", SpanKind: trace.SpanKindServer, Parent: remoteParent, Attributes: []attribute.KeyValue{
		attribute.String("http.request.method", "GET"), attribute.String("http.route", "/orders/{id}"), attribute.String("url.path", "/orders/7"),
		attribute.Int("http.response.status_code", 200), attribute.String("user_agent.original", "curl/8"), attribute.Int("order_id", 7),
	}}, 12345*time.Microsecond)
	end(tracetest.SpanStub{Name: "GET", SpanKind: trace.SpanKindServer, Parent: remoteParent, Attributes: []attribute.KeyValue{
		attribute.String("url.path", "/nowhere"), attribute.Int("http.response.status_code", 404), attribute.String("error.type", "404"),
	}}, 820*time.Microsecond)
	end(tracetest.SpanStub{
		Name: "charge", Parent: localParent, Status: sdktrace.Status{Code: codes.Error, Description: "no funds"},
		Events: []sdktrace.Event{{Name: "exception", Time: noon, Attributes: []attribute.KeyValue{
			attribute.String("exception.type", "*shop.FundsError"), attribute.String("exception.message", "no funds"), attribute.String("exception.stacktrace", stack),
		}}, {Name: "retry", Time: noon}},
	}, 3*time.Second)
	end(tracetest.SpanStub{Name: "nightly report", Attributes: []attribute.KeyValue{attribute.String("error.type", "timeout")}}, 95*time.Second)
}

func TestGolden(t *testing.T) {
	t.Parallel()
	tests := map[string][]Option{
		"pretty.txt": nil,
		"colour.txt": {WithColor(Always)},
		"lines.json": {WithFormat(JSON)},
	}
	for name, opts := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			e := newExporter(t, &out, opts...)
			scene(t, e)
			golden.Equal(t, name, out.Bytes())
		})
	}
}

func newExporter(t *testing.T, w *bytes.Buffer, opts ...Option) *Exporter {
	t.Helper()
	e, err := New(append([]Option{WithWriter(w)}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Shutdown(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	return e
}

func TestJSONDecodes(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	scene(t, newExporter(t, &out, WithFormat(JSON)))
	var lines int
	for l := range bytes.Lines(out.Bytes()) {
		lines++
		var got struct {
			Time    time.Time
			Event   string
			TraceID string `json:"trace_id"`
		}
		if err := json.Unmarshal(l, &got); err != nil {
			t.Errorf("%v in %s", err, l)
		}
		if !got.Time.Equal(noon) || got.Event == "" {
			t.Errorf("time %v, event %q in %s", got.Time, got.Event, l)
		}
		if want := spanContext.TraceID().String(); got.TraceID != want && got.Event != "no_scope_no_trace" {
			t.Errorf("trace_id = %q, want %q, in %s", got.TraceID, want, l)
		}
	}
	if lines != 14 {
		t.Errorf("%d lines, want 14", lines)
	}
}

func TestSpansOfInterest(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		stub tracetest.SpanStub
		took time.Duration
		opts []Option
		want bool
	}{
		"root":              {tracetest.SpanStub{}, 1, nil, true},
		"remote parent":     {tracetest.SpanStub{Parent: remoteParent}, 1, nil, true},
		"child":             {tracetest.SpanStub{Parent: localParent}, 1, nil, false},
		"server child":      {tracetest.SpanStub{Parent: localParent, SpanKind: trace.SpanKindServer}, 1, nil, true},
		"consumer child":    {tracetest.SpanStub{Parent: localParent, SpanKind: trace.SpanKindConsumer}, 1, nil, true},
		"client child":      {tracetest.SpanStub{Parent: localParent, SpanKind: trace.SpanKindClient}, 1, nil, false},
		"failed child":      {tracetest.SpanStub{Parent: localParent, Status: sdktrace.Status{Code: codes.Error}}, 1, nil, true},
		"just quick enough": {tracetest.SpanStub{Parent: localParent}, defaultSlow - 1, nil, false},
		"slow child":        {tracetest.SpanStub{Parent: localParent}, defaultSlow, nil, true},
		"own bound":         {tracetest.SpanStub{Parent: localParent}, time.Second, []Option{WithSlowSpans(time.Minute)}, false},
		"every span":        {tracetest.SpanStub{Parent: localParent}, 0, []Option{WithSlowSpans(0)}, true},
		"never for slow":    {tracetest.SpanStub{Parent: localParent}, time.Hour, []Option{WithSlowSpans(-1)}, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			e := newExporter(t, &out, test.opts...)
			test.stub.SpanContext, test.stub.StartTime, test.stub.EndTime = spanContext, noon, noon.Add(test.took)
			e.SpanProcessor().OnEnd(test.stub.Snapshot())
			if got := out.Len() > 0; got != test.want {
				t.Errorf("shown = %v, want %v", got, test.want)
			}
		})
	}
}

func TestDurations(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{
		0: "0ns", 999: "999ns", 1500: "1.5µs", 12345 * time.Microsecond: "12.3ms", 250 * time.Millisecond: "250ms",
		1230 * time.Millisecond: "1.2s", 61500 * time.Millisecond: "1m2s",
	} {
		if got := string(appendDuration(nil, d)); got != want {
			t.Errorf("%d ns: %q, want %q", d, got, want)
		}
	}
}

func TestColourChoice(t *testing.T) {
	for name, test := range map[string]struct {
		choice Color
		want   paint
	}{"auto, no terminal": {Auto, false}, "always beats NO_COLOR": {Always, true}, "never": {Never, false}} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("NO_COLOR", "1")
			if got := newPaint(test.choice, &bytes.Buffer{}); got != test.want {
				t.Errorf("colour = %v, want %v", got, test.want)
			}
		})
	}
}

func TestWrongOptions(t *testing.T) {
	t.Parallel()
	_, err := New(WithFormat(7), WithColor(-1))
	if err == nil || !strings.Contains(err.Error(), "format 7") || !strings.Contains(err.Error(), "color -1") {
		t.Errorf("err = %v, want both options named", err)
	}
}

func TestQuotingOnlyWhereNeeded(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		"plain": "plain", "löwe": "löwe", "a/b?c&d": "a/b?c&d", "[1,2]": "[1,2]",
		"": `""`, "two words": `"two words"`, "a=b": `"a=b"`, `a"b`: `"a\"b"`, `a\nb`: `"a\\nb"`, "a\nb": `"a\nb"`,
	} {
		if got := string(appendQuoted(nil, value)); got != want {
			t.Errorf("%q: %s, want %s", value, got, want)
		}
	}
}
