package otlp

// Signal names one of the three kinds of telemetry.
type Signal byte

// The three signals. The values are written into spool files; they never
// change.
const (
	Traces  Signal = 't'
	Metrics Signal = 'm'
	Logs    Signal = 'l'
)

// String returns "traces", "metrics" or "logs".
func (s Signal) String() string {
	switch s {
	case Traces:
		return "traces"
	case Metrics:
		return "metrics"
	case Logs:
		return "logs"
	}
	return "unknown"
}
