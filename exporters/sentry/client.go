package sentry

import (
	"crypto/tls"
	"net/http"
	"net/url"
	"runtime/debug"
	"time"

	sentrygo "github.com/getsentry/sentry-go"
	sentryotel "github.com/getsentry/sentry-go/otel"
)

// requestTime is how long one HTTP request may take.
const requestTime = 5 * time.Second

// spotlightDSN lets a client exist that only Spotlight hears of. No request is
// ever made to it.
const spotlightDSN = "http://spotlight@127.0.0.1/0"

// noRelease keeps sentry-go from looking for a release. It is taken off again.
const noRelease = "unknown"

// clientOptions are the settings of the Sink's own client. Each is set, since
// sentry-go takes missing ones from the environment and even from git.
func (s *Sink) clientOptions() sentrygo.ClientOptions {
	c := s.config
	o := sentrygo.ClientOptions{}
	if c.client != nil {
		o = c.client.Options()
	}
	if c.dsn != "" {
		o.Dsn = c.dsn
	}
	toSentry := o.Dsn != ""
	if !toSentry {
		o.Dsn = spotlightDSN
	}
	// These also go into the header of an envelope, out of reach of the scrubber.
	o.Release = s.clean(firstOf(c.release, o.Release, buildRelease(), noRelease))
	o.Environment = s.clean(firstOf(c.environment, o.Environment, "production"))
	if c.environment == "" && c.client != nil {
		c.environment = c.client.Options().Environment
	}
	if c.release == "" && c.client != nil {
		c.release = c.client.Options().Release
	}

	given := o.HTTPClient
	if c.httpClient != nil {
		given = c.httpClient
	}
	truth := &truth{next: roundTripper(o, given)}
	if !toSentry {
		truth.next = nil
	}
	if c.spotlight != "" {
		truth.next = newSpotlight(c.spotlight, truth.next)
	}
	o.HTTPClient = &http.Client{Transport: truth, Timeout: requestTime}
	if given != nil && given.Timeout > 0 && given.Timeout < requestTime {
		o.HTTPClient.Timeout = given.Timeout
	}
	s.outbox = newOutbox(o.Transport, truth, &s.stats)
	s.outbox.onError = c.onError
	o.Transport = s.outbox

	before := o.BeforeSend
	o.BeforeSend = s.finish(before, c.beforeSend)
	o.BeforeSendTransaction = s.finish(o.BeforeSendTransaction)
	// Logs and metrics of sentry-go have no whole event that a scrubber
	// could see. OpenTelemetry has better ones.
	o.BeforeSendLog = func(*sentrygo.Log) *sentrygo.Log { return nil }
	o.BeforeSendMetric = func(*sentrygo.Metric) *sentrygo.Metric { return nil }
	o.DisableClientReports = true

	integrations := o.Integrations
	o.Integrations = func(list []sentrygo.Integration) []sentrygo.Integration {
		if integrations != nil {
			list = integrations(list)
		}
		return append(list, sentryotel.NewOtelIntegration())
	}
	return o
}

func firstOf(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

// buildRelease is the release of a program that names none: its commit.
func buildRelease() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" {
			return setting.Value
		}
	}
	if info.Main.Version == "(devel)" {
		return ""
	}
	return info.Main.Version
}

// roundTripper is what requests go through: the given client's, the given
// transport, or one like sentry-go's.
func roundTripper(o sentrygo.ClientOptions, given *http.Client) http.RoundTripper {
	switch {
	case given != nil && given.Transport != nil:
		return given.Transport
	case o.HTTPTransport != nil:
		return o.HTTPTransport
	}
	t := &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		ForceAttemptHTTP2:   true,
		MaxIdleConns:        2,
		IdleConnTimeout:     90 * time.Second,
		TLSHandshakeTimeout: requestTime,
	}
	if proxy := firstOf(o.HTTPSProxy, o.HTTPProxy); proxy != "" {
		t.Proxy = func(*http.Request) (*url.URL, error) { return url.Parse(proxy) }
	}
	if o.CaCerts != nil {
		t.TLSClientConfig = &tls.Config{RootCAs: o.CaCerts, MinVersion: tls.VersionTLS12}
	}
	return t
}
