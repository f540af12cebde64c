package otelkit

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"strings"
	"sync"
	"sync/atomic"

	"go.opentelemetry.io/otel/log"
)

// severityOffset is the distance between a slog level and the severity number
// of the same meaning (Logs Data Model, "Severity Fields").
const severityOffset = int(log.SeverityInfo) - int(slog.LevelInfo)

// gate is the level below which one logger is silent. It is read on every
// call, so it is one atomic word.
type gate struct{ level atomic.Int64 }

func (g *gate) enabled(l slog.Level) bool { return int64(l) >= g.level.Load() }

// levels holds the level of every logger by name. A rule for "shop" also holds
// for "shop.payment", unless that has a rule of its own.
//
// Changing a level takes the lock and rewrites the gates; asking one does not.
type levels struct {
	mu    sync.Mutex
	rules map[string]slog.Level // by logger name; "" is the root
	gates sync.Map              // logger name → *gate

	// strictest is the highest level of any rule: a record at or above it
	// passes without a look at its logger.
	strictest atomic.Int64
}

func newLevels(rules map[string]slog.Level) *levels {
	l := &levels{rules: map[string]slog.Level{"": slog.LevelInfo}}
	maps.Copy(l.rules, rules)
	l.apply()
	return l
}

// gate returns the gate of the logger called name; the same one every time.
func (l *levels) gate(name string) *gate {
	if g, ok := l.gates.Load(name); ok {
		return g.(*gate)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	g := &gate{}
	g.level.Store(int64(l.level(name)))
	actual, _ := l.gates.LoadOrStore(name, g)
	return actual.(*gate)
}

// set gives the named loggers, or the root if none is named, a level.
func (l *levels) set(level slog.Level, names ...string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(names) == 0 {
		names = []string{""}
	}
	for _, name := range names {
		l.rules[name] = level
	}
	l.apply()
}

// apply writes the rules into the gates. The caller holds the lock.
func (l *levels) apply() {
	strictest := l.rules[""]
	for _, level := range l.rules {
		strictest = max(strictest, level)
	}
	l.strictest.Store(int64(strictest))
	l.gates.Range(func(name, g any) bool {
		g.(*gate).level.Store(int64(l.level(name.(string))))
		return true
	})
}

// level finds the rule for name: its own, else that of the nearest parent.
func (l *levels) level(name string) slog.Level {
	for {
		if level, ok := l.rules[name]; ok {
			return level
		}
		name = name[:max(0, strings.LastIndexByte(name, '.'))]
	}
}

// passes reports whether a record of the logger called name is wanted.
func (l *levels) passes(name string, severity log.Severity) bool {
	level := slog.Level(int(severity) - severityOffset)
	// Records without a severity are not ours to judge.
	if severity == log.SeverityUndefined || int64(level) >= l.strictest.Load() {
		return true
	}
	return l.gate(name).enabled(level)
}

// parseLevels reads a list such as "info,shop.payment=debug": the level of the
// root first, then those of single loggers.
func parseLevels(text string) (map[string]slog.Level, error) {
	rules := map[string]slog.Level{}
	var errs []error
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		name, levelText, named := strings.Cut(part, "=")
		if !named {
			name, levelText = "", part
		}
		level, err := parseLevel(levelText)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		name = strings.TrimSpace(name)
		if _, twice := rules[name]; twice {
			errs = append(errs, fmt.Errorf("two levels for %s", cmp.Or(name, "all loggers")))
		}
		rules[name] = level
	}
	return rules, errors.Join(errs...)
}

func parseLevel(text string) (slog.Level, error) {
	text = strings.TrimSpace(text)
	if strings.EqualFold(text, "warning") {
		return slog.LevelWarn, nil
	}
	var level slog.Level
	if err := level.UnmarshalText([]byte(text)); err != nil {
		return 0, fmt.Errorf("level %q: must be debug, info, warn or error, or one with an offset such as info+2", text)
	}
	return level, nil
}
