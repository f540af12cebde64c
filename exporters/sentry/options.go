package sentry

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"regexp"
	"strings"
	"time"

	sentrygo "github.com/getsentry/sentry-go"
	"go.opentelemetry.io/otel/metric"
)

// Scrubber removes sensitive data. *scrub.Scrubber of this module is one.
// Both methods are called from several goroutines.
type Scrubber interface {
	// String returns text with its sensitive parts replaced. It has to give
	// the text that a scrubbing span processor gives for the same input, so
	// that an error is recognised in both.
	String(text string) string
	// SentryEvent scrubs the whole event in place. An event for which it
	// returns an error or panics is dropped.
	SentryEvent(event *sentrygo.Event) error
}

// Option configures a [Sink].
type Option interface{ apply(*config) error }

type optionFunc func(*config) error

func (f optionFunc) apply(c *config) error { return f(c) }

type config struct {
	dsn         string
	client      *sentrygo.Client
	httpClient  *http.Client
	environment string
	release     string
	scrubber    Scrubber
	beforeSend  func(*sentrygo.Event, *sentrygo.EventHint) *sentrygo.Event
	ignore      ignoreRules
	rates       rates
	spotlight   string
	bodyIssues  bool
	personal    bool
	inApp       []string
	onError     func(error)
	meters      metric.MeterProvider
}

func newConfig(options []Option) (*config, error) {
	c := &config{bodyIssues: true, rates: defaultRates}
	var errs []error
	for _, o := range options {
		if o == nil {
			continue
		}
		if err := o.apply(c); err != nil {
			errs = append(errs, err)
		}
	}
	return c, errors.Join(errs...)
}

// on reports whether there is anywhere to send an event to.
func (c *config) on() bool {
	return c.dsn != "" || c.client != nil || c.spotlight != ""
}

// WithDSN sends events to the Sentry project of dsn, of the form
// https://KEY@HOST/PROJECT. The empty string means that there is none. A
// malformed one makes [New] fail with an error that does not repeat it, since
// it contains a key. Variable of otelkit: SENTRY_DSN.
func WithDSN(dsn string) Option {
	return optionFunc(func(c *config) error {
		if dsn == "" {
			c.dsn = ""
			return nil
		}
		if _, err := parseDSN(dsn); err != nil {
			return err
		}
		c.dsn = dsn
		return nil
	})
}

// WithClient takes every setting of client: its DSN, transport, BeforeSend,
// release and so on. The [Sink] makes a client of its own from them, because
// only so can scrubbing come after BeforeSend; client itself is neither
// changed nor flushed nor closed, and event processors added to it by hand
// are not taken over. A nil client means none.
func WithClient(client *sentrygo.Client) Option {
	return optionFunc(func(c *config) error {
		c.client = client
		return nil
	})
}

// WithHTTPClient sends through client, for a proxy, a certificate authority or
// a test. The time limit of a request stays 5 seconds unless client has a
// shorter one. The transport of client must not be traced: spans of its own
// requests are ignored when they name the host of the DSN.
func WithHTTPClient(client *http.Client) Option {
	return optionFunc(func(c *config) error {
		c.httpClient = client
		return nil
	})
}

// WithEnvironment sets the environment of every event, for example
// "production". Default: the resource attribute deployment.environment.name.
// Variable of otelkit: SENTRY_ENVIRONMENT.
func WithEnvironment(name string) Option {
	return optionFunc(func(c *config) error {
		c.environment = name
		return nil
	})
}

// WithRelease sets the release of every event. Default: the resource attribute
// service.version. Variable of otelkit: SENTRY_RELEASE.
func WithRelease(name string) Option {
	return optionFunc(func(c *config) error {
		c.release = name
		return nil
	})
}

// WithScrubber scrubs every event, as the last step before it is encoded.
// Without a scrubber, query strings are left out of events and nothing else is
// changed.
func WithScrubber(s Scrubber) Option {
	return optionFunc(func(c *config) error {
		c.scrubber = s
		return nil
	})
}

// WithBeforeSend lets f change an event or, by returning nil, drop it. It is
// called before the event is scrubbed, from one goroutine. If it panics the
// event is dropped.
func WithBeforeSend(f func(*sentrygo.Event, *sentrygo.EventHint) *sentrygo.Event) Option {
	return optionFunc(func(c *config) error {
		c.beforeSend = f
		return nil
	})
}

