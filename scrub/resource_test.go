package scrub_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/resource"

	"github.com/otelkit/otelkit-go/scrub"
)

func TestResource(t *testing.T) {
	t.Parallel()
	var p planter
	in := resource.NewWithAttributes("https://example.com/schema", append(p.nested("a"), attribute.String("service.name", "orders"))...)
	out := scrub.Resource(in, nil)
	p.check(t, show(in.Attributes()), show(out.Attributes()))
	if out.SchemaURL() != in.SchemaURL() || out.Len() != in.Len() {
		t.Errorf("schema URL or attributes got lost: %v", out)
	}
	if v, _ := out.Set().Value("service.name"); v.AsString() != "orders" {
		t.Errorf("service.name = %q", v.AsString())
	}
	if again := scrub.Resource(out, nil); again != out {
		t.Error("a clean resource did not come back as it is")
	}
	if scrub.Resource(nil, nil) != nil {
		t.Error("a nil resource did not stay nil")
	}
}

func TestResourceSchemaURL(t *testing.T) {
	t.Parallel()
	for name, attrs := range map[string][]attribute.KeyValue{"alone": nil, "beside attributes": {attribute.String("service.name", "orders")}} {
		in := resource.NewWithAttributes("https://ada:hunter2@schemas.example.com/1.2.0", attrs...)
		out := scrub.Resource(in, nil)
		if want := "https://ada:[REDACTED:pw.url]@schemas.example.com/1.2.0"; out.SchemaURL() != want || !out.Equal(in) {
			t.Errorf("%s: schema URL %q of %v, want %q", name, out.SchemaURL(), out, want)
		}
	}
}

func TestResourceCommandArgs(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ in, want []string }{
		"flag and value":   {[]string{"svc", "--db-password", "hunter2"}, []string{"svc", "--db-password", "[REDACTED:pw.key]"}},
		"one dash":         {[]string{"svc", "-password", "hunter2"}, []string{"svc", "-password", "[REDACTED:pw.key]"}},
		"starts with dash": {[]string{"svc", "--token", "-x1"}, []string{"svc", "--token", "[REDACTED:auth.key]"}},
		"flags only":       {[]string{"svc", "--token", "--verbose"}, []string{"svc", "--token", "--verbose"}},
		"harmless":         {[]string{"svc", "--port", "8080", "run"}, []string{"svc", "--port", "8080", "run"}},
		"by its looks":     {[]string{"svc", secretAt("x")}, []string{"svc", "[REDACTED:pii.email]"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out := scrub.Resource(resource.NewSchemaless(attribute.StringSlice("process.command_args", tt.in)), nil)
			v, _ := out.Set().Value("process.command_args")
			if diff := cmp.Diff(tt.want, v.AsStringSlice()); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func ExampleResource() {
	s, err := scrub.New()
	if err != nil {
		panic(err)
	}
	res := resource.NewSchemaless(
		attribute.String("service.name", "orders"),
		attribute.StringSlice("process.command_args", []string{"orders", "--db-password", "correct horse"}),
	)
	fmt.Println(scrub.Resource(res, s))
	// Output: process.command_args=["orders","--db-password","[REDACTED:pw.key]"],service.name=orders
}
