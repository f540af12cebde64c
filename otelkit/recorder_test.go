package otelkit

import (
	"context"
	"fmt"
	"io"
	"sync"
	"testing"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/log"
	"go.opentelemetry.io/otel/metric"
	sdklog "go.opentelemetry.io/otel/sdk/log"

	"github.com/otelkit/otelkit-go/internal/origin"
)

// quiet are the options of a kit that neither prints nor touches globals.
func quiet(opts ...Option) []Option {
	return append([]Option{WithoutGlobals(), WithDiagnostics(io.Discard), WithConsole(ConsoleOff), WithServiceName("test")}, opts...)
}

// start returns a running kit and what its log processors receive.
func start(t *testing.T, opts ...Option) (*Kit, *recorder) {
	t.Helper()
	rec := &recorder{}
	kit, err := Init(t.Context(), quiet(append(opts, WithLogProcessor(rec))...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := kit.Shutdown(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	return kit, rec
}

// recorder is a log processor that keeps what it gets.
type recorder struct {
	mu      sync.Mutex
	records []sdklog.Record
	origins []*origin.Origin
}

func (r *recorder) Enabled(context.Context, sdklog.EnabledParameters) bool { return true }
func (r *recorder) Shutdown(context.Context) error                         { return nil }
func (r *recorder) ForceFlush(context.Context) error                       { return nil }

func (r *recorder) OnEmit(ctx context.Context, rec *sdklog.Record) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.records = append(r.records, rec.Clone())
	r.origins = append(r.origins, origin.FromContext(ctx))
	return nil
}

// all returns the records so far, as maps.
func (r *recorder) all() []map[string]any {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []map[string]any
	for _, rec := range r.records {
		out = append(out, asMap(rec))
	}
	return out
}

// last returns the attributes of the latest record.
func (r *recorder) last(t *testing.T) map[string]any {
	t.Helper()
	all := r.all()
	if len(all) == 0 {
		t.Fatal("nothing was emitted")
	}
	return all[len(all)-1]
}

// asMap is rec as slogtest wants it: the built-in fields beside the attributes.
func asMap(rec sdklog.Record) map[string]any {
	m := map[string]any{"msg": rec.Body().AsString(), "level": rec.SeverityText()}
	if !rec.Timestamp().IsZero() {
		m["time"] = rec.Timestamp()
	}
	if rec.TraceID().IsValid() {
		m["trace_id"], m["span_id"] = rec.TraceID().String(), rec.SpanID().String()
	}
	rec.WalkAttributes(func(kv attribute.KeyValue) bool {
		m[string(kv.Key)] = plain(kv.Value)
		return true
	})
	return m
}

func plain(v attribute.Value) any {
	if v.Type() != attribute.MAP {
		return v.AsInterface()
	}
	m := map[string]any{}
	for _, kv := range v.AsMap() {
		m[string(kv.Key)] = plain(kv.Value)
	}
	return m
}

var _ sdklog.Processor = (*recorder)(nil)

// severityOf is the severity of the latest record.
func (r *recorder) severityOf() log.Severity {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.records[len(r.records)-1].Severity()
}

func metricAttributes(kvs ...attribute.KeyValue) metric.AddOption {
	return metric.WithAttributes(kvs...)
}

// dump shows all of v.
func dump(v any) string { return fmt.Sprintf("%+v", v) }
