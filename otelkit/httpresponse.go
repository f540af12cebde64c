package otelkit

import (
	"bufio"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strconv"
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
	broken   bool // a write failed
	late     bool // the request was cancelled before the status was written
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
		w.set(status)
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
	w.wrote(int64(n), err)
	return n, err
}

// WriteString saves a copy of s where what is wrapped has it as well.
func (w *response) WriteString(s string) (int, error) {
	w.begin()
	n, err := io.WriteString(w.ResponseWriter, s)
	w.wrote(int64(n), err)
	return n, err
}

func (w *response) begin() {
	if w.status == 0 {
		w.keepID()
		w.set(http.StatusOK)
	}
}

func (w *response) set(status int) {
	w.status = status
	w.late = w.exchange.request.Context().Err() != nil
}

// complete reports whether the handler has answered as it meant to, although the
// request was cancelled by its end: with an error that came before that, or with
// as many bytes as it had announced.
func (w *response) complete() bool {
	switch {
	case w.broken || w.status == 0:
		return false
	case w.status >= http.StatusInternalServerError:
		return !w.late
	case w.exchange.outer.Method == http.MethodHead, w.status == http.StatusNoContent, w.status == http.StatusNotModified:
		return !w.late
	}
	return first(w.Header()["Content-Length"]) == strconv.FormatInt(w.bytes, 10)
}

func (w *response) wrote(n int64, err error) {
	w.bytes += n
	w.broken = w.broken || err != nil
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

func (w *response) readFrom(src io.Reader) (n int64, err error) {
	if w.status == 0 {
		w.keepID()
	}
	returned := false
	defer func() {
		// A source that fails at once has had nothing written; of one that panics
		// nobody knows.
		if w.status == 0 && (n > 0 || !returned) {
			w.set(http.StatusOK)
		}
		w.wrote(n, err)
	}()
	n, err = w.ResponseWriter.(io.ReaderFrom).ReadFrom(src)
	returned = true
	return n, err
}

// The kinds of writers that servers have. A handler asks for these interfaces,
// so a wrapper must have neither fewer nor more of them.
type (
	flushWriter  struct{ *response }
	hijackWriter struct{ flushWriter }
	http1Writer  struct{ hijackWriter }
	http2Writer  struct{ flushWriter }

	flushNotifyWriter  struct{ flushWriter }
	hijackNotifyWriter struct{ hijackWriter }
	http1NotifyWriter  struct{ http1Writer }
	http2NotifyWriter  struct{ http2Writer }
)

// FlushError is what http.ResponseController asks for.
func (w flushWriter) FlushError() error { return w.flush() }

func (w flushWriter) Flush()                                        { _ = w.flush() }
func (w hijackWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) { return w.hijack() }
func (w http1Writer) ReadFrom(src io.Reader) (int64, error)         { return w.readFrom(src) }
func (w http2Writer) Push(target string, opts *http.PushOptions) error {
	return w.ResponseWriter.(http.Pusher).Push(target, opts)
}

// Some frameworks still ask for CloseNotify, and panic without it.

func (w flushNotifyWriter) CloseNotify() <-chan bool  { return w.closeNotify() }
func (w hijackNotifyWriter) CloseNotify() <-chan bool { return w.closeNotify() }
func (w http1NotifyWriter) CloseNotify() <-chan bool  { return w.closeNotify() }
func (w http2NotifyWriter) CloseNotify() <-chan bool  { return w.closeNotify() }

func (w *response) closeNotify() <-chan bool {
	return w.ResponseWriter.(http.CloseNotifier).CloseNotify() //nolint:staticcheck // it is there for who needs it
}

// writer returns w with the interfaces that what it wraps has. io.ReaderFrom,
// which only makes copying faster, is left out where there is no Hijacker.
func (w *response) writer() http.ResponseWriter {
	_, flushes := w.ResponseWriter.(http.Flusher)
	_, hijacks := w.ResponseWriter.(http.Hijacker)
	_, copies := w.ResponseWriter.(io.ReaderFrom)
	_, pushes := w.ResponseWriter.(http.Pusher)
	_, notifies := w.ResponseWriter.(http.CloseNotifier) //nolint:staticcheck // as above
	f := flushWriter{w}
	switch {
	case flushes && hijacks && copies && notifies:
		return http1NotifyWriter{http1Writer{hijackWriter{f}}}
	case flushes && hijacks && notifies:
		return hijackNotifyWriter{hijackWriter{f}}
	case flushes && pushes && notifies:
		return http2NotifyWriter{http2Writer{f}}
	case flushes && notifies:
		return flushNotifyWriter{f}
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
