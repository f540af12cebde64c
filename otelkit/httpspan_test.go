package otelkit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/propagation"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
)

// The span of a request is the one of otelhttp, and so is its metric, but for
// what is told in DESIGN.md.
func TestHTTPSpanIsThatOfOtelhttp(t *testing.T) {
	t.Parallel()
	body := func(text string) func(*http.Request) {
		return func(r *http.Request) {
			r.Method, r.Body, r.ContentLength = http.MethodPost, io.NopCloser(strings.NewReader(text)), int64(len(text))
		}
	}
	for name, edit := range map[string]func(*http.Request){
		"plain":          func(*http.Request) {},
		"head":           func(r *http.Request) { r.Method = http.MethodHead },
		"unknown method": func(r *http.Request) { r.Method = "BREW" },
		"port":           func(r *http.Request) { r.Host = "shop.example:8443" },
		"default port":   func(r *http.Request) { r.Host = "shop.example:80" },
		"IPv6":           func(r *http.Request) { r.Host = "[2001:db8::1]:8080" },
		"IPv6, no port":  func(r *http.Request) { r.Host = "[2001:db8::1]" },
		"no host":        func(r *http.Request) { r.Host = "" },
		"HTTP/2":         func(r *http.Request) { r.Proto, r.ProtoMajor, r.ProtoMinor = "HTTP/2.0", 2, 0 },
		"user agent":     func(r *http.Request) { r.Header.Set("User-Agent", "test/1") },
		"traceparent": func(r *http.Request) {
			r.Header.Set("Traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
		},
		"body":        body("hello"),
		"empty body":  body(""),
		"no route":    func(r *http.Request) { r.URL.Path = "/nowhere" },
		"error":       func(r *http.Request) { r.URL.Path = "/orders/500" },
		"IPv6 client": func(r *http.Request) { r.RemoteAddr = "[2001:db8::2]:1234" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mux := handle(map[string]http.HandlerFunc{"/orders/{id}": func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body)
				if r.PathValue("id") == "500" {
					w.WriteHeader(http.StatusInternalServerError)
				}
				io.WriteString(w, "text")
			}})
			request := func() *http.Request {
				r := httptest.NewRequest(http.MethodGet, "/orders/17?q=1", nil)
				edit(r)
				return r
			}
			spans, reader := tracetest.NewSpanRecorder(), sdkmetric.NewManualReader()
			otelhttp.NewHandler(mux, "", otelhttp.WithPropagators(propagation.TraceContext{}),
				otelhttp.WithTracerProvider(sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(spans))),
				otelhttp.WithMeterProvider(sdkmetric.NewMeterProvider(sdkmetric.WithReader(reader))),
			).ServeHTTP(httptest.NewRecorder(), request())
			var theirs metricdata.ResourceMetrics
			if err := reader.Collect(t.Context(), &theirs); err != nil {
				t.Fatal(err)
			}

			m := &memoryMetrics{}
			s := newService(t, WithMetricExporter(m))
			HTTPMiddleware(WithKit(s.kit), WithBodySizes())(mux).ServeHTTP(httptest.NewRecorder(), request())

			want, got := spans.Ended()[0], s.spans.Ended()[0]
			if want.Name() != got.Name() || want.Status() != got.Status() || want.SpanKind() != got.SpanKind() || want.Parent().SpanID() != got.Parent().SpanID() {
				t.Errorf("span %q %v %v, want %q %v %v", got.Name(), got.Status(), got.SpanKind(), want.Name(), want.Status(), want.SpanKind())
			}
			theirAttrs := attrsOf(want.Attributes())
			if theirAttrs["server.address"] == "" {
				delete(theirAttrs, "server.address") // it is not known
			}
			if diff := cmp.Diff(theirAttrs, without(attrsOf(got.Attributes()), "error.type", "http.route")); diff != "" {
				t.Error("-otelhttp +otelkit", diff)
			}
			if err := s.kit.ForceFlush(t.Context()); err != nil {
				t.Fatal(err)
			}
			ours := histograms(m.data[len(m.data)-1])
			for name, attrs := range histograms(theirs) {
				if diff := cmp.Diff(without(attrs, "server.address", "server.port", "network.protocol.name"), without(ours[name], "error.type")); diff != "" {
					t.Error(name, "-otelhttp +otelkit", diff)
				}
			}
		})
	}
}

func without(m map[string]any, keys ...string) map[string]any {
	for _, k := range keys {
		delete(m, k)
	}
	return m
}

