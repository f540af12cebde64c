package wire

import (
	"encoding/binary"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/instrumentation"
	"go.opentelemetry.io/otel/sdk/resource"
)

// Shape is how the requests of a signal put records under resource and scope.
// All three have the fields 1 (resource, scope), 2 (the list) and 3 (the
// schema URL) on both levels.
type Shape struct {
	// EmptyResource and EmptyScope write these messages even when they are
	// empty, as the exporters of the OpenTelemetry project do for some
	// signals.
	EmptyResource, EmptyScope bool
}

// The shapes of the three signals.
var (
	LogShape    = Shape{}
	SpanShape   = Shape{EmptyResource: true}
	MetricShape = Shape{EmptyResource: true, EmptyScope: true}
)

// A Batch gathers encoded records under their resource and scope, which it
// encodes once and keeps over Reset. It is not safe for concurrent use.
type Batch struct {
	shape     Shape
	resources []*resourceGroup
	groups    map[groupKey]*scopeGroup
	last      *scopeGroup
	records   int
	size      int
	encoder   Encoder
}

type groupKey struct {
	resource attribute.Distinct
	scope    instrumentation.Scope
}

type resourceGroup struct {
	key        attribute.Distinct
	head, tail []byte
	scopes     []*scopeGroup
}

type scopeGroup struct {
	resource   *resource.Resource
	scope      instrumentation.Scope
	owner      *resourceGroup
	head, tail []byte
	records    []byte
}

const (
	// maxGroups is how many scopes a Batch remembers over Reset. Services have
	// tens; above it somebody makes up scopes as they go.
	maxGroups = 256
	// maxKept is the capacity of all buffers together that are kept over Reset.
	maxKept = 1 << 20
	// smallKept is what a scope keeps although it was not used last: with a spool a
	// batch may hold one record, and scopes take turns.
	smallKept = 4 << 10
	// wrapper is the most that tag and length of a message cost.
	wrapper = 1 + 5
)

// NewBatch returns an empty Batch.
func NewBatch(shape Shape) *Batch {
	return &Batch{shape: shape, groups: map[groupKey]*scopeGroup{}}
}

// Records returns the number of records added since Reset.
func (b *Batch) Records() int { return b.records }

// Size returns at least the length of what Payload would return.
func (b *Batch) Size() int { return b.size }

// Repaired returns how many strings of resources and scopes were repaired and
// forgets about them.
func (b *Batch) Repaired() int {
	n := b.encoder.Repaired
	b.encoder.Repaired = 0
	return n
}

// Add appends one encoded message, which counts as n records.
func (b *Batch) Add(res *resource.Resource, scope instrumentation.Scope, message []byte, n int) {
	g := b.last
	if g == nil || g.resource != res || g.scope != scope {
		g = b.group(res, scope)
		b.last = g
	}
	if len(g.records) == 0 {
		b.size += len(g.head) + len(g.tail) + 2*wrapper + len(g.owner.head) + len(g.owner.tail)
	}
	g.records = append(g.records, 2<<3|typeBytes)
	g.records = binary.AppendUvarint(g.records, uint64(len(message)))
	g.records = append(g.records, message...)
	b.size += len(message) + wrapper
	b.records += n
}

func (b *Batch) group(res *resource.Resource, scope instrumentation.Scope) *scopeGroup {
	key := groupKey{resource: res.Equivalent(), scope: scope}
	if g := b.groups[key]; g != nil {
		return g
	}
	owner := b.resourceGroup(res)
	g := &scopeGroup{resource: res, scope: scope, owner: owner}
	if b.shape.EmptyScope || scope != (instrumentation.Scope{}) {
		b.encoder.buf = nil
		b.encoder.Scope(1, scope)
		g.head = b.encoder.buf
	}
	g.tail = b.schemaURL(scope.SchemaURL)
	owner.scopes = append(owner.scopes, g)
	b.groups[key] = g
	return g
}

func (b *Batch) resourceGroup(res *resource.Resource) *resourceGroup {
	key := res.Equivalent()
	for _, r := range b.resources {
		if r.key == key {
			return r
		}
	}
	r := &resourceGroup{key: key, tail: b.schemaURL(res.SchemaURL())}
	if b.shape.EmptyResource || res.Len() > 0 {
		b.encoder.buf = nil
		b.encoder.Resource(1, res)
		r.head = b.encoder.buf
	}
	b.resources = append(b.resources, r)
	return r
}

func (b *Batch) schemaURL(url string) []byte {
	b.encoder.buf = nil
	b.encoder.string(3, url)
	return b.encoder.buf
}

// Payload returns the export request, in memory of its own.
func (b *Batch) Payload() []byte { return b.Append(make([]byte, 0, b.size)) }

// Append appends the export request to out, in which room for Size bytes is
// enough.
func (b *Batch) Append(out []byte) []byte {
	for _, r := range b.resources {
		size := r.size()
		if size < 0 {
			continue
		}
		out = append(out, 1<<3|typeBytes)
		out = binary.AppendUvarint(out, uint64(size))
		out = append(out, r.head...)
		for _, g := range r.scopes {
			if len(g.records) == 0 {
				continue
			}
			out = append(out, 2<<3|typeBytes)
			out = binary.AppendUvarint(out, uint64(g.size()))
			out = append(out, g.head...)
			out = append(out, g.records...)
			out = append(out, g.tail...)
		}
		out = append(out, r.tail...)
	}
	return out
}

func (g *scopeGroup) size() int { return len(g.head) + len(g.records) + len(g.tail) }

// size returns the length of the encoded message, -1 if it holds no record.
func (r *resourceGroup) size() int {
	size, used := len(r.head)+len(r.tail), false
	for _, g := range r.scopes {
		if n := g.size(); len(g.records) > 0 {
			used = true
			size += 1 + uvarintLen(uint64(n)) + n
		}
	}
	if !used {
		return -1
	}
	return size
}

// Reset empties the Batch and keeps what it knows of resources and scopes.
func (b *Batch) Reset() {
	b.records, b.size = 0, 0
	if len(b.groups) > maxGroups {
		b.resources, b.last = nil, nil
		clear(b.groups)
		return
	}
	kept := 0
	for _, g := range b.groups {
		size, used := cap(g.records), len(g.records) > 0
		if kept+size > maxKept || !used && size > smallKept {
			g.records = nil
			continue
		}
		kept += size
		g.records = g.records[:0]
	}
}
