package otlp

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode"

	"github.com/otelkit/otelkit-go/exporters/otlp/internal/wire"
)

const (
	protobufType = "application/x-protobuf"
	jsonType     = "application/json"
	// maxAnswer is the most bytes read of an answer.
	maxAnswer = 64 << 10
)

type httpClient struct {
	transport *http.Transport
	client    http.Client
	url       url.URL
	header    http.Header
	gzip      bool
	timeout   time.Duration
}

func newHTTPClient(e Endpoint, t target) *httpClient {
	dialer := &net.Dialer{Timeout: e.timeout(), KeepAlive: 30 * time.Second}
	c := &httpClient{
		transport: &http.Transport{
			Proxy:               http.ProxyFromEnvironment,
			DialContext:         dialer.DialContext,
			ForceAttemptHTTP2:   true,
			MaxIdleConnsPerHost: inFlight,
			IdleConnTimeout:     90 * time.Second,
			TLSHandshakeTimeout: e.timeout(),
		},
		url:     *t.url,
		header:  http.Header{"Content-Type": {protobufType}, "User-Agent": {userAgent}},
		gzip:    t.gzip,
		timeout: e.timeout(),
	}
	if e.TLS != nil {
		c.transport.TLSClientConfig = e.TLS.Clone()
	}
	if t.socket != "" {
		c.transport.Proxy = nil
		c.transport.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
			return dialer.DialContext(ctx, "unix", t.socket)
		}
	}
	for k, v := range e.Headers {
		c.header.Set(k, v)
	}
	if c.gzip {
		c.header.Set("Content-Encoding", "gzip")
	}
	c.client = http.Client{
		Transport: c.transport,
		// A redirect would carry the headers, credentials among them, to a host
		// that nobody configured.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return c
}

func (c *httpClient) send(ctx context.Context, payload []byte) result {
	ctx, cancel := context.WithTimeoutCause(ctx, c.timeout, fmt.Errorf("no answer within %s", c.timeout))
	defer cancel()
	var readers atomic.Int32
	resp, err := c.post(ctx, payload, &readers)
	if err != nil {
		return result{verdict: retry, err: plain(ctx, err)}
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return result{verdict: retry, err: plain(ctx, err)}
	}
	r := judge(resp, answer)
	r.unread = readers.Load() == 0
	return r
}

// post sends payload and counts who still reads it: net/http may do so after the
// answer has come.
func (c *httpClient) post(ctx context.Context, payload []byte, readers *atomic.Int32) (*http.Response, error) {
	u := c.url
	req := (&http.Request{
		Method: http.MethodPost, URL: &u, Host: u.Host, Header: c.header.Clone(),
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}).WithContext(ctx)
	if c.gzip {
		z := squeeze(payload)
		defer z.release()
		payload = z.bytes()
		req.GetBody = z.body
	} else {
		req.GetBody = func() (io.ReadCloser, error) {
			readers.Add(1)
			return &body{bytes.NewReader(payload), sync.OnceFunc(func() { readers.Add(-1) })}, nil
		}
	}
	req.ContentLength = int64(len(payload))
	req.Body, _ = req.GetBody()
	if len(payload) == 0 {
		req.Body = http.NoBody
	}
	return c.client.Do(req)
}

func (c *httpClient) close() { c.transport.CloseIdleConnections() }

// plain takes the URL out of an error, whose query may hold a key, and puts the
// reason in when the error is but the end of ctx.
func plain(ctx context.Context, err error) error {
	if ue, ok := errors.AsType[*url.Error](err); ok {
		err = ue.Err
	}
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return err
}

// judge turns an answer into a result (OTLP specification, "OTLP/HTTP
// Response").
func judge(resp *http.Response, answer []byte) result {
	switch code := resp.StatusCode; {
	case code >= 200 && code <= 299:
		return judgeSuccess(resp.Header.Get("Content-Type"), answer)
	case code == http.StatusRequestEntityTooLarge:
		return result{verdict: split, err: errors.New(resp.Status)}
	case code == http.StatusRequestTimeout, code == http.StatusTooManyRequests,
		code == http.StatusInternalServerError, code == http.StatusBadGateway,
		code == http.StatusServiceUnavailable, code == http.StatusGatewayTimeout:
		return result{verdict: retry, after: retryAfter(resp.Header.Get("Retry-After")), err: answerError(resp, answer)}
	}
	return result{verdict: refuse, err: answerError(resp, answer)}
}

// judgeSuccess does not take each 200 for OTLP: a captive portal or a web server
// on the wrong port says 200 too.
func judgeSuccess(contentType string, answer []byte) result {
	if len(answer) == 0 {
		return result{}
	}
	kind, _, _ := mime.ParseMediaType(contentType)
	switch kind {
	case protobufType:
		if r, ok := wire.ParseResponse(answer); ok {
			return result{rejected: r.Rejected, warning: r.Message}
		}
	case jsonType:
		if r, ok := parseJSON(answer); ok {
			return r
		}
	}
	return result{verdict: retry, err: fmt.Errorf("the answer (%s) is not OTLP: is this the right address?", kind)}
}

// parseJSON reads an answer of the JSON encoding, which some receivers give to
// protobuf requests. 64-bit integers may be strings there.
func parseJSON(answer []byte) (result, bool) {
	var m struct {
		PartialSuccess struct {
			RejectedLogRecords, RejectedSpans, RejectedDataPoints json.RawMessage

			ErrorMessage string
		}
	}
	if json.Unmarshal(answer, &m) != nil {
		return result{}, false
	}
	p := m.PartialSuccess
	r := result{warning: p.ErrorMessage}
	for _, raw := range []json.RawMessage{p.RejectedLogRecords, p.RejectedSpans, p.RejectedDataPoints} {
		if n, err := strconv.ParseInt(strings.Trim(string(raw), `"`), 10, 64); err == nil {
			r.rejected += n
		}
	}
	return r, true
}

// answerError makes an error of a status and what the receiver says about it.
// For 401 and 403 its words are left out: they like to repeat the credential.
func answerError(resp *http.Response, answer []byte) error {
	status := strconv.Itoa(resp.StatusCode) + " " + http.StatusText(resp.StatusCode)
	kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	text := ""
	switch {
	case resp.StatusCode == http.StatusUnauthorized || resp.StatusCode == http.StatusForbidden:
	case kind == protobufType:
		text = wire.ParseStatus(answer)
	case kind == "text/plain":
		text = string(answer)
	}
	if text = readable(text); text != "" {
		status += ": " + text
	}
	return errors.New(status)
}

// ellipsis stands for the rest of a text that was cut.
const ellipsis = "…"

// readable cuts text to one short printable line.
func readable(text string) string {
	text = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, ""))
	if runes := []rune(strings.TrimSpace(text)); len(runes) > 200 {
		return string(runes[:200]) + ellipsis
	}
	return strings.TrimSpace(text)
}

// retryAfter reads the header of RFC 9110, section 10.2.3, 0 if there is none.
func retryAfter(v string) time.Duration {
	if seconds, err := strconv.Atoi(v); err == nil && seconds >= 0 {
		return min(time.Duration(min(seconds, 1<<30))*time.Second, longestThrottle)
	}
	if at, err := http.ParseTime(v); err == nil {
		return max(time.Until(at), 0)
	}
	return 0
}
