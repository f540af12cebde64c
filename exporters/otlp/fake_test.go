package otlp

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"go.opentelemetry.io/otel/attribute"
	otellog "go.opentelemetry.io/otel/log"
	"go.opentelemetry.io/otel/sdk/instrumentation"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	"go.opentelemetry.io/otel/sdk/resource"
	collogs "go.opentelemetry.io/proto/otlp/collector/logs/v1"
	"go.uber.org/goleak"
	"google.golang.org/protobuf/proto"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fakeClient answers each attempt by a function and remembers what arrived.
type fakeClient struct {
	answer func(ctx context.Context, attempt int, payload []byte) result

	mu       sync.Mutex
	attempts int
	bodies   []string // of delivered log records, in order
	requests []int    // records of each delivered request
	closed   bool
}

func (f *fakeClient) send(ctx context.Context, payload []byte) result {
	f.mu.Lock()
	f.attempts++
	attempt := f.attempts
	f.mu.Unlock()
	var r result
	if f.answer != nil {
		r = f.answer(ctx, attempt, payload)
	}
	if r.verdict == delivered {
		f.mu.Lock()
		defer f.mu.Unlock()
		bodies := logBodies(payload)
		f.bodies = append(f.bodies, bodies...)
		f.requests = append(f.requests, len(bodies))
	}
	return r
}

func (f *fakeClient) close() { f.closed = true }

func (f *fakeClient) seen() (attempts int, bodies []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.attempts, append([]string(nil), f.bodies...)
}

func logBodies(payload []byte) (bodies []string) {
	var req collogs.ExportLogsServiceRequest
	if err := proto.Unmarshal(payload, &req); err != nil {
		panic(err)
	}
	for _, r := range req.ResourceLogs {
		for _, s := range r.ScopeLogs {
			for _, l := range s.LogRecords {
				bodies = append(bodies, l.Body.GetStringValue())
			}
		}
	}
	return bodies
}

// hang is the answer of a receiver that never answers.
func hang(ctx context.Context, _ int, _ []byte) result {
	<-ctx.Done()
	return result{verdict: retry, err: context.Cause(ctx)}
}

func always(r result) func(context.Context, int, []byte) result {
	return func(context.Context, int, []byte) result { return r }
}

var errDown = errors.New("connection refused")

// logExporter returns an Exporter for logs alone over client, and a collection
// of what it tells.
func logExporter(t *testing.T, c client, opts ...Option) (*Exporter, *tales) {
	t.Helper()
	told := &tales{}
	opts = append([]Option{
		WithLogs(Endpoint{URL: "http://localhost:4318/v1/logs"}),
		WithErrorHandler(told.add),
		optionFunc(func(cfg *config) {
			cfg.dial = func(Signal, Endpoint, target) (client, error) { return c, nil }
		}),
	}, opts...)
	e, err := New(opts...)
	if err != nil {
		t.Fatal(err)
	}
	return e, told
}

type tales struct {
	mu    sync.Mutex
	lines []string
}

func (t *tales) add(err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.lines = append(t.lines, err.Error())
}

func (t *tales) all() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]string(nil), t.lines...)
}

// emitter emits numbered log records into a processor as the SDK does.
type emitter struct {
	logger otellog.Logger
	next   int
}

func newEmitter(p sdklog.Processor) *emitter {
	provider := sdklog.NewLoggerProvider(sdklog.WithProcessor(p),
		sdklog.WithResource(resource.NewSchemaless(attribute.String("service.name", "test"))))
	return &emitter{logger: provider.Logger("test")}
}

func (e *emitter) emit(n int, severity otellog.Severity) {
	for range n {
		var r otellog.Record
		r.SetBody(attribute.StringValue(fmt.Sprint(e.next)))
		r.SetSeverity(severity)
		e.logger.Emit(context.Background(), r)
		e.next++
	}
}

// balanced fails unless the books of logs are as given, and balanced.
func balanced(t *testing.T, e *Exporter, accepted, delivered, pending int64, dropped map[string]int64) {
	t.Helper()
	b := e.Stats().Logs
	if b.Accepted != accepted || b.Delivered != delivered || b.Pending != pending || fmt.Sprint(b.Dropped) != fmt.Sprint(dropped) {
		t.Errorf("books: accepted %d, delivered %d, pending %d, dropped %v; want %d, %d, %d, %v",
			b.Accepted, b.Delivered, b.Pending, b.Dropped, accepted, delivered, pending, dropped)
	}
	if b.Accepted != b.Delivered+b.Pending+b.Lost() {
		t.Errorf("books do not balance: %+v", b)
	}
}

var scopeless instrumentation.Scope

func attributeString(s string) attribute.Value { return attribute.StringValue(s) }
