// Package canary plants fake secrets in every place of telemetry that can hold
// one, sends it on its way, and looks for them in all that has left.
package canary

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"slices"
	"strings"

	sentrygo "github.com/getsentry/sentry-go"
	"go.opentelemetry.io/otel/log"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// Pipeline is what a service hands its telemetry to. What is nil is left out.
type Pipeline struct {
	TracerProvider trace.TracerProvider
	LoggerProvider log.LoggerProvider
	MeterProvider  metric.MeterProvider
	Propagator     propagation.TextMapPropagator
	Logger         *slog.Logger
	Sentry         *sentrygo.Client
	Context        func(context.Context) context.Context
	Shutdown       func(context.Context) error
}

// Leak is a secret that has left.
type Leak struct {
	Secret
	Exits   []string // that it left by
	Excerpt string   // what stands around it, at the first of them
}

func (l Leak) String() string {
	return fmt.Sprintf("%s: %s secret %s left by %s: …%s…", l.Place, l.Category, l.Form, strings.Join(l.Exits, " and "), l.Excerpt)
}

// Hunt plants secrets in p and returns those that have left by exits. The
// error says why the hunt proves nothing: p could not be shut down, or a signal
// has not arrived at all.
func Hunt(ctx context.Context, p Pipeline, exits *Exits) ([]Leak, error) {
	signals, err := plant(ctx, p, exits)
	if p.Shutdown != nil {
		err = errors.Join(err, p.Shutdown(ctx))
	}
	departed := exits.departed()
	err = errors.Join(err, arrived(departed, exits, signals))
	return find(exits.book.Secrets(), departed), err
}

// marker is a text that must arrive: nothing about it is sensitive.
func marker(signal string) string { return "canary_" + signal + "_arrived" }

// plant records all signals that p has, and returns them.
func plant(ctx context.Context, p Pipeline, exits *Exits) (signals []string, err error) {
	book := exits.book
	sow := func(signal string, has bool, f func() error) {
		if has {
			signals = append(signals, signal)
			err = errors.Join(err, f())
		}
	}
	sow("spans", p.TracerProvider != nil, func() error { return spans(ctx, p.TracerProvider, book) })
	if p.TracerProvider != nil {
		// From here on there is a trace, as in a request.
		var span trace.Span
		ctx, span = p.TracerProvider.Tracer("canary").Start(ctx, "handle canary")
		defer span.End()
	}
	sow("logs", p.LoggerProvider != nil, func() error { return logs(ctx, p.LoggerProvider, book) })
	sow("lines", p.Logger != nil, func() error { return lines(ctx, p.Logger, book) })
	sow("metrics", p.MeterProvider != nil, func() error { return metrics(ctx, p.MeterProvider, book) })
	sow("baggage", p.Propagator != nil, func() error { return baggages(ctx, p.Propagator, book, exits) })
	sow("tasks", p.Context != nil, func() error { return tasks(p.Context(ctx), book, exits) })
	sow("sentry", p.Sentry != nil, func() error { return sentry(p.Sentry, book) })
	return signals, err
}

// arrived holds that each signal and each exit saw something: nothing leaks
// where nothing leaves.
func arrived(departed []departure, exits *Exits, signals []string) error {
	var errs []error
	if len(signals) == 0 {
		errs = append(errs, errors.New("the pipeline has nothing to record with"))
	}
	exits.mu.Lock()
	defer exits.mu.Unlock()
	for _, s := range slices.Concat(signals, exits.sown) {
		if !slices.ContainsFunc(departed, func(d departure) bool { return bytes.Contains(d.bytes, []byte(marker(s))) }) {
			errs = append(errs, fmt.Errorf("%s did not arrive anywhere, which proves nothing", s))
		}
	}
	for _, exit := range exits.opened {
		if !slices.ContainsFunc(departed, func(d departure) bool { return d.exit == exit }) {
			errs = append(errs, fmt.Errorf("nothing arrived by %s, so nothing is known of it", exit))
		}
	}
	return errors.Join(errs...)
}

// find returns the secrets that have departed, in the order of planting.
func find(secrets []Secret, departed []departure) []Leak {
	found := map[int]*Leak{}
	needles := newIndex(secrets)
	for _, d := range departed {
		for _, text := range readings(d.bytes, maxLayers) {
			needles.search(text, func(secret int, excerpt string) {
				l := found[secret]
				if l == nil {
					l = &Leak{Secret: secrets[secret], Excerpt: excerpt}
					found[secret] = l
				}
				if !slices.Contains(l.Exits, d.exit) {
					l.Exits = append(l.Exits, d.exit)
				}
			})
		}
	}
	var leaks []Leak
	for _, secret := range slices.Sorted(maps.Keys(found)) {
		leaks = append(leaks, *found[secret])
	}
	return leaks
}

