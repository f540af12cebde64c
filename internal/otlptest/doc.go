// Package otlptest provides an OTLP receiver for tests, in the manner of
// net/http/httptest: it listens on loopback over HTTP/protobuf and over gRPC,
// keeps everything it is sent, decoded and as the bytes that arrived, and can
// be told to misbehave as a Collector does on a bad day.
//
//	r := otlptest.New(t)
//	// send to r.HTTPEndpoint() or r.GRPCEndpoint() …
//	logs, err := r.WaitLogs(t.Context(), 3)
//
// A program that needs a receiver in a process of its own uses [Start].
package otlptest
