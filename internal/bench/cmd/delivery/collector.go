package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"
)

// collector is a real Collector, a process of its own, that writes what it
// receives to files. It answers a request when it has written it, so that what
// it loses when it is killed is not charged to the service.
type collector struct {
	binary, config string
	dir            string
	http, grpc     string // addresses
	process        *exec.Cmd
}

const collectorConfig = `
receivers: {otlp: {protocols: {http: {endpoint: %q}, grpc: {endpoint: %q}}}}
exporters:
  # With rotation there is no buffer, and what is there is appended to.
  file/logs: {path: %q, rotation: {max_megabytes: 1000}}
  file/traces: {path: %q, rotation: {max_megabytes: 1000}}
service:
  telemetry: {metrics: {level: none}, logs: {level: error}}
  pipelines:
    logs: {receivers: [otlp], exporters: [file/logs]}
    traces: {receivers: [otlp], exporters: [file/traces]}
`

// newCollector prepares a Collector whose files are in dir.
func newCollector(dir string) (*collector, error) {
	c := &collector{dir: dir, config: filepath.Join(dir, "collector.yaml")}
	var err error
	if c.binary, err = findCollector(); err != nil {
		return nil, err
	}
	for _, addr := range []*string{&c.http, &c.grpc} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer l.Close() // after both, so that they differ
		*addr = l.Addr().String()
	}
	text := fmt.Sprintf(collectorConfig, c.http, c.grpc, c.file("logs"), c.file("traces"))
	return c, os.WriteFile(c.config, []byte(text), 0o600)
}

// findCollector returns what `make collector` builds.
func findCollector() (string, error) {
	if path := os.Getenv("OTELKIT_OTELCOL"); path != "" {
		return path, nil
	}
	// The command is run in internal/bench or in the root.
	for _, root := range []string{"../..", "."} {
		path, err := filepath.Abs(filepath.Join(root, "bin", "otelcol"))
		if err != nil {
			return "", err
		}
		if _, err := os.Stat(path); err == nil {
			return path, nil
		}
	}
	return "", errors.New("needs the Collector: run `make collector` first, or name it in OTELKIT_OTELCOL")
}

func (c *collector) file(signal string) string { return filepath.Join(c.dir, signal+".jsonl") }

func (c *collector) endpoint(grpc bool) string {
	if grpc {
		return "http://" + c.grpc
	}
	return "http://" + c.http
}

func (c *collector) start(ctx context.Context) error {
	c.process = exec.CommandContext(ctx, c.binary, "--config", c.config)
	return c.process.Start()
}

// kill sends SIGKILL.
func (c *collector) kill() error {
	if err := c.process.Process.Kill(); err != nil {
		return err
	}
	_ = c.process.Wait() // says that it was killed
	return nil
}

// wait returns when the file of logs is longer than size.
func (c *collector) wait(ctx context.Context, size int64) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	for c.size() <= size {
		if err := pause(ctx, 10*time.Millisecond); err != nil {
			return fmt.Errorf("nothing arrives at the Collector: %w", err)
		}
	}
	return nil
}

func (c *collector) size() int64 {
	info, err := os.Stat(c.file("logs"))
	if err != nil {
		return 0
	}
	return info.Size()
}

// collected is a line of a file, in the JSON encoding of OTLP.
type collected struct {
	ResourceLogs []struct {
		ScopeLogs []struct{ LogRecords []numbered }
	}
	ResourceSpans []struct {
		ScopeSpans []struct{ Spans []numbered }
	}
}

type numbered struct {
	Attributes []struct {
		Key   string
		Value struct{ IntValue string }
	}
}

// read counts the records of a file by their numbers.
func (c *collector) read(signal string) (map[int64]int, error) {
	f, err := os.Open(c.file(signal))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	seen := map[int64]int{}
	lines := bufio.NewReader(f)
	for {
		text, err := lines.ReadBytes('\n')
		if err != nil {
			return seen, nil
		}
		var l collected
		if json.Unmarshal(text, &l) != nil {
			continue // what was being written at the kill, and was not answered
		}
		for _, r := range l.ResourceLogs {
			for _, s := range r.ScopeLogs {
				note(seen, s.LogRecords)
			}
		}
		for _, r := range l.ResourceSpans {
			for _, s := range r.ScopeSpans {
				note(seen, s.Spans)
			}
		}
	}
}

// tally says which of the logs and spans numbered from 0 are in the files.
func (c *collector) tally(n int) (logs, spans tally, err error) {
	seen, err := c.read("logs")
	if err != nil {
		return logs, spans, err
	}
	logs = count(n, seen)
	seen, err = c.read("traces")
	return logs, count(n, seen), err
}

func note(seen map[int64]int, records []numbered) {
	for _, r := range records {
		for _, a := range r.Attributes {
			if n, err := strconv.ParseInt(a.Value.IntValue, 10, 64); err == nil && a.Key == number {
				seen[n]++
			}
		}
	}
}

// realOutage kills a real Collector and starts it again after a while.
func realOutage(d time.Duration, rate int) func(context.Context, *stage) (figure, error) {
	return func(ctx context.Context, st *stage) (figure, error) {
		c, err := newCollector(st.dir)
		if err != nil {
			return figure{}, err
		}
		if err := c.start(ctx); err != nil {
			return figure{}, err
		}
		defer func() { _ = c.kill() }()
		st.collector = c
		s, err := st.start(ctx, plan{Script: "paced", Rate: rate, Spans: true})
		if err != nil {
			return figure{}, err
		}
		if err := c.wait(ctx, 0); err != nil {
			return figure{}, err
		}
		// At any moment between two exports.
		if err := pause(ctx, 2*time.Second); err != nil {
			return figure{}, err
		}
		flowing, err := c.outage(ctx, d)
		if err != nil {
			return figure{}, err
		}
		if err := pause(ctx, 3*time.Second); err != nil {
			return figure{}, err
		}
		return st.losses(s, flowing)
	}
}

// outage returns how long after the Collector is back telemetry flows again.
func (c *collector) outage(ctx context.Context, d time.Duration) (flowing time.Duration, err error) {
	if err := c.kill(); err != nil {
		return 0, err
	}
	before := c.size()
	if err := pause(ctx, d); err != nil {
		return 0, err
	}
	if err := c.start(ctx); err != nil {
		return 0, err
	}
	// It takes a second or two to start.
	for {
		conn, err := net.Dial("tcp", c.http)
		if err == nil {
			conn.Close()
			break
		}
		if err := pause(ctx, 10*time.Millisecond); err != nil {
			return 0, err
		}
	}
	start := time.Now()
	err = c.wait(ctx, before)
	return time.Since(start), err
}
