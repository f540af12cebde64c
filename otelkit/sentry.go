package otelkit

import (
	"errors"
	"net/url"
	"slices"
	"strings"

	"go.opentelemetry.io/otel/metric"

	"github.com/otelkit/otelkit-go/exporters/sentry"
)

// sentryOn reports whether errors go to Sentry or to its local viewer.
func (c *config) sentryOn() bool { return c.sentryDSN != "" || c.spotlight != "" }

func (c *config) readSentry(env *environment) {
	env.text("SENTRY_DSN", &c.sentryDSN)
	env.text("SENTRY_ENVIRONMENT", &c.sentryEnvironment)
	env.text("SENTRY_RELEASE", &c.sentryRelease)
	if err := checkDSN(c.sentryDSN); err != nil {
		env.failSecret("SENTRY_DSN", err.Error())
	}
	c.readSpotlight(env)
}

// readSpotlight takes a URL, or true for the address at which the viewer
// listens by default.
func (c *config) readSpotlight(env *environment) {
	v, ok := env.get("SENTRY_SPOTLIGHT")
	if !ok {
		return
	}
	switch strings.ToLower(v) {
	case "0", "false", "off", "no":
	case "1", "true", "on", "yes":
		c.spotlight = sentry.DefaultSpotlight
	default:
		if u, err := url.Parse(v); err != nil || !isEndpoint(u) || u.User != nil {
			env.fail("SENTRY_SPOTLIGHT", v, "must be 1 or a URL such as http://localhost:8969/stream")
		}
		c.spotlight = v
	}
}

// checkDSN tells what is wrong with a DSN without repeating it.
func checkDSN(dsn string) error {
	if dsn == "" {
		return nil
	}
	if _, _, err := sentry.OTLPTraces(dsn); err != nil {
		return errors.New("must be of the form https://KEY@HOST/PROJECT")
	}
	return nil
}

// WithSentryOptions tunes what becomes a Sentry issue, for example with
// [sentry.WithIgnoreErrors], [sentry.WithRate] or [sentry.WithBeforeSend]. What
// Init sets itself stays: where events go, what scrubs them, and who hears of
// loss. Without a DSN or SENTRY_SPOTLIGHT it does nothing. Default: the defaults
// of that package. No variable.
func WithSentryOptions(opts ...sentry.Option) Option {
	return set(func(c *config) { c.sentryOptions = append(c.sentryOptions, opts...) })
}

func sentryOptions(cfg config, meters metric.MeterProvider, report func(error)) []sentry.Option {
	// Order is important here: what is set last counts.
	opts := append(slices.Clone(cfg.sentryOptions),
		sentry.WithDSN(cfg.sentryDSN),
		sentry.WithScrubber(cfg.scrubber),
		sentry.WithErrorHandler(report),
		sentry.WithMeterProvider(meters),
	)
	if cfg.sentryEnvironment != "" {
		opts = append(opts, sentry.WithEnvironment(cfg.sentryEnvironment))
	}
	if cfg.sentryRelease != "" {
		opts = append(opts, sentry.WithRelease(cfg.sentryRelease))
	}
	if cfg.sentryHTTP != nil {
		opts = append(opts, sentry.WithHTTPClient(cfg.sentryHTTP))
	}
	if cfg.spotlight != "" {
		opts = append(opts, sentry.WithSpotlight(cfg.spotlight))
	}
	return opts
}
