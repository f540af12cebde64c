package otelkit

import (
	"log/slog"
	"net/http"
	"net/netip"
)

// A ServerOption is a setting of [HTTPMiddleware] and of [GRPCServer].
type ServerOption interface {
	HTTPOption
	GRPCOption
}

// An HTTPOption is a setting of [HTTPMiddleware].
type HTTPOption interface{ applyHTTP(*httpConfig) }

// serverConfig is what all servers can be told.
type serverConfig struct {
	kit      *Kit
	public   bool
	noClient bool
	trusted  []netip.Prefix
	health   map[string]bool
	level    func(event string, status int, level slog.Level) slog.Level
}

type httpConfig struct {
	serverConfig
	route     func(*http.Request) string
	bodySizes bool
}

type serverOption func(*serverConfig)

func (f serverOption) applyHTTP(c *httpConfig) { f(&c.serverConfig) }
func (f serverOption) applyGRPC(c *grpcConfig) { f(&c.serverConfig) }

type httpOption func(*httpConfig)

func (f httpOption) applyHTTP(c *httpConfig) { f(c) }

// WithPublicListener is for servers that anyone can reach: trace context and
// baggage of the caller are not trusted. Each request begins a trace of its own,
// linked to the caller's, and its baggage is dropped.
//
// Default: the caller's trace is continued.
func WithPublicListener() ServerOption {
	return serverOption(func(c *serverConfig) { c.public = true })
}

// WithLevels chooses the level of each line about a request. f gets the event,
// the status of the response (of HTTP or gRPC; 0 when there is none) and the default
// level, and returns the one to use. It is called concurrently.
//
// Default: requests that start and finish at INFO; those that finish with a 4xx,
// or are cancelled, at WARN; those that finish with a 5xx, or fail, at ERROR.
func WithLevels(f func(event string, status int, level slog.Level) slog.Level) ServerOption {
	return serverOption(func(c *serverConfig) { c.level = f })
}

// WithHealthEndpoints leaves requests for these paths, such as "/healthz", or for
// these methods of gRPC, such as "/grpc.health.v1.Health/Check", out of logs,
// traces and metrics. Default: none.
func WithHealthEndpoints(paths ...string) ServerOption {
	return serverOption(func(c *serverConfig) {
		if c.health == nil {
			c.health = map[string]bool{}
		}
		for _, p := range paths {
			c.health[p] = true
		}
	})
}

// WithRoute tells the route of a request, such as "/orders/{id}", where the
// request has no Pattern: with other routers than [http.ServeMux], or if a
// middleware in front of it hands on a copy of the request. f is called with the
// request as it came to the middleware, after it has been handled, or earlier if
// something is captured. "" means that it is not known.
//
//	otelkit.WithRoute(func(r *http.Request) string { _, route := mux.Handler(r); return route })
func WithRoute(f func(*http.Request) string) HTTPOption {
	return httpOption(func(c *httpConfig) { c.route = f })
}

// WithoutClientIP keeps the address of the client out of lines and spans.
func WithoutClientIP() ServerOption {
	return serverOption(func(c *serverConfig) { c.noClient = true })
}

// WithBodySizes adds the metrics http.server.request.body.size, where the request
// says its length, and http.server.response.body.size, both in bytes. The semantic
// conventions have them opt-in, as each is a histogram for every route and status.
// Default: spans and lines have the sizes, metrics do not.
func WithBodySizes() HTTPOption { return httpOption(func(c *httpConfig) { c.bodySizes = true }) }

// WithTrustedProxies names the networks of the proxies in front of the server.
// From them, and only from them, X-Forwarded-For, or the metadata x-forwarded-for of
// gRPC, is believed: client_ip is the last address in it that is not itself of a
// trusted proxy.
//
// Default: none; client_ip is the address that the connection comes from.
func WithTrustedProxies(networks ...netip.Prefix) ServerOption {
	return serverOption(func(c *serverConfig) { c.trusted = append(c.trusted, networks...) })
}

// WithKit uses k instead of the kit that [FromContext] finds: for tests and for
// processes with several kits.
func WithKit(k *Kit) KitOption { return KitOption{k} }

// KitOption is what [WithKit] returns: a setting of every function that takes
// options.
type KitOption struct{ kit *Kit }

var _ ServerOption = KitOption{}

func (o KitOption) applyHTTP(c *httpConfig) { c.kit = o.kit }
func (o KitOption) applyGRPC(c *grpcConfig) { c.kit = o.kit }

// levelOf is the level of a line about a request. The function of WithLevels may
// panic.
func (c *serverConfig) levelOf(k *Kit, event string, status int, level slog.Level) slog.Level {
	if c.level == nil {
		return level
	}
	chosen := level
	func() {
		defer reportPanic(k.report.Handle, "the function of WithLevels")
		chosen = c.level(event, status, level)
	}()
	return chosen
}
