package scrub

import (
	"sync/atomic"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/instrumentation"
	"go.opentelemetry.io/otel/sdk/resource"
)

// Resource returns res with the sensitive parts of its attributes and of its
// schema URL replaced, or res itself if there are none. Every signal carries
// the resource, and a log processor cannot change that of a record: pass the
// result to the provider.
//
// A nil res stays nil; a nil s has default options.
func Resource(res *resource.Resource, s *Scrubber) *resource.Resource {
	out, _ := s.resource(sigResource, res)
	return out
}

func (s *Scrubber) resource(sig signal, res *resource.Resource) (out *resource.Resource, changed bool) {
	if res.Len() == 0 && res.SchemaURL() == "" {
		return res, false
	}
	defer func() {
		if recover() != nil {
			s.failed(sig)
			out, changed = resource.NewSchemaless(maskAll(res.Attributes())...), true
		}
	}()
	schema, h1 := s.text(sig, "", res.SchemaURL())
	kvs, h2 := rewrite(res.Attributes(), func(kv attribute.KeyValue) (attribute.KeyValue, bool, bool) {
		clean, hit := s.keyValue(sig, kv)
		return clean, !(hit && gone(clean)), hit
	})
	if !h1 && !h2 {
		return res, false
	}
	return resource.NewWithAttributes(schema, kvs...), true
}

func maskAll(kvs []attribute.KeyValue) []attribute.KeyValue {
	out := make([]attribute.KeyValue, len(kvs))
	for i, kv := range kvs {
		out[i] = kv.Key.String(failureMarker)
	}
	return out
}

// scope returns sc with the sensitive parts of its name, version, schema URL
// and attributes replaced, and whether anything changed.
func (s *Scrubber) scope(sig signal, sc instrumentation.Scope) (out instrumentation.Scope, changed bool) {
	defer func() {
		if recover() != nil {
			s.failed(sig)
			out, changed = instrumentation.Scope{Name: failureMarker}, true
		}
	}()
	name, a := s.text(sig, "", sc.Name)
	version, b := s.text(sig, "", sc.Version)
	schema, c := s.text(sig, "", sc.SchemaURL)
	changed = a || b || c
	if sc.Attributes.Len() > 0 {
		attrs, hit := s.set(sig, sc.Attributes)
		if hit {
			sc.Attributes, changed = attrs, true
		}
	}
	if changed {
		sc.Name, sc.Version, sc.SchemaURL = name, version, schema
	}
	return sc, changed
}

// resourceCache keeps the last resource and what became of it: a provider has
// one. It is safe for concurrent use.
type resourceCache struct {
	last atomic.Pointer[scrubbedResource]
}

type scrubbedResource struct {
	in, out *resource.Resource
	changed bool
}

func (c *resourceCache) get(s *Scrubber, in *resource.Resource) (*resource.Resource, bool) {
	if last := c.last.Load(); last != nil && last.in == in {
		return last.out, last.changed
	}
	out, changed := s.resource(sigResource, in)
	c.last.Store(&scrubbedResource{in: in, out: out, changed: changed})
	return out, changed
}

// scopeCache knows some scopes that are clean: all spans of a tracer have one. It
// is safe for concurrent use. A scope whose place is taken is looked at each time.
type scopeCache struct {
	clean [16]atomic.Pointer[instrumentation.Scope]
}

func (c *scopeCache) get(s *Scrubber, in *instrumentation.Scope) (instrumentation.Scope, bool) {
	if in.Attributes.Len() > 0 {
		return s.scope(sigTraces, *in)
	}
	slot := &c.clean[len(in.Name)%len(c.clean)]
	known := slot.Load()
	if known != nil && known.Name == in.Name && known.Version == in.Version && known.SchemaURL == in.SchemaURL {
		return *known, false
	}
	out, changed := s.scope(sigTraces, *in)
	if known == nil && !changed {
		slot.Store(&out)
	}
	return out, changed
}
