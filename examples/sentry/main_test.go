package main

import (
	"bytes"
	"strings"
	"testing"
)

func TestRun(t *testing.T) {
	t.Setenv("SENTRY_DSN", "")
	t.Setenv("SENTRY_SPOTLIGHT", "")
	var out bytes.Buffer
	if err := run(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"POST /orders/2: 502 Bad Gateway\n",
		"POST /orders/nonsense: 400 Bad Request\n",
		"\n2 issues:\n",
		".order: order 2: charge [REDACTED:financial.pan]: card declined (error)\n",
		"transaction POST /orders/{id}\n",
		"order_received email=[REDACTED:pii.key]\n",
		".nightly: stock differs from the books (error)\n",
		"transaction nightly\n",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the program does not say %q:\n%s", want, &out)
		}
	}
	for _, secret := range []string{"4111", "ada@", errNoNumber.Error()} {
		if strings.Contains(out.String(), secret) {
			t.Errorf("%q is among what arrived:\n%s", secret, &out)
		}
	}
}
