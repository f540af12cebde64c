package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/otelkit/otelkit-go/internal/bench"
)

func invalidText(ctx context.Context, st *stage) (figure, error) {
	o, err := st.play(ctx, plan{Script: "invalid", Records: 512})
	if err != nil {
		return figure{}, err
	}
	got := st.logs(o.Emitted)
	text, repaired := fmt.Sprintf("%s of %d", got, o.Emitted), st.received("go\uFFFDld")
	if repaired {
		text += ", one repaired"
	}
	return figure{text, got.lost == 0 && repaired}, nil
}

func badMetric(ctx context.Context, st *stage) (figure, error) {
	if _, err := st.play(ctx, plan{Script: "bad attribute"}); err != nil {
		return figure{}, err
	}
	_, good := st.metric("good")
	_, bad := st.metric("bad")
	return figure{fmt.Sprintf("the good one %d times, the bad one %d times", good, bad), good > 0 && bad > 0 && st.received("go\uFFFDld")}, nil
}

// batch is one of 512 records, the SDK's size, with a value each.
func batch(size int) func(context.Context, *stage) (figure, error) {
	return func(ctx context.Context, st *stage) (figure, error) {
		o, err := st.play(ctx, plan{Script: "large", Records: 512, Size: size})
		if err != nil {
			return figure{}, err
		}
		got := st.logs(o.Emitted)
		return figure{fmt.Sprintf("%s of %d", got, o.Emitted), got.lost == 0}, nil
	}
}

func oneLarge(ctx context.Context, st *stage) (figure, error) {
	if _, err := st.play(ctx, plan{Script: "large", Records: 1, Size: 6 << 20}); err != nil {
		return figure{}, err
	}
	attrs, ok := st.log("page_rendered")
	if !ok {
		return figure{text: "lost"}, nil
	}
	value, _ := attrs["body"].(string)
	marked := strings.HasSuffix(value, "[truncated]") && utf8.ValidString(value)
	return figure{fmt.Sprintf("cut to %d KiB, marked: %t", len(value)>>10, marked), marked}, nil
}

// survives looks for the record of this body, and at what became of its cause.
func survives(script, body string) func(context.Context, *stage) (figure, error) {
	return func(ctx context.Context, st *stage) (figure, error) {
		_, err := st.play(ctx, plan{Script: script})
		if errors.Is(err, errDied) {
			return figure{text: "process dies"}, nil
		} else if err != nil {
			return figure{}, err
		}
		attrs, arrived := st.log(body)
		if !arrived {
			return figure{text: "lives, the record is lost"}, nil
		}
		if body == aliveBody {
			return figure{"lives", true}, nil
		}
		says := fmt.Sprint(attrs["cause"])
		if first, _, more := strings.Cut(says, "\n"); more {
			says = first + " … (a stack)"
		}
		_, goesOn := st.log(aliveBody)
		return figure{fmt.Sprintf("lives, %q", says), goesOn}, nil
	}
}

// othersFlow looks whether the metric beside the one in trouble arrives.
func othersFlow(script string) func(context.Context, *stage) (figure, error) {
	return func(ctx context.Context, st *stage) (figure, error) {
		_, err := st.play(ctx, plan{Script: script})
		if errors.Is(err, errDied) {
			return figure{text: "process dies"}, nil
		} else if err != nil {
			return figure{}, err
		}
		_, times := st.metric("good")
		return figure{fmt.Sprintf("the good one %d times", times), times > 1}, nil
	}
}

func notNumber(ctx context.Context, st *stage) (figure, error) {
	if _, err := st.play(ctx, plan{Script: "NaN"}); err != nil {
		return figure{}, err
	}
	sum, times := st.metric("good")
	if times == 0 {
		return figure{text: "nothing arrives"}, nil
	}
	return figure{fmt.Sprintf("sum %v", sum), !math.IsNaN(sum) && sum == 3}, nil
}

// latencies are those of the goals program: rounds in turn, medians.
func latencies(ctx context.Context) (c comparison, err error) {
	lab, err := bench.NewLab(ctx)
	if err != nil {
		return c, err
	}
	defer func() { _ = lab.Close() }() // the figures are there by then
	rounds, err := lab.LatencyRounds(ctx, 7, 20_000, bench.PlainLog, bench.KitLog)
	if err != nil {
		return c, err
	}
	figures := func(s bench.Subject) (p50, p99 time.Duration) {
		return bench.Median(rounds, bench.Of(s, bench.P50)), bench.Median(rounds, bench.Of(s, bench.P99))
	}
	plain50, plain99 := figures(bench.PlainLog)
	kit50, kit99 := figures(bench.KitLog)
	return comparison{
		plain: micro(plain50) + " / " + micro(plain99),
		kit:   micro(kit50) + " / " + micro(kit99),
		ok:    kit50 <= plain50 && kit99 <= plain99,
	}, nil
}
