package scrub

// signal is where a value was found. It labels the counters and picks what
// may be done with a finding: a metric label takes a fixed mask only.
type signal uint8

const (
	sigText signal = iota // String and KeyValue called directly
	sigTraces
	sigLogs
	sigMetrics
	sigResource
	sigBaggage
	sigSentry
	numSignals
)

var signalNames = [numSignals]string{"text", "traces", "logs", "metrics", "resource", "baggage", "sentry"}

func (sig signal) String() string { return signalNames[sig] }
