package scrub

import (
	"fmt"
	"strings"
	"testing"

	"go.opentelemetry.io/otel/attribute"
)

// cleanLines are log lines as services write them, about 130 bytes each,
// without a secret.
var cleanLines = []string{
	`2026-03-14T09:26:53.589Z INFO order-service event=order_created order_id=ord_8812 items=3 total_cents=4599 currency=EUR duration_ms=17`,
	`level=info ts=2026-03-14T09:26:53.589Z caller=server.go:212 msg="request finished" method=GET path=/api/v1/orders status=200 bytes=5123`,
	`connection to upstream 10.42.7.19:8443 established after 2 retries, protocol h2, cipher TLS_AES_128_GCM_SHA256, took 12.25ms in total`,
	`{"level":"warn","msg":"slow query","table":"invoices","rows":1200,"elapsed_ms":842,"trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","n":7}`,
	`081109 203615 148 INFO dfs.DataNode$PacketResponder: PacketResponder 1 for block blk_38865049064139660 terminating on node seven of rack`,
	`worker 7 picked job reindex-products from queue default, attempt 1 of 5, payload 2048 bytes, next run scheduled in 30 seconds from now`,
	`[Sun Dec 04 04:47:44 2025] [notice] workerEnv.init() ok /etc/httpd/conf/workers2.properties, child 6725 found in scoreboard slot 10`,
	`GC cycle 182 finished: heap 412 MiB -> 187 MiB, pause 1.2 ms, 14 goroutines waiting, next trigger at 374 MiB, target 75 percent of cap`,
}

var cleanValues = []string{"GET", "checkout-service", "/api/v1/orders/{id}", "postgresql", "orders.created", "eu-central-1b", "HTTP/1.1", "application/json; charset=utf-8"}

var classSink uint64

// table has an entry for each byte.
var table = func() (t [256]uint64) {
	for c := range t {
		t[c] = uint64(c) * 0x9E3779B97F4A7C15
	}
	return t
}()

// plainScan is a look at every byte in a table of 256 entries: the ceiling of
// a byte-at-a-time pass.
func plainScan(text string) (n uint64) {
	for i := range len(text) {
		n += table[text[i]]
	}
	return n
}

func BenchmarkPlainScanLines(b *testing.B)  { benchPlain(b, cleanLines) }
func BenchmarkCleanLines(b *testing.B)      { benchString(b, cleanLines) }
func BenchmarkPlainScanValues(b *testing.B) { benchPlain(b, cleanValues) }
func BenchmarkCleanValues(b *testing.B)     { benchString(b, cleanValues) }

func benchPlain(b *testing.B, texts []string) {
	b.SetBytes(int64(len(strings.Join(texts, "")) / len(texts)))
	for i := 0; b.Loop(); i++ {
		classSink += plainScan(texts[i%len(texts)])
	}
}

func benchString(b *testing.B, texts []string) {
	s, err := New()
	if err != nil {
		b.Fatal(err)
	}
	for _, text := range texts {
		if out := s.String(text); out != text {
			b.Fatalf("%q is not clean: %q", text, out)
		}
	}
	b.SetBytes(int64(len(strings.Join(texts, "")) / len(texts)))
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		s.String(texts[i%len(texts)])
	}
}

func BenchmarkEachCleanLine(b *testing.B) {
	for i, text := range cleanLines {
		b.Run(fmt.Sprint(i), func(b *testing.B) { benchString(b, []string{text}) })
	}
}

func BenchmarkCleanKey(b *testing.B) {
	s, _ := New()
	keys := []string{"http.request.method", "url.path", "server.address", "db.system.name"}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		s.find.Verdict(keys[i&3])
	}
}

// cleanRecord is ten fields of a log record.
var cleanRecord = []attribute.KeyValue{
	attribute.String("http.request.method", "GET"), attribute.String("url.path", "/api/v1/orders"), attribute.String("service.version", "1.42.0"),
	attribute.Int("http.response.status_code", 200), attribute.Int("bytes", 5123), attribute.Float64("ratio", 0.75), attribute.Int64("duration", 1714000),
	attribute.String("error", "context deadline exceeded"), attribute.Bool("retry", false), attribute.Int64("time", 1741944413),
}

func BenchmarkCleanRecord(b *testing.B) {
	s, _ := New()
	b.ReportAllocs()
	for b.Loop() {
		s.attributes(sigLogs, cleanRecord)
	}
}
