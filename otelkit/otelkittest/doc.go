// Package otelkittest tests what a service tells about itself.
//
// [New] gives a kit that keeps logs, spans, metrics and Sentry events in
// memory, as they would leave the process: scrubbed. Kits do not touch globals,
// so tests run in parallel.
//
//	kit := otelkittest.New(t)
//	checkout(ctx, kit.Logger("shop"), kit.TracerProvider())
//	kit.Snapshot(t, "checkout.txt") // the whole story, as a golden file
//	kit.AssertConventions(t)
//
// [AssertNoLeak] plants fake secrets in every place of telemetry and checks the
// bytes that leave.
package otelkittest
