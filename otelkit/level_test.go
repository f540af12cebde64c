package otelkit

import (
	"log/slog"
	"sync"
	"testing"

	"go.opentelemetry.io/otel/log"
)

func TestLevels(t *testing.T) {
	t.Parallel()
	rules, err := parseLevels(" warning , shop=info+2, shop.payment=DEBUG,")
	if err != nil {
		t.Fatal(err)
	}
	l := newLevels(rules)
	tests := []struct {
		logger string
		level  slog.Level
		want   bool
	}{
		{"", slog.LevelInfo, false},
		{"", slog.LevelWarn, true},
		{"other", slog.LevelInfo, false},
		{"shop", slog.LevelInfo, false},
		{"shop", slog.LevelInfo + 2, true},
		{"shop.cart.deep", slog.LevelInfo + 2, true},
		{"shop.payment", slog.LevelDebug, true},
		{"shop.payment.card", slog.LevelDebug, true},
		{"shop.payments", slog.LevelInfo, false},
	}
	for _, tt := range tests {
		if got := l.gate(tt.logger).enabled(tt.level); got != tt.want {
			t.Errorf("%q at %v: enabled = %v", tt.logger, tt.level, got)
		}
		if got := l.passes(tt.logger, log.Severity(int(tt.level)+severityOffset)); got != tt.want {
			t.Errorf("%q at %v: passes = %v", tt.logger, tt.level, got)
		}
	}
}

func TestLevelsChangeWhileRunning(t *testing.T) {
	t.Parallel()
	l := newLevels(nil)
	shop, child, other := l.gate("shop"), l.gate("shop.payment"), l.gate("other")
	enabled := func() [3]bool {
		return [3]bool{shop.enabled(slog.LevelDebug), child.enabled(slog.LevelDebug), other.enabled(slog.LevelDebug)}
	}
	if got := enabled(); got != [3]bool{} {
		t.Errorf("by default: %v", got)
	}
	l.set(slog.LevelDebug, "shop")
	if got := enabled(); got != [3]bool{true, true, false} {
		t.Errorf("after shop=debug: %v", got)
	}
	l.set(slog.LevelDebug)
	if got := enabled(); got != [3]bool{true, true, true} {
		t.Errorf("after debug: %v", got)
	}
	l.set(slog.LevelError, "shop.payment")
	if got := enabled(); got != [3]bool{true, false, true} {
		t.Errorf("after shop.payment=error: %v", got)
	}
}

func TestLevelsConcurrently(t *testing.T) {
	t.Parallel()
	l := newLevels(nil)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for i := range 100 {
				l.set(slog.Level(i%2), "shop")
				l.gate("shop.payment").enabled(slog.LevelInfo)
				l.passes("shop", log.SeverityInfo)
			}
		})
	}
	wg.Wait()
	if got := l.gate("shop.payment").enabled(slog.Level(1)); !got {
		t.Error("the last level set was 1, and 1 is not enabled")
	}
}

// A disabled call costs an atomic load: no allocation.
func TestDisabledLevelAllocatesNothing(t *testing.T) {
	kit, _ := start(t)
	logger := kit.Logger("shop")
	ctx := t.Context()
	if n := testing.AllocsPerRun(100, func() { logger.DebugContext(ctx, "nothing") }); n != 0 {
		t.Errorf("%v allocations, want 0", n)
	}
}
