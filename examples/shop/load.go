package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"github.com/otelkit/otelkit-go/otelkit"
)

// load is the customers.
type load struct {
	gateway string
	client  *http.Client
	tracer  trace.Tracer
	series  string // what the ids of this run's orders begin with

	mu    sync.Mutex
	tally tally
}

func runLoad(ctx context.Context, cfg config, tell announcer) error {
	if cfg.duration == 0 && cfg.orders == 0 {
		cfg.duration = defaultDuration
	}
	l := &load{
		gateway: cfg.gateway, tracer: otel.Tracer("shop"), series: "o-" + uuid.NewString()[:8] + "-",
		client: &http.Client{Transport: otelkit.HTTPTransport(nil), Timeout: 30 * time.Second},
		tally:  tally{Statuses: map[string]int{}, Scenarios: map[string]int{}},
	}
	l.place(ctx, cfg)
	err := l.jobsDone(context.WithoutCancel(ctx))
	return errors.Join(err, tell.message(message{Service: cfg.run, Tally: &l.tally}))
}

// atOnce is how many orders may be under way: a shop that is slow gets fewer.
const atOnce = 32

// place places orders, at an even pace, and returns when all are answered.
func (l *load) place(ctx context.Context, cfg config) {
	var under sync.WaitGroup
	defer under.Wait()
	plan, begin, room := newPlan(), time.Now(), make(chan struct{}, atOnce)
	tick := time.NewTicker(time.Duration(float64(time.Second) / cfg.rate))
	defer tick.Stop()
	for n := 0; cfg.orders == 0 || n < cfg.orders; n++ {
		if cfg.duration > 0 && time.Since(begin) >= cfg.duration {
			return
		}
		s := plan.next(time.Since(begin))
		// An order that has begun is finished.
		room <- struct{}{}
		under.Go(func() {
			l.order(context.WithoutCancel(ctx), n, s)
			<-room
		})
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// order places order n and compares the answer with what its scenario says.
func (l *load) order(ctx context.Context, n int, s scenario) {
	ctx, span := l.tracer.Start(ctx, "order", trace.WithAttributes(attribute.String("scenario", s.name)))
	defer span.End()
	c := newCustomer(n % customerCount)
	o := order{ID: l.series + strconv.Itoa(n), Scenario: s.name, AmountCents: int64(1000 + n%90*25), Customer: c, Note: c.note()}
	ctx = otelkit.Bind(ctx, "order_id", o.ID, "scenario", s.name)

	got := l.play(ctx, o)
	if got != s.status {
		slog.WarnContext(ctx, "order_surprising", "status", got, "want", s.status)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tally.Orders++
	l.tally.Scenarios[s.name]++
	switch {
	case got != s.status:
		l.tally.Wrong = append(l.tally.Wrong, fmt.Sprintf("%s (%s) was answered %d instead of %d", o.ID, s.name, got, s.status))
	case s.issue != "":
		l.tally.Failed = append(l.tally.Failed, failure{o.ID, s.name, s.issue, span.SpanContext().TraceID().String()})
	}
}

// play sends the requests of an order and returns the status of the last one.
func (l *load) play(ctx context.Context, o order) int {
	o.Attempt = 1
	switch o.Scenario {
	case notFound:
		return l.get(ctx, o)
	case lookedUp:
		l.post(ctx, o)
		return l.get(ctx, o)
	case impatient:
		hasty, cancel := context.WithTimeout(ctx, 250*time.Millisecond)
		defer cancel()
		l.post(hasty, o)
	case limited:
		l.post(ctx, o)
	default:
		return l.post(ctx, o)
	}
	slog.InfoContext(ctx, "order_again")
	o.Attempt = 2
	return l.post(ctx, o)
}

// post sends an order, with all that may not be logged in its URL, its headers
// and its body.
func (l *load) post(ctx context.Context, o order) (status int) {
	body, err := json.Marshal(o)
	if err != nil {
		panic(err) // it is made of strings and numbers
	}
	if o.Scenario == unreadable {
		body = body[:len(body)/2]
	}
	query := url.Values{"api_key": {o.Customer.apiKey}, "email": {o.Customer.Email}}
	return l.send(ctx, http.MethodPost, "/orders?"+query.Encode(), o.Customer, bytes.NewReader(body))
}

func (l *load) get(ctx context.Context, o order) (status int) {
	return l.send(ctx, http.MethodGet, "/orders/"+o.ID+"?access_token="+o.Customer.token, o.Customer, nil)
}

// send returns the status of the answer, and 0 if there is none.
func (l *load) send(ctx context.Context, method, target string, c customer, body io.Reader) (status int) {
	defer func() { l.count(status) }()
	r, err := http.NewRequestWithContext(ctx, method, l.gateway+target, body)
	if err != nil {
		panic(err) // the target is ours
	}
	r.Header.Set("Authorization", "Bearer "+c.token)
	r.Header.Set("Cookie", "session="+c.session)
	res, err := l.client.Do(r)
	if err != nil {
		slog.WarnContext(ctx, "answer_missing", "error", err)
		return 0
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, res.Body) // so that the connection can be used again
	return res.StatusCode
}

func (l *load) count(status int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tally.Requests++
	key := strconv.Itoa(status)
	if status == 0 {
		key = "none"
	}
	l.tally.Statuses[key]++
}

// patience is how long load waits for the next job to be done.
const patience = 30 * time.Second

// jobsDone waits until the worker has nothing to do any more.
func (l *load) jobsDone(ctx context.Context) error {
	fewest, since := math.MaxInt, time.Now()
	for {
		n, err := l.jobs(ctx)
		if err != nil || n == 0 {
			return err
		}
		if n < fewest {
			fewest, since = n, time.Now()
		}
		if time.Since(since) > patience {
			return fmt.Errorf("%d jobs wait, and none was done for %s", n, patience)
		}
		_ = pause(ctx, 100*time.Millisecond)
	}
}

// jobs asks the gateway how many jobs wait. It is nobody's order, so it is sent
// without telemetry.
func (l *load) jobs(ctx context.Context) (n int, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, l.gateway+"/healthz", nil)
	if err != nil {
		return 0, err
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(strings.TrimSpace(string(text)))
}
