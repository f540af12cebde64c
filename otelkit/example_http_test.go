package otelkit_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"

	"github.com/otelkit/otelkit-go/otelkit"
)

// Each request has its lines, with what was bound to it on the way.
func ExampleHTTPMiddleware() {
	kit := printing("request_id", "user_id", "route", "status", "order")
	defer kit.Shutdown(context.Background())

	mux := http.NewServeMux()
	mux.HandleFunc("GET /orders/{id}", func(w http.ResponseWriter, r *http.Request) {
		otelkit.BindScope(r.Context(), "user_id", "u-7") // as an authentication middleware would
		kit.Logger("shop").InfoContext(r.Context(), "order_loaded", "order", r.PathValue("id"))
		io.WriteString(w, "a book")
	})
	handler := otelkit.HTTPMiddleware(otelkit.WithKit(kit))(mux)

	r := httptest.NewRequest(http.MethodGet, "/orders/17?coupon=spring", nil)
	r.Header.Set("X-Request-Id", "r-1")
	handler.ServeHTTP(httptest.NewRecorder(), r)
	// Output:
	// INFO request_started request_id=r-1
	// INFO order_loaded request_id=r-1 user_id=u-7 order=17
	// INFO request_finished request_id=r-1 user_id=u-7 route=GET /orders/{id} status=200
}

// A panic is answered and told of once.
func ExampleHTTPMiddleware_panic() {
	kit := printing("status", "error")
	defer kit.Shutdown(context.Background())

	handler := otelkit.HTTPMiddleware(otelkit.WithKit(kit))(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		panic("out of stock")
	}))
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	fmt.Println(w.Code, w.Body)
	// Output:
	// INFO request_started
	// ERROR request_failed status=500 error=out of stock
	// 500 Internal Server Error
}

// A server that anyone can reach, behind a proxy, and asked by a load balancer
// every second.
func ExampleHTTPMiddleware_public() {
	kit := printing("client_ip", "status")
	defer kit.Shutdown(context.Background())

	handler := otelkit.HTTPMiddleware(otelkit.WithKit(kit),
		otelkit.WithPublicListener(),
		otelkit.WithTrustedProxies(netip.MustParsePrefix("10.0.0.0/8")),
		otelkit.WithHealthEndpoints("/healthz"),
	)(http.NotFoundHandler())

	for _, path := range []string{"/healthz", "/orders"} {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.RemoteAddr = "10.0.0.3:4711"
		r.Header.Set("X-Forwarded-For", "203.0.113.9")
		handler.ServeHTTP(httptest.NewRecorder(), r)
	}
	// Output:
	// INFO request_started client_ip=203.0.113.9
	// WARN request_finished client_ip=203.0.113.9 status=404
}

// A failed request to another service is told with the metadata of the request
// that it was made for.
func ExampleHTTPTransport() {
	kit := printing("user_id", "method", "status")
	defer kit.Shutdown(context.Background())
	stock := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	defer stock.Close()
	client := &http.Client{Transport: otelkit.HTTPTransport(nil, otelkit.WithKit(kit))}

	ctx := otelkit.Bind(context.Background(), "user_id", "u-7")
	req, _ := http.NewRequestWithContext(ctx, http.MethodGet, stock.URL+"/items", nil)
	if res, err := client.Do(req); err == nil {
		res.Body.Close()
	}
	// Output:
	// WARN external_request_failed user_id=u-7 method=GET status=503
}
