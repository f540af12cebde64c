package otlp

import (
	"crypto/tls"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/http/httpguts"

	"github.com/otelkit/otelkit-go/internal/grpcheader"
)

// Protocol is a transport of OTLP.
type Protocol byte

// The transports. The zero value is HTTPProtobuf, the default of the OTLP
// specification.
const (
	HTTPProtobuf Protocol = iota
	GRPC
)

// Compression says whether request bodies are compressed.
type Compression byte

// The ways of compression. The zero value compresses with gzip unless the
// receiver is on this machine.
const (
	CompressionAuto Compression = iota
	CompressionGzip
	CompressionNone
)

// DefaultTimeout is how long one attempt to send a request may take when
// Endpoint.Timeout is 0.
const DefaultTimeout = 10 * time.Second

// Endpoint is where the requests of one signal go, and how.
type Endpoint struct {
	// URL is the address of the receiver. With HTTPProtobuf it is used as it
	// is, path included: "http://collector:4318/v1/logs". With GRPC it is a
	// URL without a path or a bare "host:port"; http means plain text, https
	// means TLS. "unix:///run/otel.sock" reaches a socket with both.
	URL string
	// Protocol is the transport.
	Protocol Protocol
	// Headers are sent with each request. They may hold credentials and never
	// appear in an error or a log line.
	Headers map[string]string
	// Compression says whether bodies are compressed.
	Compression Compression
	// Timeout bounds one attempt. 0 means DefaultTimeout.
	Timeout time.Duration
	// Insecure turns TLS off for a GRPC address without a scheme. Where the
	// URL has a scheme, the scheme decides.
	Insecure bool
	// TLS is the client's TLS configuration, nil for the system's roots. It
	// is cloned.
	TLS *tls.Config
}

// target is an Endpoint taken apart.
type target struct {
	url    *url.URL // HTTP only: what is posted to
	addr   string   // gRPC only: the dial target
	socket string   // path of the unix socket, if any
	secure bool
	gzip   bool
}

// parse checks e and returns its parts. Errors never show userinfo or headers.
func (e Endpoint) parse(signal Signal) (target, error) {
	raw := e.URL
	if e.Protocol == GRPC && !strings.Contains(raw, "://") {
		scheme := "https://"
		if e.Insecure {
			scheme = "http://"
		}
		raw = scheme + raw
	}
	u, err := url.Parse(raw)
	if err != nil {
		// The text of a url.Error repeats the URL, which may hold a password.
		return target{}, fmt.Errorf("%s endpoint: not a URL", signal)
	}
	t := target{url: u, addr: u.Host, secure: u.Scheme == "https"}
	switch u.Scheme {
	case "http", "https":
		if u.Host == "" {
			return target{}, fmt.Errorf("%s endpoint %q: no host", signal, u.Redacted())
		}
	case "unix":
		t.socket = u.Path
		if t.socket == "" {
			return target{}, fmt.Errorf("%s endpoint %q: no socket path", signal, u.Redacted())
		}
		t.addr = "unix://" + t.socket
		t.url = &url.URL{Scheme: "http", Host: "localhost", Path: "/v1/" + signal.String()}
	default:
		return target{}, fmt.Errorf("%s endpoint %q: scheme must be http, https or unix", signal, u.Redacted())
	}
	if t.url.Path == "" {
		t.url.Path = "/"
	}
	for name, value := range e.Headers {
		if !httpguts.ValidHeaderFieldName(name) {
			return target{}, fmt.Errorf("%s endpoint: header name %q is not valid", signal, name)
		}
		if !httpguts.ValidHeaderFieldValue(value) {
			return target{}, fmt.Errorf("%s endpoint: the value of header %q is not valid", signal, name)
		}
		if err := grpcheader.Check(name, value); err != nil && e.Protocol == GRPC {
			return target{}, fmt.Errorf("%s endpoint: header %q: %w", signal, name, err)
		}
	}
	t.gzip = e.Compression == CompressionGzip || e.Compression == CompressionAuto && !t.local()
	return t, nil
}

// local reports whether the receiver is on this machine as far as its name
// says.
func (t target) local() bool {
	if t.socket != "" {
		return true
	}
	host := t.url.Hostname()
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

// dialAddr is host:port for gRPC, whose default port is that of OTLP/gRPC.
func (t target) dialAddr() string {
	if t.socket != "" || t.url.Port() != "" {
		return t.addr
	}
	return net.JoinHostPort(t.url.Hostname(), "4317")
}

// String is the address as it may be shown: without userinfo and query.
func (t target) String() string {
	if t.socket != "" {
		return "unix://" + t.socket
	}
	return (&url.URL{Scheme: t.url.Scheme, Host: t.url.Host, Path: t.url.Path}).String()
}

func (e Endpoint) timeout() time.Duration {
	if e.Timeout > 0 {
		return e.Timeout
	}
	return DefaultTimeout
}

// forSignal turns a base endpoint into that of one signal: with HTTP, the
// signal's path is put behind the base's (OTLP exporter specification,
// "Endpoint URLs for OTLP/HTTP").
func (e Endpoint) forSignal(signal Signal) Endpoint {
	if e.Protocol == HTTPProtobuf && !strings.HasPrefix(e.URL, "unix:") {
		e.URL = strings.TrimRight(e.URL, "/") + "/v1/" + signal.String()
	}
	return e
}
