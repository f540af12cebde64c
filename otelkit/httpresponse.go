package otelkit

import (
	"bufio"
	"io"
	"log/slog"
	"net"
	"net/http"
)

// response watches what a handler does with its http.ResponseWriter. Like that, it
// belongs to one goroutine at a time.
//
// Everything that is written, flushed or hijacked passes by.
type response struct {
	http.ResponseWriter
	exchange *exchange
	status   int // 0 until it is written
	bytes    int64
	flushed  bool
	hijacked bool
}

func (w *response) begun() bool { return w.status != 0 || w.hijacked }

// statusOrOK is what the server sends for a handler that writes nothing.
func (w *response) statusOrOK() int {
	switch {
	case w.status != 0:
		return w.status
	case w.hijacked:
		return http.StatusSwitchingProtocols
	}
	return http.StatusOK
}

func (w *response) WriteHeader(status int) {
	informational := status >= 100 && status < 200 && status != http.StatusSwitchingProtocols
	w.keepID()
	// It panics if there is no such status, and then none is written.
	w.ResponseWriter.WriteHeader(status)
	if w.status == 0 && !informational {
		w.status = status
	}
}

// keepID leaves one request id in the header: a reverse proxy adds that of the
// server behind it.
func (w *response) keepID() {
	if h := w.Header(); len(h[requestIDHeader]) > 1 {
		h[requestIDHeader] = w.exchange.id[:]
	}
}

func (w *response) Write(p []byte) (int, error) {
	w.begin()
	n, err := w.ResponseWriter.Write(p)
	w.bytes += int64(n)
	return n, err
}

// WriteString saves a copy of s where what is wrapped has it as well.
func (w *response) WriteString(s string) (int, error) {
	w.begin()
	n, err := io.WriteString(w.ResponseWriter, s)
	w.bytes += int64(n)
	return n, err
}

func (w *response) begin() {
	if w.status == 0 {
		w.keepID()
		w.status = http.StatusOK
	}
}

// Unwrap is for http.ResponseController.
func (w *response) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *response) flush() error {
	w.begin()
	if !w.flushed {
		w.flushed = true
		w.exchange.say(entry{event: "streaming_started"}, slog.LevelInfo, w.status)
	}
	if f, ok := w.ResponseWriter.(interface{ FlushError() error }); ok {
		return f.FlushError()
	}
	w.ResponseWriter.(http.Flusher).Flush()
	return nil
}

func (w *response) hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := w.ResponseWriter.(http.Hijacker).Hijack()
	if err == nil {
		w.hijacked = true
	}
	return conn, rw, err
}

func (w *response) readFrom(src io.Reader) (int64, error) {
	w.begin()
	n, err := w.ResponseWriter.(io.ReaderFrom).ReadFrom(src)
	w.bytes += n
	return n, err
}

// The kinds of writers that servers have. A handler asks for these interfaces,
// so a wrapper must have neither fewer nor more of them.
type (
	flushWriter  struct{ *response }
	hijackWriter struct{ flushWriter }
	http1Writer  struct{ hijackWriter }
	http2Writer  struct{ flushWriter }
)

// FlushError is what http.ResponseController asks for.
func (w flushWriter) FlushError() error { return w.flush() }

func (w flushWriter) Flush()                                        { _ = w.flush() }
func (w hijackWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) { return w.hijack() }
func (w http1Writer) ReadFrom(src io.Reader) (int64, error)         { return w.readFrom(src) }
func (w http2Writer) Push(target string, opts *http.PushOptions) error {
	return w.ResponseWriter.(http.Pusher).Push(target, opts)
}

// writer returns w with the interfaces that what it wraps has. io.ReaderFrom,
// which only makes copying faster, is left out where there is no Hijacker.
func (w *response) writer() http.ResponseWriter {
	_, flushes := w.ResponseWriter.(http.Flusher)
	_, hijacks := w.ResponseWriter.(http.Hijacker)
	_, copies := w.ResponseWriter.(io.ReaderFrom)
	_, pushes := w.ResponseWriter.(http.Pusher)
	f := flushWriter{w}
	switch {
	case flushes && hijacks && copies:
		return http1Writer{hijackWriter{f}}
	case flushes && hijacks:
		return hijackWriter{f}
	case flushes && pushes:
		return http2Writer{f}
	case flushes:
		return f
	}
	return w
}
