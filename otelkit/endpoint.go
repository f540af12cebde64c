package otelkit

import (
	"cmp"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"math"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/otelkit/otelkit-go/exporters/otlp"
	"github.com/otelkit/otelkit-go/internal/grpcheader"
)

// endpoint reads where a signal goes, and how.
func (r otlpReader) endpoint() otlp.Endpoint {
	e := otlp.Endpoint{Timeout: 10 * time.Second, Protocol: r.protocol()}
	e.URL = r.url(e.Protocol)
	e.Insecure = r.insecure()
	e.Headers = r.headers(e.Protocol)
	if name, _, ok := r.get("TIMEOUT"); ok {
		r.env.timeout(name, &e.Timeout)
	}
	e.Compression = r.compression()
	e.TLS = r.tls()
	return e
}

func (r otlpReader) compression() otlp.Compression {
	c := otlp.CompressionAuto
	for _, s := range r.given("COMPRESSION", "WithCompression", r.options.compression) {
		switch s.value {
		case "gzip":
			c = otlp.CompressionGzip
		case "none":
			c = otlp.CompressionNone
		default:
			r.env.fail(s.name, s.value, "must be gzip or none")
		}
	}
	return c
}

// setting is a value and the variable or option that holds it.
type setting struct {
	name, value string
	own         bool // of this signal alone
}

// given returns what was set of one setting, the one that wins last: a variable is
// looked at even if an option overrides it.
func (r otlpReader) given(variable, option, value string) []setting {
	var all []setting
	if name, v, ok := r.get(variable); ok {
		all = append(all, setting{name: name, value: v, own: name == r.variable(variable)})
	}
	if value != "" {
		all = append(all, setting{name: option, value: value})
	}
	return all
}

// get returns the variable that holds setting for this signal: its own, else
// the general one.
func (r otlpReader) get(setting string) (name, value string, ok bool) {
	for _, name := range []string{r.variable(setting), "OTEL_EXPORTER_OTLP_" + setting} {
		if v, ok := r.env.get(name); ok {
			return name, v, true
		}
	}
	return "", "", false
}

func (r otlpReader) protocol() otlp.Protocol {
	p := otlp.HTTPProtobuf
	for _, s := range r.given("PROTOCOL", "WithProtocol", r.options.protocol) {
		switch s.value {
		case "grpc":
			p = otlp.GRPC
		case "http/protobuf":
			p = otlp.HTTPProtobuf
		default:
			r.env.fail(s.name, s.value, "must be grpc or http/protobuf")
		}
	}
	return p
}

// endpoints are the endpoints as they were given.
func (r otlpReader) endpoints() []setting {
	return r.given("ENDPOINT", "WithEndpoint", r.options.endpoint)
}

// url returns the endpoint that wins, or the default.
func (r otlpReader) url(p otlp.Protocol) string {
	given := r.endpoints()
	if given == nil {
		given = []setting{{value: "http://localhost:4318"}}
		if p == otlp.GRPC {
			given[0].value = "http://localhost:4317"
		}
	}
	var u string
	for _, s := range given {
		u = r.complete(s, p)
	}
	return u
}

// complete checks an endpoint and completes it as the OTLP exporter specification,
// "Endpoint URLs for OTLP/HTTP", asks.
func (r otlpReader) complete(s setting, p otlp.Protocol) string {
	text := s.value
	if p == otlp.GRPC && !strings.Contains(text, "://") {
		text = r.scheme() + "://" + text
	}
	u, err := url.Parse(text)
	if err != nil || !isEndpoint(u) {
		r.env.fail(s.name, s.value, "must be a URL such as http://localhost:4318")
		return ""
	}
	if p == otlp.HTTPProtobuf && u.Scheme != "unix" {
		u = completePath(u, s.own, r.signal)
	}
	return u.String()
}

func isEndpoint(u *url.URL) bool {
	switch u.Scheme {
	case "http", "https":
		port, err := strconv.Atoi(cmp.Or(u.Port(), "0"))
		return u.Hostname() != "" && err == nil && port <= math.MaxUint16
	case "unix":
		return u.Path != ""
	}
	return false
}

func completePath(u *url.URL, own bool, s otlp.Signal) *url.URL {
	if !own {
		return u.JoinPath("v1", s.String())
	}
	if u.Path == "" {
		u.Path = "/"
	}
	return u
}

