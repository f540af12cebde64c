package otelkittest

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"

	sentrygo "github.com/getsentry/sentry-go"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/log"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"github.com/otelkit/otelkit-go/otelkit"
	"github.com/otelkit/otelkit-go/otelkit/otelkittest/internal/canary"
)

// AssertNoLeak fails the test if a secret leaves a service whose kit has opts.
// It is one line in the tests of a service:
//
//	func TestNothingLeaks(t *testing.T) { otelkittest.AssertNoLeak(t, telemetry.Options()...) }
//
// It makes kits with opts, which send to receivers on loopback, OTLP over HTTP
// and over gRPC with gzip, Sentry envelopes, console lines, the headers of an
// outgoing request and the envelope of a task; plants fake secrets of all
// categories in every place of every signal; and looks for them in the bytes of
// all that has left, as they are and unpacked: base64, hexadecimal,
// percent-encoding and gzip, within each other as well. Each secret is another
// one, so a failure says which one survived where; three quarters of one are a
// leak as well. An exit that nothing arrived by, and a signal that arrived
// nowhere, are failures too.
//
// opts are put behind those that point to the receivers and should not name
// endpoints of their own. The kits read the environment as [otelkit.Init] does,
// but do not touch globals. Nothing is sent elsewhere.
func AssertNoLeak(t testing.TB, opts ...otelkit.Option) {
	t.Helper()
	for _, w := range ways {
		AssertNoLeakThrough(t, w.kit(opts))
	}
}

// ways are the ways out of a kit, as few kits as have all of them.
var ways = []way{
	{"http/protobuf", (*Exits).OTLPOverHTTP, otelkit.ConsoleJSON},
	{"grpc", (*Exits).OTLPOverGRPC, otelkit.ConsolePretty},
}

type way struct {
	protocol string
	endpoint func(*Exits) string
	console  string
}

// kit returns what builds a kit that leaves by w.
func (w way) kit(opts []otelkit.Option) func(testing.TB, *Exits) Pipeline {
	return func(t testing.TB, exits *Exits) Pipeline {
		t.Helper()
		kit, err := otelkit.Init(t.Context(), append([]otelkit.Option{
			otelkit.WithoutGlobals(),
			otelkit.WithServiceName("canary"),
			otelkit.WithResourceAttributes(exits.Resource()...),
			otelkit.WithEndpoint(w.endpoint(exits)),
			otelkit.WithProtocol(w.protocol),
			otelkit.WithCompression("gzip"),
			otelkit.WithSentryDSN(exits.SentryDSN()),
			otelkit.WithConsole(w.console),
			otelkit.WithConsoleWriter(exits.Writer("console, " + w.console)),
			otelkit.WithDiagnostics(exits.Writer("diagnostics")),
		}, opts...)...)
		if err != nil {
			t.Fatal(err)
		}
		return Pipeline{
			TracerProvider: kit.TracerProvider(),
			LoggerProvider: kit.LoggerProvider(),
			MeterProvider:  kit.MeterProvider(),
			Propagator:     kit.Propagator(),
			Logger:         kit.Logger("canary"),
			Context:        kit.Context,
			Shutdown:       kit.Shutdown,
		}
	}
}

// Pipeline is what a service that does not use otelkit hands its telemetry to.
// Fields that are nil are left out.
type Pipeline struct {
	TracerProvider trace.TracerProvider
	LoggerProvider log.LoggerProvider
	MeterProvider  metric.MeterProvider
	Propagator     propagation.TextMapPropagator
	Logger         *slog.Logger
	Sentry         *sentrygo.Client                          // the client for events captured by hand
	Context        func(ctx context.Context) context.Context // [otelkit.Kit.Context]: a task is enqueued with it
	Shutdown       func(ctx context.Context) error           // sends everything; the pipeline ends with it
}

// Exits is where the telemetry of a [Pipeline] under test goes: receivers on
// loopback that take everything and close with the test. It is safe for
// concurrent use.
type Exits struct{ exits *canary.Exits }

// OTLPOverHTTP returns the base URL of a Collector for OTLP over HTTP, such as
// "http://127.0.0.1:41234". It takes plain and gzipped requests.
func (e *Exits) OTLPOverHTTP() string { return e.exits.HTTP() }

// OTLPOverGRPC returns the URL of a Collector for OTLP over gRPC, without TLS.
func (e *Exits) OTLPOverGRPC() string { return e.exits.GRPC() }

// SentryDSN returns the DSN of a Sentry project.
func (e *Exits) SentryDSN() string { return e.exits.SentryDSN() }

// Writer returns a writer for lines, for files, for what an exporter of your
// own would send. A failure calls it name. It is no failure if it stays empty.
func (e *Exits) Writer(name string) io.Writer { return e.exits.Writer(name) }

// Resource returns attributes that the resource of the pipeline is to have:
// there are secrets in them, too. Once asked for, they have to arrive.
func (e *Exits) Resource() []attribute.KeyValue { return e.exits.Resource() }

// AssertNoLeakThrough is [AssertNoLeak] for a service with a set-up of its own:
// build makes the pipeline, with everything that is sent going to exits. See
// the example.
func AssertNoLeakThrough(t testing.TB, build func(testing.TB, *Exits) Pipeline) {
	t.Helper()
	leaks, err := hunt(t, build)
	if err != nil {
		t.Errorf("otelkittest: the canary proves nothing: %v", err)
	}
	if len(leaks) > 0 {
		t.Errorf("otelkittest: %d secrets left the process:\n%s", len(leaks), list(leaks))
	}
}

func hunt(t testing.TB, build func(testing.TB, *Exits) Pipeline) ([]canary.Leak, error) {
	t.Helper()
	exits := canary.NewExits(t, &canary.Book{})
	p := build(t, &Exits{exits})
	return canary.Hunt(t.Context(), canary.Pipeline(p), exits)
}

// maxListed bounds the lines of a failure: without any scrubbing there are
// about two thousand secrets. Of more than that each place has one line, so that
// no place is missing.
const maxListed = 100

func list(leaks []canary.Leak) string {
	var b strings.Builder
	if len(leaks) <= maxListed {
		for _, l := range leaks {
			fmt.Fprintf(&b, "\t%s\n", l)
		}
		return b.String()
	}
	count, first := map[string]int{}, []canary.Leak{}
	for _, l := range leaks {
		if count[l.Place]++; count[l.Place] == 1 {
			first = append(first, l)
		}
	}
	for _, l := range first {
		fmt.Fprintf(&b, "\t%s", l)
		if n := count[l.Place]; n > 1 {
			fmt.Fprintf(&b, " and %d more there", n-1)
		}
		b.WriteByte('\n')
	}
	return b.String()
}
