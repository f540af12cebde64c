package otlp

import (
	"time"

	"github.com/otelkit/otelkit-go/exporters/spool"
)

// Stats are the books of an Exporter at one moment.
type Stats struct {
	Traces, Metrics, Logs Books
}

// Books account for the records of one signal (spans, data points, log
// records) since New. At all times Accepted = Delivered + Pending + the sum of
// Dropped.
type Books struct {
	// Accepted counts records that the exporter took on, those found in a
	// spool included.
	Accepted int64 `json:"accepted"`
	// Delivered counts records that the receiver said it took.
	Delivered int64 `json:"delivered"`
	// Pending counts records that wait to be sent or are being sent. After
	// Shutdown it counts what the spool holds for the next process.
	Pending int64 `json:"pending"`
	// Dropped counts records that are lost, by reason. Nil if there are none.
	Dropped map[string]int64 `json:"dropped,omitempty"`
	// Recovered counts records, contained in Accepted, that an earlier
	// process left in the spool.
	Recovered int64 `json:"recovered,omitempty"`
	// Repaired counts strings whose invalid UTF-8 was replaced by U+FFFD.
	Repaired int64 `json:"repaired,omitempty"`
	// Truncated counts values that were too long and were cut.
	Truncated int64 `json:"truncated,omitempty"`
	// Failing says that the latest attempt to send failed: the receiver could not
	// be reached, refused who sends (401, 403, 404…), or refused what was sent
	// (400) twice in a row. One such request alone is no failure of the way there;
	// its records are in Dropped.
	Failing bool `json:"failing"`
	// LastError is the text of the latest failure, "" if there was none. It
	// holds no header and no userinfo.
	LastError string `json:"last_error,omitempty"`
	// LastErrorTime is when it happened, zero if there was none.
	LastErrorTime time.Time `json:"last_error_time,omitzero"`
}

// Lost returns the sum of Dropped.
func (b Books) Lost() int64 {
	var n int64
	for _, d := range b.Dropped {
		n += d
	}
	return n
}

// Reasons why records are dropped, as the keys of Books.Dropped. A spool adds
// its own: expired, corrupt, torn, unreadable.
const (
	// DropQueueFull: the queue or the spool needed the room.
	DropQueueFull = spool.ReasonFull
	// DropTooLarge: one record alone is above what the receiver or the queue
	// takes.
	DropTooLarge = spool.ReasonTooLarge
	// DropClosed: not delivered when Shutdown ended, and there is no spool.
	DropClosed = spool.ReasonClosed
	// DropRejected: the receiver refused the records for good.
	DropRejected = "rejected"
	// DropUnknown: a metric of an aggregation that OTLP does not have.
	DropUnknown = "unknown"
	// DropPanic: encoding or sending the record panicked.
	DropPanic = "panic"
)
