package otlptest_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"io"
	"math/big"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	collogspb "go.opentelemetry.io/proto/otlp/collector/logs/v1"
	colmetricspb "go.opentelemetry.io/proto/otlp/collector/metrics/v1"
	coltracepb "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	commonpb "go.opentelemetry.io/proto/otlp/common/v1"
	logspb "go.opentelemetry.io/proto/otlp/logs/v1"
	metricspb "go.opentelemetry.io/proto/otlp/metrics/v1"
	resourcepb "go.opentelemetry.io/proto/otlp/resource/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"go.uber.org/goleak"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	grpcgzip "google.golang.org/grpc/encoding/gzip"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"github.com/otelkit/otelkit-go/internal/otlptest"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("net/http.(*conn).closeWriteAndWait"))
}

func text(s string) *commonpb.AnyValue {
	return &commonpb.AnyValue{Value: &commonpb.AnyValue_StringValue{StringValue: s}}
}

var (
	resource = &resourcepb.Resource{Attributes: []*commonpb.KeyValue{{Key: "service.name", Value: text("checkout")}}}
	scope    = &commonpb.InstrumentationScope{Name: "shop"}
)

func logsRequest(bodies ...string) *collogspb.ExportLogsServiceRequest {
	var records []*logspb.LogRecord
	for _, b := range bodies {
		records = append(records, &logspb.LogRecord{Body: text(b)})
	}
	return &collogspb.ExportLogsServiceRequest{ResourceLogs: []*logspb.ResourceLogs{{
		Resource: resource, ScopeLogs: []*logspb.ScopeLogs{{Scope: scope, LogRecords: records}},
	}}}
}

// answer is what a client sees, alike for both transports.
type answer struct {
	Status     int        // HTTP only
	Code       codes.Code // of the gRPC status, or of the one in the HTTP body
	RetryAfter string
	Body       []byte
	Err        bool // no answer at all
}

func post(ctx context.Context, t *testing.T, r *otlptest.Receiver, signal string, m proto.Message) answer {
	t.Helper()
	body, err := proto.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	_, _ = z.Write(body)
	_ = z.Close()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.HTTPEndpoint()+"/v1/"+signal, &zipped)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-protobuf")
	req.Header.Set("Content-Encoding", "gzip")
	req.Header.Set("Tenant", "blue")
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err != nil {
		return answer{Err: true}
	}
	defer resp.Body.Close()
	a := answer{Status: resp.StatusCode, RetryAfter: resp.Header.Get("Retry-After")}
	if a.Body, err = io.ReadAll(resp.Body); err != nil {
		t.Fatal(err)
	}
	return a
}

func call(ctx context.Context, t *testing.T, r *otlptest.Receiver, signal string, m proto.Message) answer {
	t.Helper()
	conn, err := grpc.NewClient(r.GRPCAddr(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	ctx = metadata.AppendToOutgoingContext(ctx, "tenant", "blue")
	var resp proto.Message
	zip := grpc.UseCompressor(grpcgzip.Name)
	switch signal {
	case "logs":
		resp, err = collogspb.NewLogsServiceClient(conn).Export(ctx, m.(*collogspb.ExportLogsServiceRequest), zip)
	case "traces":
		resp, err = coltracepb.NewTraceServiceClient(conn).Export(ctx, m.(*coltracepb.ExportTraceServiceRequest), zip)
	case "metrics":
		resp, err = colmetricspb.NewMetricsServiceClient(conn).Export(ctx, m.(*colmetricspb.ExportMetricsServiceRequest), zip)
	}
	st := status.Convert(err)
	a := answer{Code: st.Code()}
	for _, d := range st.Details() {
		if info, ok := d.(*errdetails.RetryInfo); ok {
			a.RetryAfter = info.GetRetryDelay().AsDuration().String()
		}
	}
	if err == nil {
		a.Body, _ = proto.Marshal(resp)
	}
	return a
}

type sender func(context.Context, *testing.T, *otlptest.Receiver, string, proto.Message) answer

func overBoth(t *testing.T, f func(t *testing.T, send sender)) {
	for name, send := range map[string]sender{"http": post, "grpc": call} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f(t, send)
		})
	}
}

