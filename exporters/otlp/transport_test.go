package otlp

import (
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	collogs "go.opentelemetry.io/proto/otlp/collector/logs/v1"
	colmetrics "go.opentelemetry.io/proto/otlp/collector/metrics/v1"
	coltrace "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
)

func newReader(b []byte) io.Reader { return bytes.NewReader(b) }

func listen(t *testing.T, network, addr string) net.Listener {
	t.Helper()
	l, err := net.Listen(network, addr)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// One record of each signal arrives over each transport, with headers,
// compressed or not.
func TestTransports(t *testing.T) {
	t.Parallel()
	for _, protocol := range []Protocol{HTTPProtobuf, GRPC} {
		for _, where := range []string{"plain", "tls", "unix"} {
			for _, compression := range []Compression{CompressionNone, CompressionGzip} {
				name := map[Protocol]string{HTTPProtobuf: "http", GRPC: "grpc"}[protocol] + "/" + where + "/" +
					map[Compression]string{CompressionNone: "whole", CompressionGzip: "gzip"}[compression]
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					r, ep := receive(t, protocol, where)
					ep.Compression = compression
					ep.Headers = map[string]string{"x-key": "value"}
					exchange(t, r, ep)
				})
			}
		}
	}
}

// receive starts a receiver and returns the endpoint that reaches it.
func receive(t *testing.T, protocol Protocol, where string) (*receiver, Endpoint) {
	t.Helper()
	var l net.Listener
	ep := Endpoint{Protocol: protocol}
	if where == "unix" {
		dir, err := os.MkdirTemp("", "otlp") //nolint:usetesting // t.TempDir may be too long for a socket
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = os.RemoveAll(dir) })
		l = listen(t, "unix", filepath.Join(dir, "s"))
		ep.URL = "unix://" + filepath.Join(dir, "s")
	} else {
		l = listen(t, "tcp", "127.0.0.1:0")
		ep.URL = "http://" + l.Addr().String()
	}
	certs := httptest.NewUnstartedServer(nil)
	certs.StartTLS() // for its certificate
	defer certs.Close()
	if where == "tls" {
		ep.URL = "https://" + l.Addr().String()
		ep.TLS = certs.Client().Transport.(*http.Transport).TLSClientConfig
	}
	if protocol == GRPC {
		var opts []grpc.ServerOption
		if where == "tls" {
			opts = append(opts, grpc.Creds(credentials.NewServerTLSFromCert(&certs.TLS.Certificates[0])))
		}
		return newGRPCReceiver(t, l, opts...), ep
	}
	r := &receiver{}
	srv := httptest.NewUnstartedServer(r)
	_ = srv.Listener.Close()
	srv.Listener = l
	if where == "tls" {
		srv.TLS = &tls.Config{Certificates: certs.TLS.Certificates, NextProtos: []string{"h2", "http/1.1"}}
		srv.EnableHTTP2 = true
		srv.StartTLS()
	} else {
		srv.Start()
	}
	t.Cleanup(srv.Close)
	return r, ep
}

