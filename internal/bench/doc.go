// Package bench measures otelkit against plain OpenTelemetry.
//
//	go -C internal/bench run ./cmd/compare   what | ns wall | calls/s | ns CPU | allocs | ratio
//	go -C internal/bench run ./cmd/requests  what | allocs | CPU ns | caller's CPU ns | wall ns, each with its ratio
//	go -C internal/bench run ./cmd/goals     goal | measured | limit | ok
//	go -C internal/bench run ./cmd/delivery  row | plain | otelkit | goal | ok
//
// Each measurement is a process of its own, so that heaps, pools and the
// resident set of one do not weigh on another, and the OTLP receiver is a
// process of its own too, or its decoding would be charged to the code under
// test. All are this binary, started again: a command calls [Main] first.
//
// A measurement is lossless or an error: the receiver must have counted as
// many records as were recorded. Plain OpenTelemetry drops what its queue
// cannot hold, so every subject is flushed each [chunk] calls.
//
// Throughput is what a process can deliver at most, so a goroutine for each
// core calls. What one alone can is shown by compare.
//
// OTELKIT_BENCH_PROFILE=DIR leaves a CPU profile of each subject in DIR.
//
// Rounds are interleaved, a ratio is taken within its round, and what is shown
// is the median over the rounds.
package bench