// WithIgnoreErrors makes no issue of an error that matches one of targets as
// [errors.Is] does. An ignored error stays a breadcrumb, and still explains
// the failure of its request, so that no "HTTP 500" takes its place.
func WithIgnoreErrors(targets ...error) Option {
	return optionFunc(func(c *config) error {
		for _, t := range targets {
			if t == nil {
				return errors.New("otelkit: sentry: WithIgnoreErrors: nil error")
			}
		}
		c.ignore.errors = append(c.ignore.errors, targets...)
		return nil
	})
}

// WithIgnoreTypes makes no issue of an error if it or one it wraps has the
// same dynamic type as one of examples.
func WithIgnoreTypes(examples ...error) Option {
	return optionFunc(func(c *config) error {
		for _, e := range examples {
			if e == nil {
				return errors.New("otelkit: sentry: WithIgnoreTypes: nil error")
			}
			c.ignore.types = append(c.ignore.types, reflect.TypeOf(e).String())
		}
		return nil
	})
}

// WithIgnorePatterns makes no issue of a failure whose text, or text of a log
// record, matches one of the regular expressions (syntax of package regexp).
func WithIgnorePatterns(patterns ...string) Option {
	return optionFunc(func(c *config) error {
		for _, p := range patterns {
			re, err := regexp.Compile(p)
			if err != nil {
				return fmt.Errorf("otelkit: sentry: WithIgnorePatterns: %w", err)
			}
			c.ignore.patterns = append(c.ignore.patterns, re)
		}
		return nil
	})
}

// WithRate limits the events of one fingerprint to burst at once and one more
// each interval. Default: 5 and 10 seconds.
func WithRate(burst int, interval time.Duration) Option {
	return optionFunc(func(c *config) error {
		if burst < 1 || interval <= 0 {
			return fmt.Errorf("otelkit: sentry: WithRate: burst %d and interval %v must be positive", burst, interval)
		}
		c.rates.burst, c.rates.interval = burst, interval
		return nil
	})
}

// WithTotalRate limits all events together to perSecond. Default: 50.
func WithTotalRate(perSecond int) Option {
	return optionFunc(func(c *config) error {
		if perSecond < 1 {
			return fmt.Errorf("otelkit: sentry: WithTotalRate: %d must be positive", perSecond)
		}
		c.rates.perSecond = perSecond
		return nil
	})
}

// DefaultSpotlight is where Spotlight, Sentry's local viewer, listens unless
// it is told otherwise.
const DefaultSpotlight = "http://127.0.0.1:8969/stream"

// WithSpotlight sends a copy of every event to Spotlight, Sentry's local
// viewer for development, with or without a DSN. The empty address means
// [DefaultSpotlight]; an address without a path gets /stream. Variable of
// otelkit: SENTRY_SPOTLIGHT.
func WithSpotlight(address string) Option {
	return optionFunc(func(c *config) error {
		if address == "" {
			address = DefaultSpotlight
		}
		u, err := url.Parse(address)
		if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
			return fmt.Errorf("otelkit: sentry: WithSpotlight: %q is not an http address", address)
		}
		if strings.Trim(u.Path, "/") == "" {
			u.Path = "/stream"
		}
		c.spotlight = u.String()
		return nil
	})
}

// WithoutBodyIssues makes a breadcrumb instead of an issue of a log record of
// severity ERROR that carries no error.
func WithoutBodyIssues() Option {
	return optionFunc(func(c *config) error {
		c.bodyIssues = false
		return nil
	})
}

// WithPersonalData adds the e-mail and IP address of the user to events, if
// spans or records have them (user.email, client.address) and the scrubber
// lets them pass. By default only user.id is sent.
func WithPersonalData() Option {
	return optionFunc(func(c *config) error {
		c.personal = true
		return nil
	})
}

// WithInApp counts packages whose path starts with one of prefixes as the
// application's own, beside the packages of the main module.
func WithInApp(prefixes ...string) Option {
	return optionFunc(func(c *config) error {
		c.inApp = append(c.inApp, prefixes...)
		return nil
	})
}

// WithErrorHandler is told, at most once a minute, that events are being lost.
// It must not make log records that come back to the [Sink]. Default: the
// global handler of OpenTelemetry, otel.Handle.
func WithErrorHandler(f func(error)) Option {
	return optionFunc(func(c *config) error {
		c.onError = f
		return nil
	})
}

// WithMeterProvider records what the [Sink] does as metrics:
// otelkit.sentry.events{result,reason}, otelkit.sentry.queue.length,
// otelkit.sentry.traces and otelkit.sentry.send.duration (seconds). Default:
// none.
func WithMeterProvider(p metric.MeterProvider) Option {
	return optionFunc(func(c *config) error {
		c.meters = p
		return nil
	})
}
