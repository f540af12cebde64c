package otelkit

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// environment reads settings from environment variables. A variable that is
// unset or empty leaves its setting alone (OpenTelemetry specification,
// "Environment Variable Specification"); one with a wrong value is remembered,
// so that Init can name all of them at once.
type environment struct {
	lookup func(string) (string, bool)
	errs   []error
}

func (e *environment) get(name string) (string, bool) {
	v, ok := e.lookup(name)
	v = strings.TrimSpace(v)
	return v, ok && v != ""
}

// fail remembers that the variable name holds a value that cannot be used.
func (e *environment) fail(name, value, want string) {
	e.remember(fmt.Errorf("%s=%q: %s", name, withoutSecrets(value), want))
}

// withoutSecrets cuts out of a value, which may be a URL that does not parse, what
// may be a password or a token: everything before an @ and behind a ?.
func withoutSecrets(value string) string {
	if end := strings.IndexAny(value, "?#"); end >= 0 {
		value = value[:end+1] + "***"
	}
	at := strings.LastIndexByte(value, '@')
	if at < 0 {
		return value
	}
	scheme, _, found := strings.Cut(value[:at], "://")
	if !found {
		return "***" + value[at:]
	}
	return scheme + "://***" + value[at:]
}

// failSecret is fail for values that must not be shown.
func (e *environment) failSecret(name, want string) {
	e.remember(fmt.Errorf("%s (value not shown): %s", name, want))
}

// remember keeps err once: a variable may be read for each of several signals.
func (e *environment) remember(err error) {
	for _, known := range e.errs {
		if known.Error() == err.Error() {
			return
		}
	}
	e.errs = append(e.errs, err)
}

func (e *environment) err() error { return errors.Join(e.errs...) }

func (e *environment) text(name string, dst *string) {
	if v, ok := e.get(name); ok {
		*dst = v
	}
}

// flag follows the specification: only "true", in any case, is true.
func (e *environment) flag(name string, dst *bool) {
	v, ok := e.get(name)
	if !ok {
		return
	}
	switch strings.ToLower(v) {
	case "true":
		*dst = true
	case "false":
		*dst = false
	default:
		e.fail(name, v, "must be true or false")
	}
}

func (e *environment) choice(name string, dst *string, allowed ...string) {
	v, ok := e.get(name)
	if !ok {
		return
	}
	for _, a := range allowed {
		if strings.EqualFold(v, a) {
			*dst = a
			return
		}
	}
	e.fail(name, v, "must be one of "+strings.Join(allowed, ", "))
}

func (e *environment) count(name string, dst *int, least int) {
	v, ok := e.get(name)
	if !ok {
		return
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < least || n > math.MaxInt32 {
		e.fail(name, v, fmt.Sprintf("must be a whole number from %d to %d", least, math.MaxInt32))
		return
	}
	*dst = n
}

// millis reads a duration in milliseconds.
func (e *environment) millis(name string, dst *time.Duration) {
	v, ok := e.get(name)
	if !ok {
		return
	}
	n, err := strconv.ParseInt(v, 10, 32)
	if err != nil || n < 0 {
		e.fail(name, v, "must be a whole number of milliseconds, 0 or more")
		return
	}
	*dst = time.Duration(n) * time.Millisecond
}

// timeout reads a time-out in milliseconds, where 0 means that there is none
// (OpenTelemetry specification, "Environment Variable Specification", Timeout).
func (e *environment) timeout(name string, dst *time.Duration) {
	given := time.Duration(-1)
	e.millis(name, &given)
	switch {
	case given == 0:
		*dst = noLimit
	case given > 0:
		*dst = given
	}
}

// noLimit stands for a time-out of 0.
const noLimit = math.MaxInt32 * time.Millisecond

// list reads a comma-separated list.
func (e *environment) list(name string) []string {
	v, ok := e.get(name)
	if !ok {
		return nil
	}
	var out []string
	for part := range strings.SplitSeq(v, ",") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}
