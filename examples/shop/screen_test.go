package main

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestScreen(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	s := newScreen(&out)
	for _, line := range []string{
		"otelkit: service gateway; logs → console (pretty)",
		"2026-11-22T13:46:40.001Z [info ] order_received [gateway] order_id=o-1 trace_id=4bf92f3577b34da6a3ce929d0e0e4736",
		"    customer:",
		"2026-11-22T13:46:40.002Z [error] order_failed [gateway] request_id=r-1 client_ip=127.0.0.1 order_id=o-1 step=\"charge card\" trace_id=4bf92f3577b34da6a3ce929d0e0e4736",
		"    error: *errors.errorString: no",
		"        main.main()",
		"2026-11-22T13:46:40.003Z [span ] POST /orders 502 1.2ms [otelhttp] url.path=/orders",
		"2026-11-22T13:46:41.002Z [error] order_failed [gateway] order_id=o-2",
		"    error: *errors.errorString: no",
		"2026-11-22T13:46:41.003Z [warn ] order_failed [gateway] order_id=o-2",
		"panic: the service dies",
	} {
		s.line("gateway", line)
		s.line("worker", "2026-11-22T13:46:40.001Z [info ] receipt_sent [worker]") // lines of others come in between
	}
	s.line("worker", "2026-11-22T13:46:41.004Z [error] task_failed [otelkit.task]")
	s.end("worker")
	want := `13:46:40.002 gateway  error order_failed order_id=o-1 step="charge card"
                                error: *errors.errorString: no
13:46:41.003 gateway  warn  order_failed order_id=o-2
             gateway  panic: the service dies
13:46:41.004 worker   error task_failed
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("screen (-want +got):\n%s", diff)
	}
}
