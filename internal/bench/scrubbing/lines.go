package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// lines returns n log lines of the kinds that services write, with a mean of
// about 130 bytes. Each is different, and the same with every run.
func lines(n int) []string {
	r := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same lines each time
	pick := func(words ...string) string { return words[r.IntN(len(words))] }
	out := make([]string, n)
	for i := range out {
		at := fmt.Sprintf("2026-03-%02dT%02d:%02d:%02d.%03dZ", 1+r.IntN(28), r.IntN(24), r.IntN(60), r.IntN(60), r.IntN(1000))
		path := pick("/api/v1/orders", "/api/v1/customers", "/healthz", "/static/app.js", "/cart/items")
		switch r.IntN(6) {
		case 0:
			out[i] = fmt.Sprintf("%s INFO order-service event=order_created order_id=ord_%d items=%d total_cents=%d currency=%s duration_ms=%d", at, r.IntN(1e5), r.IntN(9), r.IntN(1e6), pick("EUR", "USD", "JPY"), r.IntN(500))
		case 1:
			out[i] = fmt.Sprintf("level=%s ts=%s caller=server.go:%d msg=\"request finished\" method=%s path=%s status=%d bytes=%d", pick("info", "debug"), at, r.IntN(400), pick("GET", "POST"), path, 200+r.IntN(300), r.IntN(1e5))
		case 2:
			out[i] = fmt.Sprintf("connection to upstream 10.42.%d.%d:8443 established after %d retries, protocol h2, cipher TLS_AES_128_GCM_SHA256, took %d.%02dms in total", r.IntN(256), r.IntN(256), r.IntN(4), r.IntN(90), r.IntN(100))
		case 3:
			out[i] = fmt.Sprintf(`{"level":"warn","msg":"slow query","table":"%s","rows":%d,"elapsed_ms":%d,"trace_id":"%016x%016x","n":%d}`, pick("invoices", "orders", "stock"), r.IntN(1e5), r.IntN(1e4), r.Uint64(), r.Uint64(), r.IntN(10))
		case 4:
			out[i] = fmt.Sprintf("worker %d picked job %s from queue default, attempt %d of 5, payload %d bytes, next run scheduled in %d seconds from now", r.IntN(32), pick("reindex-products", "send-digest", "sweep-carts"), r.IntN(5), r.IntN(1e4), r.IntN(300))
		default:
			out[i] = fmt.Sprintf("GC cycle %d finished: heap %d MiB -> %d MiB, pause %d.%d ms, %d goroutines waiting, next trigger at %d MiB, target 75 percent", r.IntN(1e4), r.IntN(900), r.IntN(400), r.IntN(9), r.IntN(10), r.IntN(200), r.IntN(900))
		}
	}
	return out
}

// leaky is lines with a secret of one of five kinds in each.
func leaky(clean []string) []string {
	r := rand.New(rand.NewPCG(3, 4)) //nolint:gosec // as above
	text := func(n int) string {
		const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
		var b strings.Builder
		for range n {
			b.WriteByte(letters[r.IntN(len(letters))])
		}
		return b.String()
	}
	out := make([]string, len(clean))
	for i, line := range clean {
		switch i % 5 {
		case 0:
			line += " user=" + strings.ToLower(text(6)) + "@example.org"
		case 1:
			line += " password=" + text(12)
		case 2:
			line += " Authorization: Bearer " + text(40)
		case 3:
			line += " card=4111 1111 1111 1111"
		default:
			line += " key=AK" + "IA" + strings.ToUpper(text(16))
		}
		out[i] = line
	}
	return out
}

// values returns n values of attributes, of 8 to 40 bytes. Each is different,
// and the same with every run.
func values(n int) []string {
	r := rand.New(rand.NewPCG(5, 6)) //nolint:gosec // as above
	pick := func(words ...string) string { return words[r.IntN(len(words))] }
	name := func() string {
		return pick("checkout", "orders", "billing", "shipping", "search", "inventory", "reports") + "-" + pick("api", "worker", "gateway", "scheduler", "indexer")
	}
	out := make([]string, n)
	for i := range out {
		switch r.IntN(10) {
		case 0:
			out[i] = fmt.Sprintf("/api/v%d/%s/%d", 1+r.IntN(3), pick("orders", "customers", "invoices", "shipments"), r.IntN(1e6))
		case 1:
			out[i] = fmt.Sprintf("%s-%05x", name(), r.IntN(1<<20))
		case 2:
			out[i] = fmt.Sprintf("%08x-%04x-4%03x-8%03x-%012x", r.Uint32(), r.IntN(1<<16), r.IntN(1<<12), r.IntN(1<<12), r.Int64N(1<<48))
		case 3:
			out[i] = fmt.Sprintf("2026-03-%02dT%02d:%02d:%02d.%03dZ", 1+r.IntN(28), r.IntN(24), r.IntN(60), r.IntN(60), r.IntN(1000))
		case 4:
			out[i] = fmt.Sprintf("10.%d.%d.%d:%d", r.IntN(256), r.IntN(256), r.IntN(256), 1024+r.IntN(60000))
		case 5:
			out[i] = fmt.Sprintf("%s.%s.svc.cluster.local", name(), pick("prod", "staging", "default"))
		case 6:
			out[i] = fmt.Sprintf("v%d.%d.%d-%s.%d", r.IntN(9), r.IntN(40), r.IntN(90), pick("rc", "beta", "build"), r.IntN(100))
		case 7:
			out[i] = fmt.Sprintf("%s.%s.%d", pick("orders", "payments", "stock"), pick("created", "updated", "shipped"), r.IntN(64))
		case 8:
			out[i] = fmt.Sprintf("%s after %d ms", pick("context deadline exceeded", "connection refused", "no rows in result set"), r.IntN(5000))
		default:
			out[i] = pick("application/json", "text/html; charset=utf-8", "postgresql", "eu-central-1b", "HTTP/1.1 keep-alive", "SERVER_ERROR", "grpc.health.v1.Health/Check")
		}
	}
	return out
}