func TestEverythingIsKept(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, send sender) {
		r := otlptest.New(t)
		logs := logsRequest("one", "two")
		spans := &coltracepb.ExportTraceServiceRequest{ResourceSpans: []*tracepb.ResourceSpans{{
			Resource: resource, ScopeSpans: []*tracepb.ScopeSpans{{Scope: scope, Spans: []*tracepb.Span{{Name: "work"}}}},
		}}}
		metrics := &colmetricspb.ExportMetricsServiceRequest{ResourceMetrics: []*metricspb.ResourceMetrics{{
			Resource: resource, ScopeMetrics: []*metricspb.ScopeMetrics{{Scope: scope, Metrics: []*metricspb.Metric{{Name: "orders"}}}},
		}}}
		send(t.Context(), t, r, "logs", logs)
		send(t.Context(), t, r, "traces", spans)
		send(t.Context(), t, r, "metrics", metrics)

		gotLogs, err := r.WaitLogs(t.Context(), 2)
		if err != nil {
			t.Fatal(err)
		}
		if got := otlptest.Value(gotLogs[1].GetBody()); got != "two" {
			t.Errorf("second body = %v, want two", got)
		}
		if diff := cmp.Diff(map[string]any{"service.name": "checkout"}, otlptest.Attributes(gotLogs[1].Resource.GetAttributes())); diff != "" {
			t.Errorf("resource (-want +got):\n%s", diff)
		}
		if got := gotLogs[0].Scope.GetName(); got != "shop" {
			t.Errorf("scope = %q, want shop", got)
		}
		if got := r.Spans(); len(got) != 1 || got[0].GetName() != "work" || got[0].Resource == nil {
			t.Errorf("spans = %v", got)
		}
		if got := r.Metrics(); len(got) != 1 || got[0].GetName() != "orders" || got[0].Scope == nil {
			t.Errorf("metrics = %v", got)
		}

		requests := r.Requests()
		want, _ := proto.Marshal(logs)
		if first := requests[0]; !bytes.Equal(first.Body, want) || first.Encoding != "gzip" || first.WireSize == 0 ||
			first.Header.Get("Tenant") != "blue" || !first.Accepted {
			t.Errorf("first request = %+v", first)
		}
		want3 := otlptest.Counts{Requests: 3, Bytes: r.Counts().Bytes, Logs: 2, Spans: 1, Metrics: 1}
		if diff := cmp.Diff(want3, r.Counts()); diff != "" {
			t.Errorf("counts (-want +got):\n%s", diff)
		}
		for text, want := range map[string]bool{"checkout": true, "blue": true, "absent": false} {
			if got := r.Contains(text); got != want {
				t.Errorf("Contains(%q) = %v", text, got)
			}
		}
		r.Reset()
		if got := r.Counts(); got != (otlptest.Counts{}) || len(r.Requests()) != 0 {
			t.Errorf("after Reset: %+v", got)
		}
	})
}

func TestFaults(t *testing.T) {
	t.Parallel()
	partial, _ := proto.Marshal(&collogspb.ExportLogsServiceResponse{
		PartialSuccess: &collogspb.ExportLogsPartialSuccess{RejectedLogRecords: 1, ErrorMessage: "bad"},
	})
	tests := map[string]struct {
		fault      otlptest.Fault
		http, grpc answer
		accepted   bool
	}{
		"none":        {otlptest.Fault{}, answer{Status: 200, Body: []byte{}}, answer{Body: []byte{}}, true},
		"partial":     {otlptest.Fault{Rejected: 1, Message: "bad"}, answer{Status: 200, Body: partial}, answer{Body: partial}, true},
		"status":      {otlptest.Fault{Status: 503}, answer{Status: 503}, answer{Code: codes.Unavailable}, false},
		"code":        {otlptest.Fault{Code: codes.InvalidArgument}, answer{Status: 400}, answer{Code: codes.InvalidArgument}, false},
		"retry after": {otlptest.Fault{Status: 429, RetryAfter: 1500 * time.Millisecond}, answer{Status: 429, RetryAfter: "2"}, answer{Code: codes.Unavailable, RetryAfter: "1.5s"}, false},
		"html":        {otlptest.Fault{HTML: true}, answer{Status: 200}, answer{Code: codes.Unknown}, false},
		"drop":        {otlptest.Fault{Drop: true}, answer{Err: true}, answer{Code: codes.Unavailable}, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			check := func(got, want answer, send string) {
				if want.Body == nil {
					got.Body = nil
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s answer (-want +got):\n%s", send, diff)
				}
			}
			r := otlptest.New(t)
			r.FailNext(test.fault, test.fault)
			check(post(t.Context(), t, r, "logs", logsRequest("x")), test.http, "HTTP")
			check(call(t.Context(), t, r, "logs", logsRequest("x")), test.grpc, "gRPC")
			want := 0
			if test.accepted {
				want = 2
			}
			if got := r.Counts(); got.Logs != want || got.Requests != 2 {
				t.Errorf("counts = %+v, want %d logs in 2 requests", got, want)
			}
			if got := post(t.Context(), t, r, "logs", logsRequest("x")); got.Status != 200 {
				t.Errorf("the request after FailNext got %d", got.Status)
			}
		})
	}
}

