package sentry

import (
	"container/list"
	"time"
)

// rates are the limits of what is sent.
type rates struct {
	burst     int
	interval  time.Duration
	perSecond int
}

var defaultRates = rates{burst: 5, interval: 10 * time.Second, perSecond: 50}

// maxBuckets is how many fingerprints a limiter remembers. The least recently
// used one is forgotten, and with it its suppressed count.
const maxBuckets = 1024

// limiter holds a token bucket for each fingerprint and one for all of them.
// It belongs to the worker, so it has no lock.
type limiter struct {
	rates rates
	total bucket
	// suppressed counts what total held back.
	suppressed int
	byKey      map[string]*list.Element
	order      list.List // of *keyed, most recently used first
}

type keyed struct {
	key string
	bucket
	suppressed int
}

type bucket struct {
	tokens float64
	last   time.Time
}

func newLimiter(r rates) *limiter {
	return &limiter{rates: r, byKey: map[string]*list.Element{}}
}

// exhausted reports whether no event at all may be sent at now, and counts that
// one was not. It costs nothing, unlike finding out the key of an event.
func (l *limiter) exhausted(now time.Time) bool {
	if l.total.refill(now, float64(l.rates.perSecond), float64(l.rates.perSecond)) {
		return false
	}
	l.suppressed++
	return true
}

// allow reports whether an event with key may be sent at now, and how many
// with that key were suppressed since the last one that was.
func (l *limiter) allow(key string, now time.Time) (suppressed int, ok bool) {
	k := l.bucketOf(key)
	perKey := 1 / l.rates.interval.Seconds()
	if !k.refill(now, perKey, float64(l.rates.burst)) {
		k.suppressed++
		return 0, false
	}
	if l.exhausted(now) {
		return 0, false
	}
	k.tokens--
	l.total.tokens--
	suppressed = k.suppressed + l.suppressed
	k.suppressed, l.suppressed = 0, 0
	return suppressed, true
}

func (l *limiter) bucketOf(key string) *keyed {
	if e, ok := l.byKey[key]; ok {
		l.order.MoveToFront(e)
		return e.Value.(*keyed)
	}
	if l.order.Len() >= maxBuckets {
		oldest := l.order.Back()
		delete(l.byKey, l.order.Remove(oldest).(*keyed).key)
	}
	k := &keyed{key: key}
	l.byKey[key] = l.order.PushFront(k)
	return k
}

// refill adds the tokens earned since the last call, and reports whether there
// is one to take.
func (b *bucket) refill(now time.Time, perSecond, most float64) bool {
	if b.last.IsZero() {
		b.tokens = most
	} else {
		b.tokens = min(most, b.tokens+now.Sub(b.last).Seconds()*perSecond)
	}
	b.last = now
	return b.tokens >= 1
}
