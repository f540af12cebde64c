package sentry

import (
	"maps"
	"net"
	"net/url"
	"strings"

	sentrygo "github.com/getsentry/sentry-go"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/resource"
)

// tagKeys are the attributes that become tags, by which issues are searched.
var tagKeys = map[attribute.Key]bool{
	"service.name":              true,
	"http.route":                true,
	"http.request.method":       true,
	"http.response.status_code": true,
	"rpc.service":               true,
	"rpc.method":                true,
	"rpc.response.status_code":  true,
	"error.type":                true,
}

// keptTags are the tags that an event with too many keeps: those of this package,
// and what a caller may set beside the fields of the same name.
var keptTags = func() map[attribute.Key]bool {
	kept := maps.Clone(tagKeys)
	kept["environment"], kept["release"] = true, true
	return kept
}()

// labels are what an event is found by: tags, user, release and the like.
type labels struct {
	resource *resource.Resource
	values   map[attribute.Key]string
}

func labelsOf(res *resource.Resource, candidates ...*candidate) labels {
	l := labels{resource: res, values: map[attribute.Key]string{}}
	for _, c := range candidates {
		l.addRoot(c.attributes)
	}
	for _, kv := range l.resource.Attributes() {
		l.values[kv.Key] = kv.Value.String()
	}
	return l
}

// addRoot adds what is not known yet from attributes.
func (l labels) addRoot(attributes []attribute.KeyValue) {
	for _, kv := range attributes {
		if _, ok := l.values[kv.Key]; !ok && (tagKeys[kv.Key] || userKeys[kv.Key]) {
			l.values[kv.Key] = kv.Value.String()
		}
	}
}

// addRoute takes the route from the name of an HTTP server span, of the form
// "GET /orders/{id}", where instrumentation learns it too late for an attribute.
func (l labels) addRoute(name string) {
	method := l.values["http.request.method"]
	route, ok := strings.CutPrefix(name, method+" ")
	if ok && method != "" && l.values["http.route"] == "" && strings.HasPrefix(route, "/") {
		l.values["http.route"] = route
	}
}

var userKeys = map[attribute.Key]bool{
	"user.id": true, "user_id": true, "enduser.id": true, "user.email": true, "client.address": true,
}

func (l labels) first(keys ...attribute.Key) string {
	for _, k := range keys {
		if v := l.values[k]; v != "" {
			return v
		}
	}
	return ""
}

// maxTag is the longest value Sentry accepts for a tag, in bytes.
const maxTag = 200

func (l labels) apply(e *sentrygo.Event, c *config) {
	for key := range tagKeys {
		if v := l.values[key]; v != "" {
			e.Tags[string(key)] = cut(v, maxTag)
		}
	}
	e.User.ID = l.first("user.id", "user_id", "enduser.id")
	if c.personal {
		e.User.Email = l.first("user.email")
		e.User.IPAddress = l.first("client.address")
	}
	e.Release = c.release
	if e.Release == "" {
		e.Release = l.first("service.version")
	}
	e.Environment = c.environment
	if e.Environment == "" {
		e.Environment = l.first("deployment.environment.name", "deployment.environment")
	}
	e.ServerName = l.first("service.instance.id", "host.name")
}

// request describes the incoming HTTP request of a local root span, nil if it
// is none. The query is left to the scrubber, and left out without one.
func (s *Sink) request(attributes []attribute.KeyValue) *sentrygo.Request {
	v := map[attribute.Key]string{}
	for _, kv := range attributes {
		v[kv.Key] = kv.Value.String()
	}
	method := v["http.request.method"]
	if method == "" {
		return nil
	}
	u := url.URL{Scheme: v["url.scheme"], Host: v["server.address"], Path: v["url.path"]}
	if port := v["server.port"]; port != "" && u.Host != "" {
		u.Host = net.JoinHostPort(u.Host, port)
	}
	r := &sentrygo.Request{Method: method, URL: u.String()}
	if s.config.scrubber != nil {
		r.QueryString = strings.TrimPrefix(v["url.query"], "?")
	}
	if agent := v["user_agent.original"]; agent != "" {
		r.Headers = map[string]string{"User-Agent": agent}
	}
	return r
}
