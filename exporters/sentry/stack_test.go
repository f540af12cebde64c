package sentry

import (
	"runtime"
	"testing"

	sentrygo "github.com/getsentry/sentry-go"
	"github.com/google/go-cmp/cmp"
)

var shop = app{module: "example.com/shop", main: "example.com/shop/cmd/shopd"}

func TestFrame(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, function, file string
		want                 sentrygo.Frame
	}{
		{
			"package of the module", "example.com/shop/orders.(*Store).Load", "/home/ci/shop/orders/store.go",
			sentrygo.Frame{Module: "example.com/shop/orders", Function: "(*Store).Load", Filename: "orders/store.go", InApp: true},
		},
		{
			"with -trimpath", "example.com/shop/orders.(*Store).Load", "example.com/shop/orders/store.go",
			sentrygo.Frame{Module: "example.com/shop/orders", Function: "(*Store).Load", Filename: "orders/store.go", InApp: true},
		},
		{
			"package at the root of the module", "example.com/shop.Open", "/src/shop.go",
			sentrygo.Frame{Module: "example.com/shop", Function: "Open", Filename: "shop.go", InApp: true},
		},
		{
			"main package", "main.run.func1", "/src/cmd/shopd/main.go",
			sentrygo.Frame{Module: "main", Function: "run.func1", Filename: "cmd/shopd/main.go", InApp: true},
		},
		{
			"module with a similar name", "example.com/shopping.Buy", "/go/pkg/mod/example.com/shopping@v1/buy.go",
			sentrygo.Frame{Module: "example.com/shopping", Function: "Buy", Filename: "example.com/shopping/buy.go"},
		},
		{
			"dependency", "gopkg.in/yaml%2ev3.(*Decoder).Decode", "/go/pkg/mod/gopkg.in/yaml.v3@v3.0.1/yaml.go",
			sentrygo.Frame{Module: "gopkg.in/yaml.v3", Function: "(*Decoder).Decode", Filename: "gopkg.in/yaml.v3/yaml.go"},
		},
		{
			"standard library", "net/http.HandlerFunc.ServeHTTP", "/usr/local/go/src/net/http/server.go",
			sentrygo.Frame{Module: "net/http", Function: "HandlerFunc.ServeHTTP", Filename: "net/http/server.go"},
		},
		{
			"type parameter with a path", "example.com/shop/cache.Get[example.com/shop/orders.Order]", "/src/cache/cache.go",
			sentrygo.Frame{Module: "example.com/shop/cache", Function: "Get[example.com/shop/orders.Order]", Filename: "cache/cache.go", InApp: true},
		},
		{
			"Windows", "example.com/shop/orders.Load", `C:\src\shop\orders\store.go`,
			sentrygo.Frame{Module: "example.com/shop/orders", Function: "Load", Filename: "orders/store.go", InApp: true},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			st := shop.fromCalls([]runtime.Frame{{Function: tt.function, File: tt.file, Line: 1}})
			tt.want.Lineno = 1
			if diff := cmp.Diff(&sentrygo.Stacktrace{Frames: []sentrygo.Frame{tt.want}}, st); diff != "" {
				t.Errorf("frame (-want +got):\n%s", diff)
			}
		})
	}
}

func TestFaultingFrames(t *testing.T) {
	t.Parallel()
	const end = "go.opentelemetry.io/otel/sdk/trace.(*recordingSpan).End"
	for _, tt := range []struct {
		name  string
		calls []string // innermost first
		want  string   // last frame
	}{
		{"no panic", []string{"log/slog.(*Logger).Error", "example.com/shop.Buy", "main.main"}, "Buy"},
		{"panic", []string{"example.com/shop.cleanup", "runtime.gopanic", "example.com/shop.Buy", "main.main"}, "Buy"},
		{"nil dereference", []string{"main.main.func1", "runtime.gopanic", "runtime.panicmem", "runtime.sigpanic", "example.com/shop.Buy"}, "Buy"},
		{"thrown again by a span", []string{"main.main.func1", "runtime.gopanic", end + ".deferwrap1", end, "runtime.gopanic", "example.com/shop.Buy"}, "Buy"},
		{"another panic in a deferred function", []string{"main.main.func1", "runtime.gopanic", "example.com/shop.cleanup", "runtime.gopanic", "example.com/shop.Buy"}, "cleanup"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var calls []runtime.Frame
			for _, f := range tt.calls {
				calls = append(calls, runtime.Frame{Function: f, File: "x.go"})
			}
			st := shop.fromCalls(calls)
			if got := st.Frames[len(st.Frames)-1].Function; got != tt.want {
				t.Errorf("last frame is %s, want %s", got, tt.want)
			}
		})
	}
}

