package fleet

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net/http"
	"os"
	"testing"

	"github.com/otelkit/otelkit-go/internal/collectortest"
)

// A gateway lets in who knows the token, over TLS.
func TestToken(t *testing.T) {
	t.Parallel()
	f := startFleet(t)
	for _, tt := range []struct{ name, authorization, status string }{
		{"the token", "Bearer " + f.Token, "0"},            // OK
		{"another token", "Bearer " + f.Token + "x", "16"}, // UNAUTHENTICATED
		{"no token", "", "16"},
	} {
		if got := export(t, f, tt.authorization); got != tt.status {
			t.Errorf("%s: gRPC status %q, want %s", tt.name, got, tt.status)
		}
	}
	if resp, err := http.Get("http://" + f.Gateways[0].GRPC); err == nil {
		_ = resp.Body.Close()
		t.Errorf("a gateway answers without TLS: %s", resp.Status)
	}
}

// export sends an empty request to the first gateway by gRPC, which is HTTP/2
// with five bytes before each message, and returns the status.
func export(t *testing.T, f *collectortest.Fleet, authorization string) string {
	t.Helper()
	ca, err := os.ReadFile(f.CA)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(ca)
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}, ForceAttemptHTTP2: true}
	defer transport.CloseIdleConnections()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost,
		"https://"+f.Gateways[0].GRPC+"/opentelemetry.proto.collector.logs.v1.LogsService/Export", bytes.NewReader(make([]byte, 5)))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/grpc")
	req.Header.Set("Te", "trailers")
	if authorization != "" {
		req.Header.Set("Authorization", authorization)
	}
	resp, err := transport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		t.Fatal(err)
	}
	return resp.Header.Get("Grpc-Status") + resp.Trailer.Get("Grpc-Status")
}