func TestHang(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, send sender) {
		r := otlptest.New(t)
		r.Fail(otlptest.Fault{Hang: true})
		answered := make(chan answer)
		impatient, cancel := context.WithCancel(t.Context())
		defer cancel()
		go func() { answered <- send(impatient, t, r, "logs", logsRequest("x")) }()
		if err := r.Wait(t.Context(), func(c otlptest.Counts) bool { return c.Hanging == 1 }); err != nil {
			t.Fatal(err)
		}
		cancel()
		if got := <-answered; !got.Err && got.Code != codes.Canceled {
			t.Errorf("a hanging request was answered: %+v", got)
		}
		if got, err := r.WaitRequests(t.Context(), 1); err != nil || got[0].Accepted {
			t.Errorf("hanging request: %+v, %v", got, err)
		}

		go func() { answered <- send(t.Context(), t, r, "logs", logsRequest("y")) }()
		if err := r.Wait(t.Context(), func(c otlptest.Counts) bool { return c.Hanging == 1 }); err != nil {
			t.Fatal(err)
		}
		r.Heal()
		if got := <-answered; got.Err || got.Code != codes.OK {
			t.Errorf("after Heal: %+v", got)
		}
	})
}

func TestCloseAndReopen(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, send sender) {
		r := otlptest.New(t)
		r.Close()
		if got := send(t.Context(), t, r, "logs", logsRequest("x")); !got.Err && got.Code != codes.Unavailable {
			t.Errorf("while closed: %+v", got)
		}
		if err := r.Reopen(); err != nil {
			t.Fatal(err)
		}
		send(t.Context(), t, r, "logs", logsRequest("x"))
		if got := r.Counts(); got.Logs != 1 {
			t.Errorf("after Reopen: %+v", got)
		}
	})
}

func TestLimit(t *testing.T) {
	t.Parallel()
	r := otlptest.New(t, otlptest.WithLimit(100))
	long := logsRequest(string(bytes.Repeat([]byte("a"), 200)))
	if got := post(t.Context(), t, r, "logs", long); got.Status != http.StatusRequestEntityTooLarge {
		t.Errorf("HTTP status = %d, want 413", got.Status)
	}
	if got := call(t.Context(), t, r, "logs", long); got.Code != codes.ResourceExhausted {
		t.Errorf("gRPC code = %v, want ResourceExhausted", got.Code)
	}
}

func TestCountOnly(t *testing.T) {
	t.Parallel()
	r := otlptest.New(t, otlptest.WithCountOnly())
	post(t.Context(), t, r, "logs", logsRequest("one", "two", "three"))
	if got := r.Counts(); got.Logs != 3 || len(r.Requests()) != 0 {
		t.Errorf("counts = %+v, %d requests kept; want 3 logs, none kept", got, len(r.Requests()))
	}
}

func TestWaitGivesUp(t *testing.T) {
	t.Parallel()
	r := otlptest.New(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := r.WaitLogs(ctx, 1); err == nil {
		t.Error("Wait returned nil although nothing arrived")
	}
}

func TestNotOTLP(t *testing.T) {
	t.Parallel()
	r := otlptest.New(t)
	tests := map[string]struct {
		path, contentType, body string
		want                    int
	}{
		"path":    {"/v1/profiles", "application/x-protobuf", "", http.StatusNotFound},
		"json":    {"/v1/logs", "application/json", "{}", http.StatusUnsupportedMediaType},
		"garbage": {"/v1/logs", "application/x-protobuf", "garbage", http.StatusBadRequest},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			req, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, r.HTTPEndpoint()+test.path, bytes.NewBufferString(test.body))
			req.Header.Set("Content-Type", test.contentType)
			client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
			resp, err := client.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			if resp.StatusCode != test.want {
				t.Errorf("status = %d, want %d", resp.StatusCode, test.want)
			}
		})
	}
}

// TestTLS asks for a client certificate, as a Collector with mutual TLS does.
func TestTLS(t *testing.T) {
	t.Parallel()
	certificate, pool := certify(t)
	mutual := &tls.Config{RootCAs: pool, Certificates: []tls.Certificate{certificate}}
	for name, test := range map[string]struct {
		client *tls.Config
		want   int
	}{"with": {mutual, 1}, "without": {&tls.Config{RootCAs: pool}, 0}} {
		t.Run(name+" a certificate", func(t *testing.T) {
			t.Parallel()
			r := otlptest.New(t, otlptest.WithTLS(&tls.Config{
				Certificates: []tls.Certificate{certificate}, ClientCAs: pool, ClientAuth: tls.RequireAndVerifyClientCert,
			}))
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.HTTPEndpoint()+"/v1/logs", nil)
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Content-Type", "application/x-protobuf")
			client := http.Client{Transport: &http.Transport{DisableKeepAlives: true, TLSClientConfig: test.client}}
			if resp, err := client.Do(req); err == nil {
				resp.Body.Close()
			}
			conn, err := grpc.NewClient(r.GRPCAddr(), grpc.WithTransportCredentials(credentials.NewTLS(test.client)))
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			_, _ = collogspb.NewLogsServiceClient(conn).Export(t.Context(), logsRequest("x"))
			if got := r.Counts(); got.Requests != 2*test.want {
				t.Errorf("%d requests came through, want %d over each transport", got.Requests, test.want)
			}
		})
	}
}

// certify makes a certificate for loopback that signs itself.
func certify(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(leaf)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}
