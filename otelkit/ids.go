package otelkit

import (
	"encoding/binary"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"
)

// WithIDs makes the ids of requests, tasks and commands. newID is called
// concurrently. Default: UUIDs of version 7, which sort by time (RFC 9562).
func WithIDs(newID func() string) Option { return set(func(c *config) { c.newID = newID }) }

func (k *Kit) newID() string {
	if k.config.newID != nil {
		if id := k.givenID(); id != "" {
			return id
		}
	}
	return newUUID(time.Now()).String()
}

// givenID calls the function of WithIDs, which may panic.
func (k *Kit) givenID() (id string) {
	defer reportPanic(k.report.Handle, "the function of WithIDs")
	return k.config.newID()
}

// newUUID returns a UUID of version 7. Its random bits are those of the runtime's
// generator, which is seeded by the system: enough for ids that are no secrets,
// and ten times as fast as asking the system.
func newUUID(now time.Time) (id uuid.UUID) {
	binary.BigEndian.PutUint64(id[:8], uint64(now.UnixMilli())<<16|rand.Uint64()>>52)
	binary.BigEndian.PutUint64(id[8:], rand.Uint64())
	id[6] = id[6]&0x0f | 0x70
	id[8] = id[8]&0x3f | 0x80
	return id
}

// maxID is the length above which an id from outside is not taken over.
const maxID = 128

// isSane reports whether an id from outside can be taken over as it is: visible
// characters that mean nothing in a line, a header or a query, and not many.
func isSane(id string) bool {
	if id == "" || len(id) > maxID {
		return false
	}
	for i := range len(id) {
		switch c := id[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		case c == '-', c == '_', c == '.', c == ':', c == '+', c == '/', c == '=':
		default:
			return false
		}
	}
	return true
}
