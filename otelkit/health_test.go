package otelkit

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/otelkit/otelkit-go/exporters/otlp"
	"github.com/otelkit/otelkit-go/internal/otlptest"
)

func TestHealth(t *testing.T) {
	t.Parallel()
	receiver := otlptest.New(t)
	kit, _ := start(t, WithEndpoint(receiver.HTTPEndpoint()), WithoutRuntimeMetrics())
	for range 3 {
		kit.Logger("test").InfoContext(t.Context(), "event")
	}
	if err := kit.ForceFlush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(otlp.Books{Accepted: 3, Delivered: 3}, kit.Health().OTLP.Logs); diff != "" {
		t.Error(diff)
	}

	w := httptest.NewRecorder()
	kit.HealthHandler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil))
	var h Health
	if err := json.Unmarshal(w.Body.Bytes(), &h); err != nil {
		t.Fatal(err)
	}
	if w.Code != http.StatusOK || !h.Running || h.OTLP.Logs.Delivered != 3 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// TestExportMetrics looks at what a Collector sees of the books.
func TestExportMetrics(t *testing.T) {
	t.Parallel()
	receiver := otlptest.New(t)
	kit, _ := start(t, WithEndpoint(receiver.HTTPEndpoint()), WithoutRuntimeMetrics())
	for range 3 {
		kit.Logger("test").InfoContext(t.Context(), "event")
	}
	for range 2 { // the second tells what the first has delivered
		if err := kit.ForceFlush(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	got := map[string]int64{}
	for _, m := range receiver.Metrics() {
		for _, p := range m.GetSum().GetDataPoints() {
			if otlptest.Attributes(p.GetAttributes())["signal"] == "logs" {
				got[m.GetName()] = p.GetAsInt()
			}
		}
	}
	want := map[string]int64{"otelkit.export.accepted": 3, "otelkit.export.delivered": 3, "otelkit.export.pending": 0}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("books as metrics (-want +got):\n%s", diff)
	}
}

func TestHealthWhileFailing(t *testing.T) {
	t.Setenv("OTEL_METRICS_EXPORTER", "none") // the failure is for the line
	receiver := otlptest.New(t)
	kit, _ := start(t, WithEndpoint(receiver.HTTPEndpoint()), WithoutRuntimeMetrics())
	receiver.Fail(otlptest.Fault{Status: http.StatusForbidden}) // metrics, too, which tell the books
	kit.Logger("test").InfoContext(t.Context(), "event")
	_ = kit.ForceFlush(t.Context())

	w := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
	r.Header.Set("Accept", "text/html,*/*")
	kit.HealthHandler().ServeHTTP(w, r)
	page := w.Body.String()
	if w.Code != http.StatusServiceUnavailable || !strings.Contains(page, "Failing: logs") || !strings.Contains(page, "rejected: 1") {
		t.Errorf("%d %s", w.Code, page)
	}
}

func TestHealthOfAKitThatDoesNothing(t *testing.T) {
	t.Parallel()
	var kit *Kit
	if diff := cmp.Diff(Health{}, kit.Health()); diff != "" {
		t.Error(diff)
	}
	w := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
	r.Header.Set("Accept", "text/html")
	kit.HealthHandler().ServeHTTP(w, r)
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "Telemetry is off") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// The files that the variables name are those that the connection is made with.
func TestVerifyMutualTLS(t *testing.T) {
	t.Setenv("OTEL_METRICS_EXPORTER", "none") // which would tell the books at the end
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	srv.TLS = &tls.Config{ClientAuth: tls.RequireAnyClientCert}
	srv.Config.ErrorLog = log.New(io.Discard, "", 0)
	srv.StartTLS()
	t.Cleanup(srv.Close)
	pair := srv.TLS.Certificates[0]
	key, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	file := func(name, kind string, der []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	cert := file("cert.pem", "CERTIFICATE", pair.Certificate[0])
	t.Setenv("OTEL_EXPORTER_OTLP_CERTIFICATE", cert)
	verify := func() error {
		kit, _ := start(t, WithEndpoint(srv.URL), WithoutRuntimeMetrics())
		return kit.Verify(t.Context())
	}
	if err := verify(); err == nil || !strings.Contains(err.Error(), "certificate required") {
		t.Errorf("without a certificate: %v", err)
	}
	t.Setenv("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", cert)
	t.Setenv("OTEL_EXPORTER_OTLP_CLIENT_KEY", file("key.pem", "PRIVATE KEY", key))
	if err := verify(); err != nil {
		t.Error(err)
	}
}

func TestVerify(t *testing.T) {
	t.Parallel()
	receiver := otlptest.New(t)
	kit, _ := start(t, WithEndpoint(receiver.HTTPEndpoint()), WithoutRuntimeMetrics())
	if err := kit.Verify(t.Context()); err != nil {
		t.Errorf("a healthy receiver: %v", err)
	}
	receiver.Fail(otlptest.Fault{Status: http.StatusUnauthorized})
	defer receiver.Heal()
	if err := kit.Verify(t.Context()); err == nil || !strings.Contains(err.Error(), "401") {
		t.Errorf("a receiver that wants authorization: %v", err)
	}
}
