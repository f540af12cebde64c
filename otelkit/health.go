package otelkit

import (
	"context"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"strings"

	"github.com/otelkit/otelkit-go/exporters/otlp"
	"github.com/otelkit/otelkit-go/exporters/sentry"
)

// Health says how the telemetry of a service fares: what was accepted, delivered,
// is pending and is lost.
type Health struct {
	// Running is false for a kit that does nothing.
	Running bool `json:"running"`
	// Failing names the signals whose latest attempt to send failed. One request
	// that was refused for what is in it does not count; see [otlp.Books].
	Failing []string `json:"failing,omitempty"`
	// OTLP holds the books of the signals that go to a Collector.
	OTLP otlp.Stats `json:"otlp"`
	// Sentry says what became of events.
	Sentry sentry.Stats `json:"sentry"`
}

// Health returns the state at this moment. After [Kit.Shutdown] it is the final
// one.
func (k *Kit) Health() Health {
	if k.off() {
		return Health{}
	}
	h := Health{Running: true, OTLP: k.pipeline.collector.Stats(), Sentry: k.pipeline.sentry.Stats()}
	for _, b := range h.books() {
		if b.Failing {
			h.Failing = append(h.Failing, b.Signal)
		}
	}
	return h
}

// signalBooks are the books of one signal, with its name.
type signalBooks struct {
	Signal string
	otlp.Books
}

func (h Health) books() []signalBooks {
	return []signalBooks{{"logs", h.OTLP.Logs}, {"traces", h.OTLP.Traces}, {"metrics", h.OTLP.Metrics}}
}

// HealthHandler serves [Kit.Health]: JSON, or a page for a person whose browser
// asks for HTML. The status is 503 while a signal cannot be sent, else 200.
// Nothing in it is secret, but it is meant for an internal port.
func (k *Kit) HealthHandler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := k.Health()
		status := http.StatusOK
		if len(h.Failing) > 0 {
			status = http.StatusServiceUnavailable
		}
		w.Header().Set("Cache-Control", "no-store")
		if strings.Contains(r.Header.Get("Accept"), "text/html") {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.WriteHeader(status)
			_ = healthPage.Execute(w, struct {
				Health
				Signals []signalBooks
			}{h, h.books()})
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(h)
	})
}

var healthPage = template.Must(template.New("health").Parse(`<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Telemetry health</title>
<style>body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem}
table{border-collapse:collapse;width:100%}th,td{border-bottom:1px solid #ccc;padding:.4rem .6rem;text-align:right}
th:first-child,td:first-child{text-align:left}.bad{color:#a00;font-weight:bold}</style>
<h1>Telemetry health</h1>
<p>{{if not .Running}}Telemetry is off.{{else if .Failing}}<span class="bad">Failing: {{range .Failing}}{{.}} {{end}}</span>{{else}}All signals that are sent are being delivered.{{end}}</p>
<table><tr><th>Signal<th>Accepted<th>Delivered<th>Pending<th>Lost<th>Last error</tr>
{{range .Signals}}<tr><td>{{.Signal}}<td>{{.Accepted}}<td>{{.Delivered}}<td>{{.Pending}}<td{{if .Lost}} class="bad"{{end}}>{{.Lost}}{{range $reason, $n := .Dropped}}<br>{{$reason}}: {{$n}}{{end}}<td>{{.LastError}}</tr>
{{end}}</table>
<p>Accepted = delivered + pending + lost, at every moment.</p>
</html>
`))

// Verify sends an empty request for each signal that goes to a Collector and
// says in words what is wrong with those that are refused: address, protocol,
// TLS, authorization. It does not try again and returns when ctx ends at the
// latest.
func (k *Kit) Verify(ctx context.Context) error {
	if k.off() {
		return nil
	}
	ctx, cancel := k.bounded(ctx)
	defer cancel()
	if err := k.pipeline.collector.Verify(ctx); err != nil {
		return fmt.Errorf("otelkit: verify: %w", err)
	}
	return nil
}
