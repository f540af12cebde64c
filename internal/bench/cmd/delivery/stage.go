package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync/atomic"
	"time"

	"github.com/otelkit/otelkit-go/internal/otlptest"
)

// setting is how services of a row reach the Collector.
type setting struct {
	grpc  bool
	spool bool // otelkit keeps what waits on disk
}

// stage is where one subject plays one row: a receiver and a directory.
type stage struct {
	subject  subject
	setting  setting
	receiver *otlptest.Receiver
	dir      string

	collector *collector // takes the receiver's place if there is one
}

func newStage(s subject, how setting) (*stage, error) {
	r, err := otlptest.Start()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "delivery-")
	if err != nil {
		r.Close()
		return nil, err
	}
	return &stage{subject: s, setting: how, receiver: r, dir: dir}, nil
}

func (st *stage) close() {
	st.receiver.Close()
	_ = os.RemoveAll(st.dir) // what is left is in the system's temporary directory
}

// service is a process that records telemetry.
type service struct {
	cmd     *exec.Cmd
	stdin   io.Closer
	emitted atomic.Int64 // calls that returned, of those it tells one by one
	told    chan outcome // what it found, if it lived to tell
}

// start starts a service that plays p.
func (st *stage) start(ctx context.Context, p plan) (*service, error) {
	p.Subject, p.GRPC, p.Endpoint = st.subject, st.setting.grpc, st.receiver.HTTPEndpoint()
	if p.GRPC {
		p.Endpoint = st.receiver.GRPCEndpoint()
	}
	if st.collector != nil {
		p.Endpoint = st.collector.endpoint(p.GRPC)
	}
	if st.setting.spool {
		p.Spool = st.dir
	}
	text, err := json.Marshal(p)
	if err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	s := &service{cmd: exec.CommandContext(ctx, self), told: make(chan outcome, 1)}
	s.cmd.Env = append(os.Environ(), planVariable+"="+string(text), "OTEL_METRIC_EXPORT_INTERVAL=300")
	if os.Getenv("VERBOSE") != "" {
		s.cmd.Stderr = os.Stderr
	}
	if s.stdin, err = s.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	stdout, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	go s.listen(stdout)
	return s, nil
}

// listen reads a dot for each call and one line of JSON at the end. It closes
// told when the process is gone.
func (s *service) listen(stdout io.Reader) {
	defer close(s.told)
	r := bufio.NewReader(stdout)
	for {
		b, err := r.ReadByte()
		switch {
		case err != nil:
			return
		case b == '.':
			s.emitted.Add(1)
		default:
			_ = r.UnreadByte() // cannot fail after ReadByte
			var o outcome
			if json.NewDecoder(r).Decode(&o) == nil {
				s.told <- o
			}
			return
		}
	}
}

// finish tells the service to end and waits for it.
func (s *service) finish() (outcome, error) {
	_ = s.stdin.Close() // a dead process is told from its answer
	o, lived := <-s.told
	err := s.cmd.Wait()
	if !lived {
		return o, errors.Join(errDied, err)
	}
	return o, err
}

var errDied = errors.New("the process died")

// kill sends SIGKILL and returns how many calls had returned.
func (s *service) kill() (int, error) {
	if err := s.cmd.Process.Kill(); err != nil {
		return 0, err
	}
	<-s.told // closed at the end of the output
	_ = s.cmd.Wait()
	return int(s.emitted.Load()), nil
}

// play runs a service from beginning to end.
func (st *stage) play(ctx context.Context, p plan) (outcome, error) {
	s, err := st.start(ctx, p)
	if err != nil {
		return outcome{}, err
	}
	return s.finish()
}

// restart starts the service once more, with nothing to do but to send what an
// earlier one left behind.
func (st *stage) restart(ctx context.Context) error {
	_, err := st.play(ctx, plan{Script: "restart"})
	return err
}

// tally says which of the records numbered from 0 arrived.
type tally struct{ lost, twice int }

func (t tally) String() string {
	text := fmt.Sprintf("%d lost", t.lost)
	if t.twice > 0 {
		text += fmt.Sprintf(", %d twice", t.twice)
	}
	return text
}

func count(n int, seen map[int64]int) (t tally) {
	for i := range int64(n) {
		switch c := seen[i]; {
		case c == 0:
			t.lost++
		case c > 1:
			t.twice++
		}
	}
	return t
}

const number = "n"

func (st *stage) logs(n int) tally {
	seen := map[int64]int{}
	for _, l := range st.receiver.Logs() {
		if i, ok := otlptest.Attributes(l.GetAttributes())[number].(int64); ok {
			seen[i]++
		}
	}
	return count(n, seen)
}

func (st *stage) spans(n int) tally {
	seen := map[int64]int{}
	for _, s := range st.receiver.Spans() {
		if i, ok := otlptest.Attributes(s.GetAttributes())[number].(int64); ok {
			seen[i]++
		}
	}
	return count(n, seen)
}

// log returns the attributes of the first log record with this body.
func (st *stage) log(body string) (map[string]any, bool) {
	for _, l := range st.receiver.Logs() {
		if otlptest.Value(l.GetBody()) == body {
			return otlptest.Attributes(l.GetAttributes()), true
		}
	}
	return nil, false
}

// metric returns the last sum of a metric and how often it arrived.
func (st *stage) metric(name string) (last float64, times int) {
	for _, m := range st.receiver.Metrics() {
		if m.GetName() != name {
			continue
		}
		for _, p := range m.GetSum().GetDataPoints() {
			last = p.GetAsDouble() + float64(p.GetAsInt())
			times++
		}
	}
	return last, times
}

// pause waits for d, or fails when ctx ends.
func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func percent(lost, of int) string {
	if of == 0 {
		return "-"
	}
	return fmt.Sprintf("%.0f %%", 100*float64(lost)/float64(of))
}

// received looks for text in what arrived.
func (st *stage) received(text string) bool {
	for _, q := range st.receiver.Requests() {
		if q.Accepted && bytes.Contains(q.Body, []byte(text)) {
			return true
		}
	}
	return false
}
