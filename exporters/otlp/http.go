package otlp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"
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
	limit := int64(maxErrorBody)
	if resp.StatusCode < http.StatusMultipleChoices {
		limit = maxAnswer + 1 // to see that there is more
	}
	answer, err := io.ReadAll(io.LimitReader(resp.Body, limit))
	if err != nil && resp.StatusCode < http.StatusMultipleChoices {
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
		return context.Cause(ctx)
	}
	if err == io.EOF { //nolint:errorlint // only if that is all that is known
		return explained(maybeTLS, err)
	}
	return explained(find(httpHints, err.Error()), err)
}
