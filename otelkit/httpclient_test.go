package otelkit_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"github.com/otelkit/otelkit-go/otelkit"
)

func TestHTTPTransport(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		handler http.HandlerFunc
		opts    []otelkit.HTTPClientOption
		story   []string
		status  string
		text    string
	}{
		{"200", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "ok") }, nil, nil, "", ""},
		{"404", http.NotFound, nil, nil, "", ""},
		{
			"503", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }, nil,
			[]string{"WARN external_request_failed"},
			"503", "HTTP 503 Service Unavailable",
		},
		{
			"404 by option", http.NotFound,
			[]otelkit.HTTPClientOption{otelkit.WithFailedStatus(func(s int) bool { return s == 404 })},
			[]string{"WARN external_request_failed"},
			"404", "HTTP 404 Not Found",
		},
		{
			"network error", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, nil,
			[]string{"WARN external_request_failed"},
			"", "EOF",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			o := observe(t)
			var got http.Header
			srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				got = r.Header.Clone()
				test.handler(w, r)
			}))
			srv.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
			srv.Start()
			transport := &http.Transport{}
			client := &http.Client{Transport: otelkit.HTTPTransport(transport, test.opts...)}
			ctx, end := o.start("work")
			ctx = otelkit.Bind(ctx, "correlation_id", "c-1")
			url := strings.Replace(srv.URL, "http://", "http://user:"+canary("userinfo")+"@", 1) + "/pay/17?token=" + canary("query")
			req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(canary("body")))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Authorization", "Bearer "+canary("header"))
			if res, err := client.Do(req); err == nil {
				_, _ = io.Copy(io.Discard, res.Body)
				res.Body.Close()
			}
			client.CloseIdleConnections()
			srv.Close()
			end()
			checkIssues(t, o, nil) // the work did not fail
			if diff := cmp.Diff(test.story, o.story()); diff != "" {
				t.Error(diff)
			}
			if test.story != nil {
				l := o.line(t, "external_request_failed")
				if l["peer"] != srv.Listener.Addr().String() || l["method"] != "POST" || l["status"] != test.status ||
					l["duration_ms"] == "" || l["error"] != test.text || l["url"] != srv.URL+"/pay/17" {
					t.Errorf("line %v", l)
				}
			}
			span := o.spans.Ended()[0]
			if span.SpanKind() != trace.SpanKindClient || (span.Status().Code == codes.Error) != (test.status != "" || test.text == "EOF" || test.name == "404") {
				t.Errorf("span %v, %v", span.SpanKind(), span.Status())
			}
			if !strings.Contains(got.Get("Traceparent"), span.SpanContext().SpanID().String()) || got.Get("X-Correlation-Id") != "c-1" {
				t.Errorf("headers of the request: %v", got)
			}
			o.checkCanaries(t)
		})
	}
}

func canary(name string) string {
	return strings.Join([]string{"canary", name, "k7Qp2", "do", "not", "show"}, "-")
}

// checkCanaries looks for canaries in everything that left the kit.
func (o *observed) checkCanaries(t *testing.T) {
	t.Helper()
	text := fmt.Sprintf("%v %s", o.lines, o.issues.Raw())
	for _, s := range o.spans.Ended() {
		text += s.Name() + s.Status().Description
		for _, kv := range s.Attributes() {
			text += kv.Value.String() + " "
		}
		for _, e := range s.Events() {
			for _, kv := range e.Attributes {
				text += kv.Value.String() + " "
			}
		}
	}
	if at := strings.Index(text, "canary-"); at >= 0 {
		t.Errorf("leaked: …%s", text[max(0, at-60):min(len(text), at+60)])
	}
}

// A failed request is the issue if it is why the work failed, and only then.
func TestHTTPTransportExplainsFailure(t *testing.T) {
	t.Parallel()
	o := observe(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close() // nobody listens
	client := &http.Client{Transport: otelkit.HTTPTransport(nil)}
	h := otelkit.HTTPMiddleware(otelkit.WithKit(o.kit))(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		req, _ := http.NewRequestWithContext(r.Context(), http.MethodGet, "http://"+l.Addr().String()+"/", nil)
		if res, err := client.Do(req); err == nil {
			res.Body.Close()
		}
		w.WriteHeader(http.StatusBadGateway)
	}))
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
	checkIssues(t, o, []string{"error *net.OpError: dial tcp " + l.Addr().String() + ": connect: connection refused"})
	if diff := cmp.Diff([]string{"INFO request_started", "WARN external_request_failed", "ERROR request_finished"}, o.story()); diff != "" {
		t.Error(diff)
	}
}

// Who cancels a request knows why.
func TestHTTPTransportCancelled(t *testing.T) {
	t.Parallel()
	o := observe(t)
	ctx, cancel := context.WithCancel(o.ctx)
	cancel()
	req, _ := http.NewRequestWithContext(ctx, http.MethodGet, "http://127.0.0.1:1/", nil)
	client := &http.Client{Transport: otelkit.HTTPTransport(nil)}
	res, err := client.Do(req)
	if err == nil {
		res.Body.Close()
	}
	if !errors.Is(err, context.Canceled) || len(o.story()) != 0 {
		t.Errorf("error %v, lines %q", err, o.story())
	}
}

// The cause for which a request was cancelled is somebody else's failure.
func TestHTTPTransportCancelledWithCause(t *testing.T) {
	t.Parallel()
	o := observe(t)
	cause := errors.New("the other call failed")
	ctx, end := o.start("work")
	ctx, cancel := context.WithCancelCause(ctx)
	cancel(cause)
	req, _ := http.NewRequestWithContext(ctx, http.MethodGet, "http://127.0.0.1:1/?q="+canary("query"), nil)
	var got error
	client := &http.Client{Transport: otelkit.HTTPTransport(failing{cause})}
	res, err := client.Do(req)
	if err == nil {
		res.Body.Close()
	}
	if e := (*url.Error)(nil); errors.As(err, &e) {
		got = e.Err
	}
	end()
	if got != cause || len(o.story()) != 0 { //nolint:errorlint // it is to come through as it is
		t.Errorf("error %v, lines %q", err, o.story())
	}
	checkIssues(t, o, nil)
	span := o.spans.Ended()[0]
	if span.Status().Description != "context canceled" {
		t.Errorf("status %v", span.Status())
	}
	for _, kv := range span.Attributes() {
		if kv.Key == "url.full" && kv.Value.AsString() != "http://127.0.0.1:1/" {
			t.Errorf("url.full %s", kv.Value.AsString())
		}
	}
	o.checkCanaries(t)
}

type failing struct{ err error }

func (f failing) RoundTrip(*http.Request) (*http.Response, error) { return nil, f.err }
