package scrub_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/log"
	"go.opentelemetry.io/otel/metric"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/otelkit/otelkit-go/scrub"
)

func ExampleNew() {
	s, err := scrub.New(
		scrub.WithKeys(scrub.PII, "crew id"),
		scrub.WithAllowedValues("noreply@example.com"),
		scrub.WithAction("financial.pan", scrub.KeepLast4()),
	)
	if err != nil {
		panic(err)
	}
	fmt.Println(s.String("noreply@example.com wrote to ada@example.com: paid by card 4111 1111 1111 1111"))
	fmt.Println(s.KeyValue(attribute.Int("crewId", 4711)).Value)
	// Output:
	// noreply@example.com wrote to [REDACTED:pii.email]: paid by card [REDACTED:financial.pan:1111]
	// [REDACTED:pii.custom]
}

func ExampleScrubber_Explain() {
	s, err := scrub.New()
	if err != nil {
		panic(err)
	}
	for _, f := range s.Explain("note", "password=hunter2 of ada@example.com") {
		fmt.Println(f.Rule, f.Start, f.End)
	}
	// Output:
	// pw.key 9 16
	// pii.email 20 35
}

func ExampleSecret() {
	settings := struct {
		Host     string
		Password scrub.Secret[string]
	}{"db.internal", scrub.NewSecret("correct horse")}

	text, err := json.Marshal(settings)
	if err != nil {
		panic(err)
	}
	fmt.Println(settings)
	fmt.Println(string(text))
	fmt.Println(len(settings.Password.Expose()))
	// Output:
	// {db.internal [REDACTED]}
	// {"Host":"db.internal","Password":"[REDACTED]"}
	// 13
}

func ExampleNewHandler_structs() {
	type user struct {
		ID    int    `json:"id"`
		Name  string `json:"name" scrub:"pii"`
		Notes string `scrub:"-"`
		Token string `json:"access_token"`
	}
	plain := slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
		if len(groups) == 0 && a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}})
	slog.New(scrub.NewHandler(plain, nil)).Info("signed in", "user", user{7, "Ada", "owes us", "plum"})
	// Output: level=INFO msg="signed in" user.access_token=[REDACTED:auth.key] user.id=7 user.name=[REDACTED:pii.tag]
}

func ExampleNewSpanExporter() {
	s, err := scrub.New()
	if err != nil {
		panic(err)
	}
	exporter := tracetest.NewInMemoryExporter()
	// The processor is made by someone else, as WithBatcher does.
	provider := sdktrace.NewTracerProvider(sdktrace.WithSyncer(scrub.NewSpanExporter(exporter, s)))
	_, span := provider.Tracer("example").Start(context.Background(), "mail to ada@example.com")
	span.End()

	fmt.Println(exporter.GetSpans()[0].Name)
	// Output: mail to [REDACTED:pii.email]
}

func ExampleNewLoggerProvider() {
	s, err := scrub.New()
	if err != nil {
		panic(err)
	}
	sdk := sdklog.NewLoggerProvider(sdklog.WithProcessor(scrub.NewLogProcessor(printScope{}, s)))
	logger := scrub.NewLoggerProvider(sdk, s).Logger("jobs of ada@example.com",
		log.WithInstrumentationAttributes(attribute.String("api_key", "plum")))
	logger.Emit(context.Background(), log.Record{})
	// Output: jobs of [REDACTED:pii.email] [{api_key [REDACTED:auth.key]}]
}

// printScope prints the scope of records.
type printScope struct{ printLogs }

func (printScope) OnEmit(_ context.Context, r *sdklog.Record) error {
	scope := r.InstrumentationScope()
	var attrs []string
	for _, kv := range scope.Attributes.ToSlice() {
		attrs = append(attrs, fmt.Sprintf("{%s %s}", kv.Key, kv.Value))
	}
	fmt.Println(scope.Name, attrs)
	return nil
}

func ExampleViews() {
	s, err := scrub.New()
	if err != nil {
		panic(err)
	}
	renamed := sdkmetric.NewView(
		sdkmetric.Instrument{Name: "calls"},
		sdkmetric.Stream{Name: "api.calls"},
	)
	exporter := scrub.NewMetricExporter(printMetrics{}, s)
	provider := sdkmetric.NewMeterProvider(
		sdkmetric.WithReader(sdkmetric.NewPeriodicReader(exporter)),
		sdkmetric.WithView(scrub.Views(s, renamed)...),
	)
	calls, err := provider.Meter("example").Int64Counter("calls")
	if err != nil {
		panic(err)
	}
	// Two users make one series: their key is dropped when they are counted.
	for _, user := range []string{"ada", "bob"} {
		calls.Add(context.Background(), 1, metric.WithAttributes(attribute.String("full_name", user), attribute.String("shop", "berlin")))
	}
	if err := provider.Shutdown(context.Background()); err != nil {
		panic(err)
	}
	// Output: api.calls 2 shop=berlin
}

func ExampleScrubber_Observe() {
	s, err := scrub.New()
	if err != nil {
		panic(err)
	}
	exporter := scrub.NewMetricExporter(printMetrics{}, s)
	provider := sdkmetric.NewMeterProvider(sdkmetric.WithReader(sdkmetric.NewPeriodicReader(exporter)))
	if _, err := s.Observe(provider); err != nil {
		panic(err)
	}
	s.KeyValue(attribute.String("db.password", "correct horse"))
	if err := provider.Shutdown(context.Background()); err != nil {
		panic(err)
	}
	// Output: otelkit.scrub.redactions 1 category=password rule=pw.key signal=text
}
