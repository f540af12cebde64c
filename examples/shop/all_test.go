package main

import (
	"bytes"
	"context"
	"strings"
	"testing"
)

// A short run of everything, in processes of their own: the verdict of the shop
// itself holds that the books balance, that each failed order has one issue and
// that no secret has left.
func TestShop(t *testing.T) {
	t.Parallel()
	var screen bytes.Buffer
	// 60 orders have each failure once or twice.
	if err := run(t.Context(), config{orders: 60, rate: 60}, &screen); err != nil {
		t.Errorf("the shop says: %v", err)
	}
	for _, want := range []string{
		"orders      60 in", "paid ", "slow ", "limited ", "impatient ", "declined ", "receipt_late ",
		"requests    ", " 500 ", " 502 ", " none ",
		"failed      7 orders: acquirer_down 2, coupon_broken 2, charge_crashed 1, price_missing 1, receipt_lost 1",
		"issues      7: gateway 5, payments 1, worker 1",
		"traces      46 of 4, 6 of 3, 8 of 2, 2 of 1 services; ", "log lines are in one of them",
		"financial.pan ", "auth.cookie ", "health.key ", "pii.email ", "pw.key ", "found 0 in ",
		"warn  payment_retrying", "error task_failed", "no ledger for card [REDACTED:financial.pan]",
		"All is as it should be",
	} {
		if !strings.Contains(screen.String(), want) {
			t.Errorf("the screen does not show %q", want)
		}
	}
	if t.Failed() {
		t.Logf("the screen:\n%s", &screen)
	}
}

// A shop that is told to stop says how it went until then.
func TestStoppedEarly(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	screen := &trigger{text: "error order_failed", pull: cancel}
	if err := run(ctx, config{orders: 1_000_000, rate: 60}, screen); err != nil {
		t.Errorf("the shop says: %v\n%s", err, &screen.shown)
	}
	if got := screen.shown.String(); !strings.Contains(got, "All is as it should be") {
		t.Errorf("the screen shows no verdict:\n%s", got)
	}
}

// trigger is a screen that does something when it is to show a text.
type trigger struct {
	shown bytes.Buffer
	text  string
	pull  func()
}

func (s *trigger) Write(p []byte) (int, error) {
	if bytes.Contains(p, []byte(s.text)) {
		s.pull()
	}
	return s.shown.Write(p)
}
