package otelkit

import (
	"strings"
	"testing"

	"go.opentelemetry.io/otel/baggage"
	"go.opentelemetry.io/otel/log"
	"go.opentelemetry.io/otel/propagation"
)

// Outgoing baggage does not come by the pipeline, so it is scrubbed on its own.
func TestBaggageIsScrubbed(t *testing.T) {
	t.Parallel()
	kit, _ := start(t)
	secret := "hunter" + "2-but-longer"
	password, _ := baggage.NewMemberRaw("password", secret)
	region, _ := baggage.NewMemberRaw("region", "north")
	bag, err := baggage.New(password, region)
	if err != nil {
		t.Fatal(err)
	}
	carrier := propagation.MapCarrier{}
	kit.Propagator().Inject(baggage.ContextWithBaggage(t.Context(), bag), carrier)
	if got := carrier.Get("baggage"); got != "region=north" {
		t.Errorf("baggage header is %q, want only the region", got)
	}
}

// The scope of a record is fixed when its logger is made.
func TestLoggerScopeIsScrubbed(t *testing.T) {
	t.Parallel()
	kit, rec := start(t)
	mail := "ada" + "@mail.example.org"
	var r log.Record
	r.SetSeverity(log.SeverityInfo)
	kit.LoggerProvider().Logger("bridge", log.WithInstrumentationVersion("built by "+mail)).Emit(t.Context(), r)
	kit.Logger("of " + mail).Info("event")
	if len(rec.records) != 2 {
		t.Fatalf("%d records, want 2", len(rec.records))
	}
	for _, r := range rec.records {
		if scope := r.InstrumentationScope(); strings.Contains(scope.Name+scope.Version, mail) {
			t.Errorf("scope %+v holds what is sensitive", scope)
		}
	}
}
