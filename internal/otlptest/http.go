package otlptest

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
)

const (
	contentType  = "application/x-protobuf"
	retryAfter   = "Retry-After"
	htmlPage     = "<!doctype html><title>Welcome</title><h1>It works!</h1>\n"
	readDeadline = 10 * time.Second
)

func (r *Receiver) serveHTTP(ln net.Listener) {
	r.http = &http.Server{
		Handler:           http.HandlerFunc(r.answerHTTP),
		ReadHeaderTimeout: readDeadline,
		TLSConfig:         r.tls.Clone(),
		ErrorLog:          log.New(io.Discard, "", 0), // bad handshakes are what some tests are about
	}
	serve := r.http.Serve
	if r.tls != nil {
		serve = func(ln net.Listener) error { return r.http.ServeTLS(ln, "", "") }
	}
	// Serve returns when Close closes the server; there is no one to tell.
	go func() { _ = serve(ln) }()
}

func (r *Receiver) answerHTTP(w http.ResponseWriter, hr *http.Request) {
	if !r.begin() {
		panic(http.ErrAbortHandler)
	}
	defer r.handlers.Done()

	q, refusal := r.readHTTP(w, hr)
	if refusal != 0 {
		r.refuseHTTP(w, Fault{Status: refusal, Message: "otlptest: cannot read the request"})
		return
	}
	fault, err := r.meet(hr.Context())
	if err != nil {
		q.Accepted = false
		r.arrive(q)
		return
	}
	q.Accepted = !fault.refuses()
	r.arrive(q)
	switch {
	case fault.Drop:
		panic(http.ErrAbortHandler)
	case fault.HTML:
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, htmlPage)
	case !q.Accepted:
		r.refuseHTTP(w, fault)
	default:
		w.Header().Set("Content-Type", contentType)
		_, _ = w.Write(response(q.Signal, fault))
	}
}

// readHTTP reads a request; a status other than 0 says why it cannot.
func (r *Receiver) readHTTP(w http.ResponseWriter, hr *http.Request) (Request, int) {
	q := Request{
		Transport: HTTP,
		Path:      hr.URL.Path,
		Header:    hr.Header,
		Encoding:  hr.Header.Get("Content-Encoding"),
	}
	for _, s := range []Signal{Logs, Spans, Metrics} {
		if strings.HasSuffix(strings.TrimSuffix(q.Path, "/"), "/v1/"+string(s)) {
			q.Signal = s
		}
	}
	switch {
	case q.Signal == "":
		return q, http.StatusNotFound
	case hr.Method != http.MethodPost:
		return q, http.StatusMethodNotAllowed
	case hr.Header.Get("Content-Type") != contentType:
		return q, http.StatusUnsupportedMediaType
	}
	body, wire, err := readBody(w, hr, int64(r.httpLimit))
	q.Body, q.WireSize = body, wire
	switch tooLarge := (*http.MaxBytesError)(nil); {
	case errors.As(err, &tooLarge):
		return q, http.StatusRequestEntityTooLarge
	case err != nil, r.decode(&q) != nil:
		return q, http.StatusBadRequest
	}
	return q, 0
}

// readBody returns the decompressed body and its size before decompression.
func readBody(w http.ResponseWriter, hr *http.Request, limit int64) ([]byte, int, error) {
	wire := &countingReader{next: http.MaxBytesReader(w, hr.Body, limit)}
	body := io.ReadCloser(wire)
	switch encoding := hr.Header.Get("Content-Encoding"); encoding {
	case "", "identity":
	case "gzip":
		z, err := gzip.NewReader(wire)
		if err != nil {
			return nil, wire.n, err
		}
		body = http.MaxBytesReader(w, z, limit)
	default:
		return nil, 0, fmt.Errorf("unknown encoding %q", encoding)
	}
	b, err := io.ReadAll(body)
	return b, wire.n, err
}

type countingReader struct {
	next io.ReadCloser
	n    int
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.next.Read(p)
	c.n += n
	return n, err
}

func (c *countingReader) Close() error { return c.next.Close() }

// decode fills in the message and the number of records.
func (r *Receiver) decode(q *Request) error {
	if r.countOnly {
		q.Records = countRecords(q.Body)
		return nil
	}
	m := q.Signal.newMessage()
	if err := proto.Unmarshal(q.Body, m); err != nil {
		return err
	}
	q.Message, q.Records = m, countRecords(q.Body)
	return nil
}

// refuseHTTP answers as the specification wants failures answered: with a
// google.rpc.Status as the body.
func (r *Receiver) refuseHTTP(w http.ResponseWriter, f Fault) {
	body, err := proto.Marshal(status.New(f.grpcCode(), f.message()).Proto())
	if err != nil {
		body = []byte(codes.Internal.String())
	}
	if f.RetryAfter > 0 {
		seconds := (f.RetryAfter + time.Second - 1) / time.Second
		w.Header().Set(retryAfter, strconv.Itoa(int(seconds)))
	}
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(f.httpStatus())
	_, _ = w.Write(body)
}
