// Package exportertest holds the one conformance suite for everything that
// takes telemetry out of the process.
//
//	func TestConformance(t *testing.T) {
//		exportertest.Exercise(t, func(tb testing.TB) (exportertest.Exporter, exportertest.Receiver) {
//			r := otlptest.New(tb)
//			e, err := otlp.New(…r.HTTPEndpoint()…)
//			if err != nil {
//				tb.Fatal(err)
//			}
//			return e, exportertest.OTLP(r)
//		})
//	}
//
// What an exporter has to keep stands with each case in cases.go. By default
// a stand-in for scrub is put in front of the exporter, since exporters do not
// know scrub; [WithScrub] takes the real one.
package exportertest