// histograms are the attributes of each histogram of a server, all of which
// have one point here.
func histograms(rm metricdata.ResourceMetrics) map[string]map[string]any {
	found := map[string]map[string]any{}
	for _, sm := range rm.ScopeMetrics {
		for _, m := range sm.Metrics {
			switch h := m.Data.(type) {
			case metricdata.Histogram[float64]:
				found[m.Name] = attrsOf(h.DataPoints[0].Attributes.ToSlice())
			case metricdata.Histogram[int64]:
				found[m.Name] = attrsOf(h.DataPoints[0].Attributes.ToSlice())
			}
		}
	}
	return found
}

// The spans and measurements of requests that failed say how.
func TestHTTPErrorType(t *testing.T) {
	t.Parallel()
	for want, h := range map[string]http.HandlerFunc{
		"":                    func(http.ResponseWriter, *http.Request) {},
		"500":                 faultyHandler,
		"503":                 func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) },
		"aborted":             func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"*errors.errorString": func(_ http.ResponseWriter, r *http.Request) { CaptureException(r.Context(), errStock) },
		"string": func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusOK)
			panic("too late")
		},
		"client_gone": func(_ http.ResponseWriter, r *http.Request) {
			r.Context().Value(leaveKey{}).(context.CancelFunc)()
		},
	} {
		m := &memoryMetrics{}
		s := newService(t, WithMetricExporter(m))
		ctx, leave := context.WithCancel(t.Context())
		r := httptest.NewRequestWithContext(context.WithValue(ctx, leaveKey{}, leave), http.MethodGet, "/", nil)
		func() {
			defer func() { _ = recover() }()
			HTTPMiddleware(WithKit(s.kit))(h).ServeHTTP(httptest.NewRecorder(), r)
		}()
		span := attrsOf(s.span(t, "GET").Attributes())
		if err := s.kit.ForceFlush(t.Context()); err != nil {
			t.Fatal(err)
		}
		point := histograms(m.data[len(m.data)-1])["http.server.request.duration"]
		for what, attrs := range map[string]map[string]any{"span": span, "metric": point} {
			if got, _ := attrs["error.type"].(string); got != want {
				t.Errorf("%s: error.type %q, want %q", what, got, want)
			}
			if _, ok := attrs["http.response.status_code"]; ok == (want == "aborted" || want == "client_gone") {
				t.Errorf("%s of %q: http.response.status_code %v", what, want, attrs["http.response.status_code"])
			}
		}
	}
}

type leaveKey struct{}

// What a handler says of the status of its span is not taken back.
func TestHTTPSpanKeepsItsStatus(t *testing.T) {
	t.Parallel()
	s := newService(t)
	HTTPMiddleware(WithKit(s.kit))(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		CaptureException(r.Context(), errors.New("stock lost"))
		w.WriteHeader(http.StatusInternalServerError)
	})).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
	if got := s.span(t, "GET").Status(); got != (sdktrace.Status{Code: codes.Error, Description: "stock lost"}) {
		t.Errorf("status %v", got)
	}
}

// Without the option only what the semantic conventions require is measured,
// and nothing that a client can make up.
func TestHTTPMetricsAreBounded(t *testing.T) {
	t.Parallel()
	m := &memoryMetrics{}
	s := newService(t, WithMetricExporter(m))
	h := HTTPMiddleware(WithKit(s.kit), WithRoute(func(r *http.Request) string { return r.URL.Path }))(http.NotFoundHandler())
	for i := range 3 {
		r := httptest.NewRequest(fmt.Sprintf("M%d", i), "/", nil)
		r.Host = fmt.Sprintf("host%d", i)
		h.ServeHTTP(httptest.NewRecorder(), r)
	}
	if n := len(*h.(*httpHandler).server.Load().series.made.Load()); n != 1 {
		t.Errorf("%d series, want 1", n)
	}
	if n := m.count(t, s.kit, "http.server.request.duration"); n != 3 {
		t.Errorf("%d requests measured", n)
	}
	found := histograms(m.data[len(m.data)-1])
	want := map[string]bool{"http.request.method": true, "url.scheme": true, "network.protocol.version": true, "http.route": true, "http.response.status_code": true}
	for key := range found["http.server.request.duration"] {
		if !want[key] {
			t.Errorf("the metric has %s", key)
		}
	}
	for name := range found {
		if strings.HasPrefix(name, "http.server") && name != "http.server.request.duration" {
			t.Errorf("%s was measured", name)
		}
	}
}