func TestStackFromText(t *testing.T) {
	t.Parallel()
	st := shop.fromText(`goroutine 18 [running]:
go.opentelemetry.io/otel/sdk/trace.recordStackTrace()
	/go/pkg/mod/go.opentelemetry.io/otel/sdk@v1.47.0/trace/span.go:590 +0x34
go.opentelemetry.io/otel/sdk/trace.(*recordingSpan).RecordError(0xc0001, {0x7f, 0xc0})
	/go/pkg/mod/go.opentelemetry.io/otel/sdk@v1.47.0/trace/span.go:508 +0x2a8
example.com/shop/orders.(*Store).Load(...)
	/src/orders/store.go:42
main.main()
	/src/cmd/shopd/main.go:7 +0x1d
created by main.start in goroutine 1
	/src/cmd/shopd/main.go:3 +0x1d
`)
	want := &sentrygo.Stacktrace{Frames: []sentrygo.Frame{
		{Module: "main", Function: "start", Filename: "cmd/shopd/main.go", Lineno: 3, InApp: true},
		{Module: "main", Function: "main", Filename: "cmd/shopd/main.go", Lineno: 7, InApp: true},
		{Module: "example.com/shop/orders", Function: "(*Store).Load", Filename: "orders/store.go", Lineno: 42, InApp: true},
	}}
	if diff := cmp.Diff(want, st); diff != "" {
		t.Errorf("stack (-want +got):\n%s", diff)
	}
	for _, text := range []string{"", "nonsense", "a\n\tb", "a\n\tb:x", "\n\t:1"} {
		if st := shop.fromText(text); st != nil {
			t.Errorf("%q became %+v", text, st)
		}
	}
}

func FuzzStackFromText(f *testing.F) {
	f.Add("goroutine 1 [running]:\nmain.main()\n\t/src/main.go:7 +0x1d\n")
	f.Add("panic({0x1, 0x2})\n\t/usr/local/go/src/runtime/panic.go:1 +0x1")
	f.Fuzz(func(_ *testing.T, text string) { shop.fromText(text) })
}

func TestMask(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`order 4711 not found`:                                 `order # not found`,
		`user "ann" and 'bob'`:                                 `user # and #`,
		`dial tcp 127.0.0.1:5432: connect: connection refused`: `dial tcp #: connect: connection refused`,
		`job 0193c2f1-7f3e-7c52-a1b0-4f8d3c2b1a09 failed`:      `job # failed`,
		`object 5f2b8c9d7e1a3b4c5d6e7f80`:                      `object #`,
		`took 1.5s`:                                            `took #`,
		`took 150ms`:                                           `took #`,
		`session a9f3 of 8f14e45f expired`:                     `session # of # expired`,
		`at 2026-11-22T15:04:05.123Z: stale`:                   `at #: stale`,
		`at 2026-11-22 15:04:05 +0200 CEST: stale`:             `at # CEST: stale`,
		`dial [2001:db8::7]:443`:                               `dial [#]:#`,
		`rows [1 2 3] locked`:                                  `rows [#] locked`,
		`face it: a cafe is no id`:                             `face it: a cafe is no id`,
	} {
		if got := mask(text); got != want {
			t.Errorf("mask(%q) = %q, want %q", text, got, want)
		}
	}
}
