package sentry

import (
	"errors"
	"net/url"
	"path"
	"strconv"
	"strings"
)

// errDSN is all that is said about a malformed DSN: it contains a key.
var errDSN = errors.New("otelkit: sentry: the DSN is not of the form https://KEY@HOST/PROJECT (not shown, it contains a key)")

func parseDSN(dsn string) (*url.URL, error) {
	u, err := url.Parse(dsn)
	if err != nil {
		return nil, errDSN
	}
	if port := u.Port(); port != "" {
		if _, err := strconv.ParseUint(port, 10, 16); err != nil {
			return nil, errDSN
		}
	}
	switch {
	case
		u.Scheme != "http" && u.Scheme != "https",
		u.User.Username() == "",
		u.Hostname() == "",
		strings.HasSuffix(u.Path, "/"),
		path.Base(u.Path) == ".":
		return nil, errDSN
	}
	return u, nil
}

// OTLPTraces returns where and with which header traces have to be sent for
// them to appear in the Sentry project of dsn: the URL for OTLP over HTTP,
// protobuf encoded, and its authentication header. Issues made by a [Sink] of
// the same project link to these traces. The header holds the key of the DSN,
// so it must not be logged.
//
// It is meant for the OTLP exporter of this module, behind scrub like any
// other, and follows
// https://docs.sentry.io/concepts/otlp/.
func OTLPTraces(dsn string) (endpoint string, headers map[string]string, err error) {
	u, err := parseDSN(dsn)
	if err != nil {
		return "", nil, err
	}
	prefix, project := path.Split(u.Path)
	target := url.URL{
		Scheme: u.Scheme,
		Host:   u.Host,
		Path:   path.Join("/", prefix, "api", project, "integration/otlp/v1/traces") + "/",
	}
	return target.String(), map[string]string{
		"X-Sentry-Auth": "Sentry sentry_version=7, sentry_key=" + u.User.Username(),
	}, nil
}
