package otlp

import "sync"

// buffers keeps the memory of delivered requests for those to come. A request of
// 512 log lines takes some 200 KiB; thrown away each time, these would be a quarter
// of all the garbage that logging makes.
type buffers struct {
	mu   sync.Mutex
	free [][]byte
}

const (
	// maxBuffers is how many are kept: what fills up while the others are sent.
	maxBuffers = inFlight
	// maxBuffer is the capacity of the largest one kept.
	maxBuffer = 1 << 20
)

// take returns an empty buffer with room for size bytes, and not for many times
// as much: it may wait in the queue, whose bound counts what is in it.
func (b *buffers) take(size int) []byte {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i, p := range b.free {
		if c := cap(p); c >= size && c <= 4*size {
			last := len(b.free) - 1
			b.free[i], b.free[last] = b.free[last], nil
			b.free = b.free[:last]
			return p[:0]
		}
	}
	return make([]byte, 0, size+size/8) // the next one is of about the same size
}

// give takes a buffer back that nobody reads any more.
func (b *buffers) give(p []byte) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if cap(p) > maxBuffer {
		return
	}
	if len(b.free) == maxBuffers {
		copy(b.free, b.free[1:]) // the oldest goes: it may be of a size that is not asked for any more
		b.free = b.free[:maxBuffers-1]
	}
	b.free = append(b.free, p)
}