func TestSeriesCacheIsBounded(t *testing.T) {
	t.Parallel()
	var c seriesCache
	for range 2 {
		for i := range maxSeries + 10 {
			set := metric.NewRecordConfig(c.options(httpSeries{method: "GET", status: i})).Attributes()
			if v, ok := set.Value("http.response.status_code"); i > 0 && (!ok || v.AsInt64() != int64(i)) {
				t.Fatalf("options of another series: %v", set)
			}
		}
	}
	if n := len(*c.made.Load()); n != maxSeries {
		t.Errorf("%d series, want %d", n, maxSeries)
	}
}

// The server removes the files of a form, although the handler has a copy of the
// request.
func TestHTTPFormFilesAreRemoved(t *testing.T) {
	t.Parallel()
	protocols(t, func(t *testing.T, serve func(http.Handler) *server) {
		s := newService(t)
		var file string
		srv := serve(HTTPMiddleware(WithKit(s.kit))(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			if err := r.ParseMultipartForm(1); err != nil {
				t.Error(err)
				return
			}
			f, err := r.MultipartForm.File["upload"][0].Open()
			if err != nil {
				t.Error(err)
				return
			}
			defer f.Close()
			if disk, ok := f.(*os.File); ok {
				file = disk.Name()
			}
		})))
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		part, _ := form.CreateFormFile("upload", "a.bin")
		_, _ = part.Write(bytes.Repeat([]byte("x"), 11<<20)) // more than is kept in memory
		form.Close()
		req, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, srv.url, &body)
		req.Header.Set("Content-Type", form.FormDataContentType())
		res, err := srv.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		srv.close()
		if file == "" {
			t.Fatal("the form had no file")
		}
		if _, err := os.Stat(file); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s is still there", file)
		}
	})
}

// Lines of a trace that is not sampled are not even made if they go nowhere.
func TestUnsampledRequestIsCheap(t *testing.T) {
	t.Parallel()
	s, lines := start(t, WithSampler(sdktrace.NeverSample()), WithSampledLogs())
	h := HTTPMiddleware(WithKit(s))
	serve := func(status int) {
		h(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })).
			ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
	}
	serve(http.StatusOK)
	if n := len(lines.all()); n != 0 {
		t.Errorf("%d lines of a request that went well", n)
	}
	serve(http.StatusNotFound)
	if n := len(lines.all()); n != 1 {
		t.Errorf("%d lines of one that did not, want 1", n)
	}
}

func TestSplitHost(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]struct {
		host string
		port int
	}{
		"": {}, "shop.example": {"shop.example", 0}, "shop.example:8080": {"shop.example", 8080}, "[::1]:80": {"::1", 80},
		"[::1]": {"::1", 0}, "a:b": {"a", 0}, "a:70000": {"a", 0}, ":80": {"", 80}, "a:": {"a", 0}, "]": {"", 0},
		"ada:secret@a:80": {"a", 80}, "ada:secret@a": {"a", 0},
	} {
		if host, port := splitHost(in); host != want.host || port != want.port {
			t.Errorf("%q: %q %d", in, host, port)
		}
	}
}

// A span that is open where the server was started is not that of its requests, whose
// failures are their own.
func TestHTTPRequestBesideASpan(t *testing.T) {
	t.Parallel()
	s := newService(t)
	ctx := s.kit.Context(t.Context())
	RunCommand(ctx, "serve", func(ctx context.Context) error {
		h := HTTPMiddleware()(handle(map[string]http.HandlerFunc{
			"GET /orders/{id}": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) },
		}))
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, http.MethodGet, "/orders/1", nil))
		checkTitles(t, s.titles(t), []string{"error HTTP 503: GET /orders/{id}"})
		h.ServeHTTP(httptest.NewRecorder(), func() *http.Request {
			r := httptest.NewRequestWithContext(ctx, http.MethodGet, "/", nil)
			r.Header.Set("Traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
			return r
		}())
		outer, end := s.kit.tracer().Start(ctx, "theirs", asServer)
		defer end.End()
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(outer, http.MethodGet, "/", nil))
		return nil
	})
	command := s.span(t, "serve").SpanContext()
	beside := s.span(t, "GET /orders/{id}")
	if beside.Parent().IsValid() || beside.SpanContext().TraceID() == command.TraceID() ||
		len(beside.Links()) != 1 || beside.Links()[0].SpanContext.SpanID() != command.SpanID() {
		t.Errorf("the request is under %v, with links %v", beside.Parent(), beside.Links())
	}
	var parents []string
	for _, span := range s.spans.Ended() {
		if span.Name() == "GET" {
			parents = append(parents, span.Parent().SpanID().String())
		}
	}
	if diff := cmp.Diff([]string{"b7ad6b7169203331", s.span(t, "theirs").SpanContext().SpanID().String()}, parents); diff != "" {
		t.Error(diff)
	}
}
