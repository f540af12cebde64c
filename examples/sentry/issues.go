package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sync"
)

// issues is the small Sentry inside: it takes in envelopes as a relay does
// (https://develop.sentry.dev/sdk/data-model/envelopes/).
type issues struct {
	mu   sync.Mutex
	list []issue
}

// issue is what a person sees first of a Sentry event.
type issue struct {
	Level       string   `json:"level"`
	Transaction string   `json:"transaction"`
	Fingerprint []string `json:"fingerprint"`
	Exception   []struct {
		Type       string `json:"type"`
		Value      string `json:"value"`
		Stacktrace *struct {
			Frames []struct {
				Function string `json:"function"`
				Filename string `json:"filename"`
			} `json:"frames"`
		} `json:"stacktrace"`
	} `json:"exception"`
	Contexts struct {
		Trace struct {
			ID string `json:"trace_id"`
		} `json:"trace"`
	} `json:"contexts"`
	Breadcrumbs []struct {
		Message string         `json:"message"`
		Data    map[string]any `json:"data"`
	} `json:"breadcrumbs"`
}

// ServeHTTP implements http.Handler.
func (s *issues) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	envelope, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	// The header of the envelope, that of the one item in it, and the item.
	parts := bytes.SplitN(envelope, []byte("\n"), 3)
	var i issue
	if len(parts) != 3 || json.Unmarshal(parts[2], &i) != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	s.list = append(s.list, i)
	s.mu.Unlock()
}

func (s *issues) print(out io.Writer) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var b bytes.Buffer
	fmt.Fprintf(&b, "\n%d issues:\n", len(s.list))
	for _, i := range s.list {
		fmt.Fprintln(&b)
		if n := len(i.Exception); n > 0 {
			x := i.Exception[n-1]
			fmt.Fprintf(&b, "  %s: %s (%s)\n", x.Type, x.Value, i.Level)
			if st := x.Stacktrace; st != nil && len(st.Frames) > 0 {
				last := st.Frames[len(st.Frames)-1]
				fmt.Fprintf(&b, "    at          %s (%s)\n", last.Function, last.Filename)
			}
		}
		fmt.Fprintf(&b, "    transaction %s\n", i.Transaction)
		fmt.Fprintf(&b, "    trace       %s\n", i.Contexts.Trace.ID)
		fmt.Fprintf(&b, "    fingerprint %q\n", i.Fingerprint)
		fmt.Fprintf(&b, "    breadcrumbs %d\n", len(i.Breadcrumbs))
		for _, c := range i.Breadcrumbs {
			fmt.Fprintf(&b, "      %s", c.Message)
			if email := c.Data["email"]; email != nil {
				fmt.Fprintf(&b, " email=%v", email)
			}
			fmt.Fprintln(&b)
		}
	}
	_, err := b.WriteTo(out)
	return err
}
