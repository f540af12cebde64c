package sentry

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"time"
)

// spotlightTime is how long the viewer may take. It runs on the machine of the
// developer.
const spotlightTime = time.Second

// spotlight sends a copy of each envelope to Spotlight, beside or instead of
// Sentry.
type spotlight struct {
	url    string
	client *http.Client
	next   http.RoundTripper // nil without Sentry
}

func newSpotlight(url string, next http.RoundTripper) *spotlight {
	return &spotlight{
		url:  url,
		next: next,
		// A transport of its own without proxy: the viewer is near.
		client: &http.Client{Transport: &http.Transport{MaxIdleConns: 1}, Timeout: spotlightTime},
	}
}

// RoundTrip implements http.RoundTripper. The answer is Sentry's, if there is
// one, and whether the viewer runs does not matter then.
func (s *spotlight) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	_ = r.Body.Close()
	if err != nil {
		return nil, err
	}
	if s.next == nil {
		return s.send(r.Context(), body)
	}
	clone := r.Clone(r.Context())
	clone.Body = io.NopCloser(bytes.NewReader(body))
	resp, err := s.next.RoundTrip(clone)
	if local, lerr := s.send(r.Context(), body); lerr == nil {
		_ = local.Body.Close()
	}
	return resp, err
}

func (s *spotlight) send(ctx context.Context, envelope []byte) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url, bytes.NewReader(forSpotlight(envelope)))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/x-sentry-envelope")
	return s.client.Do(req)
}

func (s *spotlight) CloseIdleConnections() {
	s.client.CloseIdleConnections()
	if c, ok := s.next.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}

// forSpotlight rewrites the events of an envelope for Spotlight, which reads
// lists only in their older form {"values": […]} and shows the message of a
// breadcrumb only if it has no data.
func forSpotlight(envelope []byte) []byte {
	lines := bytes.Split(envelope, []byte("\n"))
	lines[0] = withoutDSN(lines[0])
	for i := 1; i+1 < len(lines); i += 2 {
		var header map[string]any
		if json.Unmarshal(lines[i], &header) != nil || header["type"] != "event" {
			continue
		}
		var event map[string]json.RawMessage
		if json.Unmarshal(lines[i+1], &event) != nil {
			continue
		}
		if crumbs, ok := event["breadcrumbs"]; ok {
			event["breadcrumbs"] = showMessages(crumbs)
		}
		for _, list := range []string{"exception", "breadcrumbs", "threads"} {
			if raw := event[list]; len(raw) > 0 && raw[0] == '[' {
				event[list] = append(append([]byte(`{"values":`), raw...), '}')
			}
		}
		body, err := json.Marshal(event)
		if err != nil {
			continue
		}
		header["length"] = len(body)
		head, err := json.Marshal(header)
		if err != nil {
			continue
		}
		lines[i], lines[i+1] = head, body
	}
	return bytes.Join(lines, []byte("\n"))
}

// withoutDSN takes the DSN off the header of an envelope: the viewer needs no
// key.
func withoutDSN(raw []byte) []byte {
	var header map[string]json.RawMessage
	if json.Unmarshal(raw, &header) != nil {
		return raw
	}
	delete(header, "dsn")
	out, err := json.Marshal(header)
	if err != nil {
		return raw
	}
	return out
}

// showMessages repeats the message of each breadcrumb among its data.
func showMessages(raw json.RawMessage) json.RawMessage {
	var crumbs []map[string]any
	if json.Unmarshal(raw, &crumbs) != nil {
		return raw
	}
	for _, c := range crumbs {
		if data, ok := c["data"].(map[string]any); ok && data["message"] == nil {
			data["message"] = c["message"]
		}
	}
	out, err := json.Marshal(crumbs)
	if err != nil {
		return raw
	}
	return out
}
