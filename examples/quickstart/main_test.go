package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/otelkit/otelkit-go/otelkit/otelkittest"
)

// What is shown to everyone keeps the conventions, and what it logs for show
// does not leave it.
func TestQuickstart(t *testing.T) {
	kit := otelkittest.NewGlobal(t)
	if err := serve(t.Context(), 4); err != nil {
		t.Fatal(err)
	}
	kit.AssertConventions(t)
	for event, want := range map[string]int{"request_started": 4, "request_finished": 4, "order_received": 4, "order_paid": 3, "payment_slow": 1, "payment_failed": 1} {
		if got := len(kit.Logs().Event(event)); got != want {
			t.Errorf("%d lines %s, want %d", got, event, want)
		}
	}
	if n := len(kit.SentryEvents()); n != 1 {
		t.Errorf("%d Sentry events, want that of payment_failed", n)
	}
	story := fmt.Sprint(kit.Story())
	for _, secret := range []string{"hunter2", "ada@example", "4111", "s3cr3t", "E11.9"} {
		if strings.Contains(story, secret) {
			t.Errorf("%s is in the story:\n%s", secret, story)
		}
	}
}
