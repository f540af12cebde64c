package otelkit

import (
	"net/url"
	"strings"

	"github.com/otelkit/otelkit-go/exporters/otlp"
)

// announce says in one line what goes where. It holds no header, no DSN and no
// password.
func (k *Kit) announce() {
	k.report.write(k.config.scrubber.String(strings.Join(k.config.summary(), "; ")))
}

func (c *config) summary() []string {
	var parts []string
	for _, s := range []otlp.Signal{otlp.Logs, otlp.Traces, otlp.Metrics} {
		parts = append(parts, s.String()+" → "+c.destination(s))
	}
	parts = append(parts, "scrub: on", "sentry: "+onOff(c.sentryOn()))
	return append([]string{"service " + c.serviceName}, parts...)
}

func (c *config) destination(s otlp.Signal) string {
	var to []string
	if e, ok := c.otlp[s]; ok {
		to = append(to, protocolName(e.Protocol)+" "+shownURL(e.URL))
	}
	if c.console != ConsoleOff && s != otlp.Metrics {
		to = append(to, "console ("+c.console+")")
	}
	if to == nil {
		return "nowhere"
	}
	return strings.Join(to, " and ")
}

func protocolName(p otlp.Protocol) string {
	if p == otlp.GRPC {
		return "grpc"
	}
	return "http/protobuf"
}

// shownURL is an endpoint without anything that may be a secret.
func shownURL(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		return "?"
	}
	u.User, u.RawQuery, u.Fragment = nil, "", ""
	return u.String()
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}
