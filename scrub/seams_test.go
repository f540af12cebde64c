package scrub_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"go.opentelemetry.io/otel/attribute"
)

// planter makes secrets that say where they were planted.
type planter struct {
	mu     sync.Mutex
	places []string
}

// secret returns a secret that is found by what it looks like.
func (p *planter) secret(place string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.places = append(p.places, place)
	return secretAt(place)
}

// text returns a sentence with a secret in it.
func (p *planter) text(place string) string { return "mail to " + p.secret(place) + " failed" }

// Assembled at run time, so that no scanner takes this file for a leak.
func secretAt(place string) string { return place + "@" + "mail.example" + ".com" }

// missing returns the places whose secrets are not in text.
func (p *planter) missing(text string) []string { return p.at(text, false) }

// survivors returns the places whose secrets are in text.
func (p *planter) survivors(text string) []string { return p.at(text, true) }

func (p *planter) at(text string, present bool) []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []string
	for _, place := range p.places {
		if strings.Contains(text, secretAt(place)) == present {
			out = append(out, place)
		}
	}
	return out
}

// check fails the test if a secret was not in what went in, or is in what came
// out.
func (p *planter) check(t *testing.T, in, out string) {
	t.Helper()
	if len(p.places) == 0 {
		t.Fatal("no secret was planted")
	}
	if missing := p.missing(in); len(missing) > 0 {
		t.Errorf("not planted, the test is blind there: %v\nin %.3000s", missing, in)
	}
	if survivors := p.survivors(out); len(survivors) > 0 {
		t.Errorf("leaked from: %v\nin %.3000s", survivors, out)
	}
}

// nested hides a secret in every kind of container.
func (p *planter) nested(place string) []attribute.KeyValue {
	place += "-"
	return []attribute.KeyValue{
		attribute.String("text", p.text(place+"string")),
		attribute.StringSlice("list", []string{"a", p.secret(place + "strings")}),
		attribute.ByteSlice("raw", []byte(p.secret(place+"bytes"))),
		attribute.Slice("mixed", attribute.IntValue(1), attribute.StringValue(p.secret(place+"slice"))),
		attribute.Map("map", attribute.Map("inner", attribute.Slice("list", attribute.StringValue(p.secret(place+"map"))))),
		attribute.String("exception.stacktrace", p.text(place+"exception")),
	}
}

// show is the text of kvs with bytes as text.
func show(kvs []attribute.KeyValue) string {
	var b strings.Builder
	for _, kv := range kvs {
		fmt.Fprintf(&b, "%s=%s ", kv.Key, showValue(kv.Value))
	}
	return b.String()
}

func showValue(v attribute.Value) string {
	switch v.Type() {
	case attribute.BYTESLICE:
		return string(v.AsByteSlice())
	case attribute.MAP:
		return "{" + show(v.AsMap()) + "}"
	case attribute.SLICE:
		var parts []string
		for _, elem := range v.AsSlice() {
			parts = append(parts, showValue(elem))
		}
		return fmt.Sprint(parts)
	default:
		return v.String()
	}
}

func cleanAttributes() []attribute.KeyValue {
	return []attribute.KeyValue{
		attribute.String("http.request.method", "GET"),
		attribute.String("http.route", "/orders/{id}"),
		attribute.Int("http.response.status_code", 200),
		attribute.String("server.address", "orders"),
		attribute.Int("server.port", 8080),
		attribute.Bool("cached", true),
		attribute.Float64("duration", 0.25),
		attribute.String("order.id", "ord-77"),
		attribute.String("msg", "order placed"),
		attribute.String("region", "eu-central-1"),
	}
}