func exchange(t *testing.T, r *receiver, ep Endpoint) {
	t.Helper()
	told := &tales{}
	e, err := New(WithEndpoint(ep), WithErrorHandler(told.add))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = e.Shutdown(t.Context()) }()
	if err := e.Verify(t.Context()); err != nil {
		t.Errorf("Verify: %v", err)
	}
	tp := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(e.SpanProcessor()))
	_, span := tp.Tracer("t").Start(t.Context(), "op")
	span.End()
	mp := sdkmetric.NewMeterProvider(sdkmetric.WithReader(sdkmetric.NewPeriodicReader(e.MetricExporter())))
	counter, err := mp.Meter("m").Int64Counter("c")
	if err != nil {
		t.Fatal(err)
	}
	counter.Add(t.Context(), 7, metric.WithAttributes(attribute.String("k", "bad\xff")))
	newEmitter(e.LogProcessor()).emit(5, info)
	if err := errors.Join(mp.ForceFlush(t.Context()), e.ForceFlush(t.Context())); err != nil {
		t.Fatal(err)
	}
	if err := mp.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	spans := r.requests(Traces)
	if got := spans[len(spans)-1].(*coltrace.ExportTraceServiceRequest).ResourceSpans[0].ScopeSpans[0].Spans[0].Name; got != "op" {
		t.Errorf("span %q", got)
	}
	points := r.requests(Metrics)[1].(*colmetrics.ExportMetricsServiceRequest).ResourceMetrics[0].ScopeMetrics[0].Metrics[0].GetSum().DataPoints
	if points[0].GetAsInt() != 7 || points[0].Attributes[0].Value.GetStringValue() != "bad\uFFFD" {
		t.Errorf("data points %v", points)
	}
	records := r.requests(Logs)
	if got := len(records[len(records)-1].(*collogs.ExportLogsServiceRequest).ResourceLogs[0].ScopeLogs[0].LogRecords); got != 5 {
		t.Errorf("%d log records", got)
	}
	for _, s := range []Signal{Traces, Metrics, Logs} {
		if got := r.headers(s).Get("x-key"); got != "value" {
			t.Errorf("%s: header %q", s, got)
		}
	}
	if s := e.Stats(); s.Traces.Delivered != 1 || s.Metrics.Delivered < 1 || s.Metrics.Repaired < 1 {
		t.Errorf("books: %+v", s)
	}
	if ep.Protocol == GRPC { // its receiver rejects one log record
		balanced(t, e, 5, 4, 0, map[string]int64{DropRejected: 1})
	} else {
		balanced(t, e, 5, 5, 0, nil)
	}
}

func TestMutualTLS(t *testing.T) {
	t.Parallel()
	srv := httptest.NewUnstartedServer(&receiver{})
	srv.TLS = &tls.Config{ClientAuth: tls.RequireAnyClientCert}
	srv.Config.ErrorLog = log.New(io.Discard, "", 0)
	srv.StartTLS()
	defer srv.Close()
	known := srv.Client().Transport.(*http.Transport).TLSClientConfig
	known.Certificates = nil
	mutual := known.Clone()
	mutual.Certificates = srv.TLS.Certificates
	verify := func(cfg *tls.Config) error {
		e, err := New(WithLogs(Endpoint{URL: srv.URL + "/v1/logs", TLS: cfg}))
		if err != nil {
			return err
		}
		defer func() { _ = e.Shutdown(t.Context()) }()
		return e.Verify(t.Context())
	}
	if err := verify(mutual); err != nil {
		t.Error(err)
	}
	for want, cfg := range map[string]*tls.Config{
		"certificate required":                    known,
		"certificate signed by unknown authority": {Certificates: mutual.Certificates},
	} {
		if err := verify(cfg); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Verify: %v, want %q", err, want)
		}
	}
}

func sendOnce(t *testing.T, ep Endpoint) result {
	t.Helper()
	target, err := ep.parse(Logs)
	if err != nil {
		t.Fatal(err)
	}
	c, err := dial(Logs, ep, target)
	if err != nil {
		t.Fatal(err)
	}
	defer c.close()
	return c.send(t.Context(), []byte{0x0a, 0})
}

// What goes wrong below HTTP and gRPC is worth another attempt, and what is said
// about it shows no password and no query.
func TestBrokenConnections(t *testing.T) {
	t.Parallel()
	closing := func(c net.Conn) { _ = c.Close() }
	resetting := func(c net.Conn) {
		_ = c.(*net.TCPConn).SetLinger(0)
		_ = c.Close()
	}
	talking := func(c net.Conn) {
		_, _ = io.WriteString(c, "220 mail.example.com ESMTP\r\n")
		_ = c.Close()
	}
	hanging := func(c net.Conn) {
		_, _ = io.Copy(io.Discard, c)
		_ = c.Close()
	}
	for _, protocol := range []Protocol{HTTPProtobuf, GRPC} {
		for name, serve := range map[string]func(net.Conn){"eof": closing, "reset": resetting, "smtp": talking, "hang": hanging, "refused": nil} {
			t.Run(map[Protocol]string{HTTPProtobuf: "http", GRPC: "grpc"}[protocol]+"/"+name, func(t *testing.T) {
				t.Parallel()
				l := listen(t, "tcp", "127.0.0.1:0")
				if serve == nil {
					_ = l.Close()
				} else {
					done := make(chan struct{})
					go func() {
						defer close(done)
						for {
							c, err := l.Accept()
							if err != nil {
								return
							}
							go serve(c)
						}
					}()
					defer func() { _ = l.Close(); <-done }()
				}
				password := "hunter" + "2"
				ep := Endpoint{URL: "http://" + l.Addr().String(), Protocol: protocol, Timeout: 300 * time.Millisecond}
				if protocol == HTTPProtobuf {
					ep.URL = "http://user:" + password + "@" + l.Addr().String() + "/v1/logs?key=" + password
				}
				r := sendOnce(t, ep)
				if r.verdict != retry || r.err == nil {
					t.Fatalf("got %+v", r)
				}
				if name == "hang" && protocol == HTTPProtobuf && r.err.Error() != "no answer within 300ms" {
					t.Errorf("a receiver that hangs: %v", r.err)
				}
				if strings.Contains(r.err.Error(), password) {
					t.Errorf("the password is shown: %v", r.err)
				}
			})
		}
	}
}

func TestVerifySaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(http.NotFoundHandler())
	defer srv.Close()
	e, err := New(WithEndpoint(Endpoint{URL: srv.URL}))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = e.Shutdown(t.Context()) }()
	err = e.Verify(t.Context())
	for _, want := range []string{"traces: " + srv.URL + "/v1/traces: 404 Not Found", "metrics", "logs"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Verify: %v, want %q", err, want)
		}
	}
}

// Every wrong pairing of transport and TLS is told in words that name what to change,
// and loses nothing.
func TestWrongTransports(t *testing.T) {
	t.Parallel()
	plain := httptest.NewServer(&receiver{})
	defer plain.Close()
	secure := httptest.NewUnstartedServer(&receiver{})
	secure.EnableHTTP2 = true
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	secure.StartTLS()
	defer secure.Close()
	certs := secure.Client().Transport.(*http.Transport).TLSClientConfig
	g := newGRPCReceiver(t, listen(t, "tcp", "127.0.0.1:0"))
	gTLS := newGRPCReceiver(t, listen(t, "tcp", "127.0.0.1:0"), grpc.Creds(credentials.NewServerTLSFromCert(&secure.TLS.Certificates[0])))
	swap := func(url string) string {
		if rest, ok := strings.CutPrefix(url, "https://"); ok {
			return "http://" + rest
		}
		return strings.Replace(url, "http://", "https://", 1)
	}
	for _, tt := range []struct {
		name     string
		url      string
		protocol Protocol
		want     string
	}{
		{"plain HTTP to HTTPS", swap(secure.URL), HTTPProtobuf, speaksTLS},
		{"HTTPS to plain HTTP", swap(plain.URL), HTTPProtobuf, speaksPlain},
		{"plain HTTP to gRPC", g.url, HTTPProtobuf, speaksGRPC},
		{"HTTPS to plain gRPC", swap(g.url), HTTPProtobuf, speaksPlain},
		{"HTTPS to gRPC with TLS", swap(gTLS.url), HTTPProtobuf, speaksGRPC},
		{"plain gRPC to TLS", gTLS.url, GRPC, maybeTLS},
		{"gRPC with TLS to plain", swap(g.url), GRPC, speaksPlain},
		{"plain gRPC to HTTP", plain.URL, GRPC, speaksHTTP},
		{"gRPC with TLS to plain HTTP", swap(plain.URL), GRPC, speaksPlain},
		{"plain gRPC to HTTPS", swap(secure.URL), GRPC, maybeTLS},
		{"gRPC with TLS to HTTPS", secure.URL, GRPC, speaksHTTP},
	} {
		t.Run(tt.name, func(t *testing.T) { //nolint:paralleltest // the servers end with the test
			// A connection that is reset while the request is written says nothing.
			for range 20 {
				r := sendOnce(t, Endpoint{URL: tt.url, Protocol: tt.protocol, TLS: certs})
				if r.verdict != retry {
					t.Fatalf("got %+v", r)
				}
				if strings.Contains(r.err.Error(), tt.want) {
					return
				}
				t.Log(r.err)
			}
			t.Errorf("never told %q", tt.want)
		})
	}
}
