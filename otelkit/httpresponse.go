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
	if w.status == 0 && !informational {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *response) Write(p []byte) (int, error) {
	w.begin()
	n, err := w.ResponseWriter.Write(p)
	w.bytes += int64(n)
	return n, err
}

func (w *response) begin() {
	if w.status == 0 {
		w.status = http.StatusOK
	}
}

// Unwrap is for http.ResponseController.
func (w *response) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *response) flush() {
	w.begin()
	if !w.flushed {
		w.flushed = true
		w.exchange.say(entry{event: "streaming_started"}, slog.LevelInfo, w.status)
	}
	w.ResponseWriter.(http.Flusher).Flush()
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

func (w flushWriter) Flush()                                        { w.flush() }
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