// prefix is how much of a needle is looked up. None is shorter.
const prefix = 8

// index finds thousands of needles in one pass over a text.
type index map[[prefix]byte][]needle

type needle struct {
	text   []byte
	secret int
}

func newIndex(secrets []Secret) index {
	ix := index{}
	for i, s := range secrets {
		for _, n := range s.needles {
			key := [prefix]byte([]byte(n))
			ix[key] = append(ix[key], needle{[]byte(n), i})
		}
	}
	return ix
}

func (ix index) search(text []byte, found func(secret int, excerpt string)) {
	for i := 0; i+prefix <= len(text); i++ {
		for _, n := range ix[[prefix]byte(text[i:])] {
			if bytes.HasPrefix(text[i:], n.text) {
				found(n.secret, excerpt(text, i, len(n.text)))
			}
		}
	}
}

// excerpt is what stands around the n bytes at i.
func excerpt(text []byte, i, n int) string {
	around := text[max(0, i-32):min(len(text), i+n+16)]
	return strings.Map(printable, strings.ToValidUTF8(string(around), "·"))
}

func printable(r rune) rune {
	if r < ' ' || r == 0x7f {
		return '·'
	}
	return r
}

// maxLayers is how many encodings within each other are unpacked.
const maxLayers = 3

// readings returns text and what it says when it is unpacked: base64,
// hexadecimal, percent-encoding and gzip, within each other as well.
func readings(text []byte, layers int) [][]byte {
	all := [][]byte{text}
	if layers == 0 {
		return all
	}
	for _, unpack := range []func([]byte) []byte{decoded, unhexed, unescaped, inflated} {
		if inner := unpack(text); len(inner) > 0 {
			all = append(all, readings(inner, layers-1)...)
		}
	}
	return all
}

// inflated returns what the gzip streams in text hold, RFC 1952.
func inflated(text []byte) []byte {
	var out []byte
	for {
		i := bytes.Index(text, []byte{0x1f, 0x8b, 8})
		if i < 0 {
			return out
		}
		text = text[i:]
		if z, err := gzip.NewReader(bytes.NewReader(text)); err == nil {
			b, _ := io.ReadAll(io.LimitReader(z, maxInflated)) // what could be read counts
			out = append(append(out, b...), '\n')
		}
		text = text[1:]
	}
}

// maxInflated bounds the bytes of one gzip stream.
const maxInflated = 64 << 20

// unhexed returns what the runs of hexadecimal digits in text hold, each on a
// line.
func unhexed(text []byte) []byte {
	var out []byte
	for _, run := range bytes.FieldsFunc(text, func(r rune) bool { return !hexRune(r) }) {
		if len(run) >= 2*prefix {
			b, _ := hex.DecodeString(string(run[:len(run)/2*2]))
			out = append(append(out, b...), '\n')
		}
	}
	return out
}

func hexRune(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'a' && r <= 'f' || r >= 'A' && r <= 'F'
}

// decoded returns what the runs of base64 in text hold, each on a line.
func decoded(text []byte) []byte {
	var out []byte
	for _, run := range bytes.FieldsFunc(text, func(r rune) bool { return !base64Rune(r) }) {
		if len(run) < 16 {
			continue
		}
		// A run may have begun in what stands before it.
		for skip := range 4 {
			out = append(append(out, decode(run[skip:])...), '\n')
		}
	}
	return out
}

// unescaped returns text without percent-encoding, nil if it has none. A plus
// is a blank, as in a query.
func unescaped(text []byte) []byte {
	if !bytes.ContainsAny(text, "%+") {
		return nil
	}
	out := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		if text[i] == '+' {
			out = append(out, ' ')
			continue
		}
		if text[i] == '%' && i+2 < len(text) {
			if b, err := hex.DecodeString(string(text[i+1 : i+3])); err == nil {
				out = append(out, b[0])
				i += 2
				continue
			}
		}
		out = append(out, text[i])
	}
	return out
}

func base64Rune(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '+' || r == '/' || r == '-' || r == '_'
}

func decode(run []byte) []byte {
	run = bytes.ReplaceAll(bytes.ReplaceAll(run, []byte("+"), []byte("-")), []byte("/"), []byte("_"))
	run = run[:len(run)/4*4+map[int]int{2: 2, 3: 3}[len(run)%4]]
	out := make([]byte, base64.RawURLEncoding.DecodedLen(len(run)))
	n, _ := base64.RawURLEncoding.Decode(out, run) // what could be read counts
	return out[:n]
}
