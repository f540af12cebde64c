package otlptest

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"testing"

	"google.golang.org/grpc"
)

// The sizes above which a Collector with default settings refuses a request,
// in bytes after decompression.
const (
	DefaultHTTPLimit = 20 << 20
	DefaultGRPCLimit = 4 << 20
)

// Receiver is an OTLP receiver on loopback. All its methods are safe for
// concurrent use. The zero value is not usable; call [New] or [Start].
type Receiver struct {
	config
	httpAddr, grpcAddr string

	serving   sync.Mutex // held while servers start and stop
	http      *http.Server
	grpc      *grpc.Server
	listeners []net.Listener
	handlers  sync.WaitGroup // requests being answered

	mu        sync.Mutex // guards all below
	open      bool
	requests  []Request
	counts    Counts
	arrived   chan struct{} // closed and replaced when counts change
	fault     Fault
	next      []Fault
	refaulted chan struct{} // closed and replaced when fault changes
}

type config struct {
	tls                  *tls.Config
	countOnly            bool
	httpLimit, grpcLimit int
}

// Option configures a [Receiver].
type Option interface{ apply(*config) }

type optionFunc func(*config)

func (f optionFunc) apply(c *config) { f(c) }

// WithTLS makes both endpoints speak TLS with cfg, which may ask for client
// certificates. The default is plain text.
func WithTLS(cfg *tls.Config) Option {
	return optionFunc(func(c *config) { c.tls = cfg })
}

// WithCountOnly makes the receiver count what arrives and keep nothing of it,
// for measurements that send more than memory should hold. [Receiver.Requests]
// and all that is built on it then find nothing.
func WithCountOnly() Option {
	return optionFunc(func(c *config) { c.countOnly = true })
}

// WithLimit sets how many bytes one request may hold after decompression, over
// both transports. The defaults are those of a Collector: [DefaultHTTPLimit]
// and [DefaultGRPCLimit].
func WithLimit(bytes int) Option {
	return optionFunc(func(c *config) { c.httpLimit, c.grpcLimit = bytes, bytes })
}

// New starts a receiver that is closed when the test ends. It fails the test
// if it cannot listen.
func New(tb testing.TB, opts ...Option) *Receiver {
	tb.Helper()
	r, err := Start(opts...)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(r.Close)
	return r
}

// Start starts a receiver outside a test. The caller must [Receiver.Close] it.
func Start(opts ...Option) (*Receiver, error) {
	r := &Receiver{
		config:    config{httpLimit: DefaultHTTPLimit, grpcLimit: DefaultGRPCLimit},
		httpAddr:  "127.0.0.1:0",
		grpcAddr:  "127.0.0.1:0",
		arrived:   make(chan struct{}),
		refaulted: make(chan struct{}),
	}
	for _, o := range opts {
		o.apply(&r.config)
	}
	if err := r.Reopen(); err != nil {
		return nil, err
	}
	return r, nil
}

// HTTPEndpoint returns the base URL for OTLP over HTTP, such as
// "http://127.0.0.1:41234", to which "/v1/logs" and so on are added.
func (r *Receiver) HTTPEndpoint() string { return r.scheme() + r.httpAddr }

// GRPCEndpoint returns the URL for OTLP over gRPC, such as
// "http://127.0.0.1:41235".
func (r *Receiver) GRPCEndpoint() string { return r.scheme() + r.grpcAddr }

// HTTPAddr returns the host and port for OTLP over HTTP.
func (r *Receiver) HTTPAddr() string { return r.httpAddr }

// GRPCAddr returns the host and port for OTLP over gRPC.
func (r *Receiver) GRPCAddr() string { return r.grpcAddr }

func (r *Receiver) scheme() string {
	if r.tls != nil {
		return "https://"
	}
	return "http://"
}

// Close stops listening, cuts all connections and waits until no request is
// being answered. What was received stays readable. Closing twice is harmless.
// The receiver can be opened again at the same addresses with
// [Receiver.Reopen], which is how an outage is played.
func (r *Receiver) Close() {
	r.serving.Lock()
	defer r.serving.Unlock()
	if r.http == nil {
		return
	}
	r.setOpen(false)
	_ = r.http.Close() // what it says about connections helps nobody
	r.grpc.Stop()
	// A server whose Serve has not begun yet does not know its listener, and
	// would leave the port taken for Reopen.
	for _, ln := range r.listeners {
		_ = ln.Close() // closed already, as a rule
	}
	r.http, r.grpc, r.listeners = nil, nil, nil
	r.handlers.Wait()
}

func (r *Receiver) setOpen(open bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.open = open
}

// begin reports whether a request may be answered, and if so counts it among
// those that Close waits for.
func (r *Receiver) begin() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.open {
		r.handlers.Add(1)
	}
	return r.open
}

// Reopen listens again, at the addresses of before, after [Receiver.Close]. It
// does nothing if the receiver is open.
func (r *Receiver) Reopen() error {
	r.serving.Lock()
	defer r.serving.Unlock()
	if r.http != nil {
		return nil
	}
	httpListener, err := listen(r.httpAddr)
	if err != nil {
		return err
	}
	grpcListener, err := listen(r.grpcAddr)
	if err != nil {
		return errors.Join(err, httpListener.Close())
	}
	r.httpAddr, r.grpcAddr = httpListener.Addr().String(), grpcListener.Addr().String()
	r.listeners = []net.Listener{httpListener, grpcListener}
	r.setOpen(true)
	r.serveHTTP(httpListener)
	r.serveGRPC(grpcListener)
	return nil
}

func listen(addr string) (net.Listener, error) {
	var lc net.ListenConfig
	ln, err := lc.Listen(context.Background(), "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("otlptest: %w", err)
	}
	return ln, nil
}