// scheme is that of a gRPC endpoint given as host:port.
func (r otlpReader) scheme() string {
	if r.insecure() {
		return "http"
	}
	return "https"
}

func (r otlpReader) insecure() bool {
	var insecure bool
	if name, _, ok := r.get("INSECURE"); ok {
		r.env.flag(name, &insecure)
	}
	return insecure
}

// headers reads a list such as "api-key=abc,team=a%20b" (OTLP exporter
// specification, "Specifying headers via environment variables").
func (r otlpReader) headers(p otlp.Protocol) map[string]string {
	headers := map[string]string{}
	name, v, _ := r.get("HEADERS")
	entry := 0
	for part := range strings.SplitSeq(v, ",") {
		entry++
		if strings.TrimSpace(part) == "" {
			continue
		}
		key, value, found := strings.Cut(part, "=")
		key = strings.TrimSpace(key)
		decoded, err := url.PathUnescape(strings.TrimSpace(value))
		switch {
		case !found || !isToken(key):
			r.env.failSecret(name, fmt.Sprintf("entry %d is not name=value", entry))
		case err != nil || !isFieldValue(decoded):
			r.env.failSecret(name, fmt.Sprintf("entry %d (%s) is not a percent-encoded header value", entry, key))
		default:
			r.refusedByGRPC(p, name, key, decoded)
			headers[strings.ToLower(key)] = decoded
		}
	}
	for key, value := range r.options.headers {
		if !isToken(key) || !isFieldValue(value) {
			r.env.failSecret("WithHeaders", fmt.Sprintf("%q is not the name of a header, or its value not that of one", key))
		} else {
			r.refusedByGRPC(p, "WithHeaders", key, value)
		}
		headers[strings.ToLower(key)] = value
	}
	return headers
}

// refusedByGRPC remembers a header that every request would fail with.
func (r otlpReader) refusedByGRPC(p otlp.Protocol, setting, key, value string) {
	if err := grpcheader.Check(key, value); err != nil && p == otlp.GRPC {
		r.env.failSecret(setting, fmt.Sprintf("header %q: %s", key, err))
	}
}

// isToken reports whether s can name a header (RFC 9110, section 5.6.2).
func isToken(s string) bool {
	for i := range len(s) {
		c := s[i]
		alnum := '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
		if !alnum && !strings.ContainsRune("!#$%&'*+-.^_`|~", rune(c)) {
			return false
		}
	}
	return s != ""
}

// isFieldValue reports whether s can be the value of a header (RFC 9110, section
// 5.5).
func isFieldValue(s string) bool {
	return strings.IndexFunc(s, func(c rune) bool { return c < ' ' && c != '\t' || c == 0x7f }) < 0
}

// tls reads the certificates; nil means the system's.
func (r otlpReader) tls() *tls.Config {
	cfg := &tls.Config{MinVersion: tls.VersionTLS12}
	if name, path, ok := r.get("CERTIFICATE"); ok {
		cfg.RootCAs = r.authorities(name, path)
	}
	certName, certPath, hasCert := r.get("CLIENT_CERTIFICATE")
	keyName, keyPath, hasKey := r.get("CLIENT_KEY")
	switch {
	case hasCert && hasKey:
		pair, err := tls.LoadX509KeyPair(certPath, keyPath)
		if err != nil {
			r.env.fail(certName, certPath, "with "+keyName+"="+keyPath+": "+err.Error())
		}
		cfg.Certificates = []tls.Certificate{pair}
	case hasCert:
		r.env.fail(certName, certPath, "needs OTEL_EXPORTER_OTLP_CLIENT_KEY as well")
	case hasKey:
		r.env.fail(keyName, keyPath, "needs OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE as well")
	}
	if cfg.RootCAs == nil && cfg.Certificates == nil {
		return nil
	}
	return cfg
}

func (r otlpReader) authorities(name, path string) *x509.CertPool {
	pem, err := os.ReadFile(path)
	if err != nil {
		if reason, ok := errors.AsType[*os.PathError](err); ok {
			err = reason.Err
		}
		r.env.fail(name, path, "cannot read the certificate: "+err.Error())
		return nil
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		r.env.fail(name, path, "holds no PEM certificate")
	}
	return pool
}
