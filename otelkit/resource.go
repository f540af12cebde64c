package otelkit

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"github.com/google/uuid"
	"go.opentelemetry.io/otel/attribute"
	sdkresource "go.opentelemetry.io/otel/sdk/resource"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"

	"github.com/otelkit/otelkit-go/scrub"
)

// distroName names this SDK in telemetry.distro.name.
const distroName = "otelkit"

// instanceID tells this process from every other: without it two instances of a
// service overwrite each other's metric series.
var instanceID = uuid.NewString()

// newResource describes the service. It has no schema URL, so it can be merged
// with any other, and never the command line, which may hold passwords. Later
// attributes win over earlier ones: detected, environment, options.
func newResource(ctx context.Context, cfg config) *sdkresource.Resource {
	attrs := detected(ctx)
	attrs = append(attrs,
		semconv.ServiceInstanceID(instanceID),
		semconv.TelemetryDistroName(distroName),
	)
	if v := buildVersion(); v != "" {
		attrs = append(attrs, semconv.ServiceVersion(v))
	}
	attrs = append(attrs, cfg.resourceFromEnv...)
	attrs = append(attrs, cfg.resource...)
	for _, kv := range []attribute.KeyValue{
		semconv.ServiceName(cfg.serviceName),
		semconv.ServiceVersion(cfg.serviceVersion),
		semconv.DeploymentEnvironmentNameKey.String(cfg.environment),
	} {
		if kv.Value.AsString() != "" {
			attrs = append(attrs, kv)
		}
	}
	return scrub.Resource(sdkresource.NewSchemaless(attrs...), cfg.scrubber)
}

// detected is what can be found out about the host and the process. What cannot
// be found out is left out.
func detected(ctx context.Context) []attribute.KeyValue {
	res, _ := sdkresource.New(ctx,
		sdkresource.WithTelemetrySDK(),
		sdkresource.WithHost(),
		sdkresource.WithOS(),
		sdkresource.WithProcessPID(),
		sdkresource.WithProcessRuntimeName(),
		sdkresource.WithProcessRuntimeVersion(),
		sdkresource.WithContainerID(),
	)
	return res.Attributes()
}

// nameService settles the name of a service that has none by now.
func (c *config) nameService() {
	for _, kv := range append(c.resourceFromEnv, c.resource...) {
		if c.serviceName == "" && kv.Key == semconv.ServiceNameKey {
			c.serviceName = kv.Value.AsString()
		}
	}
	if c.serviceName == "" {
		c.serviceName = "unknown_service:" + executable()
	}
}

func executable() string {
	exe, err := os.Executable()
	if err != nil {
		return "go"
	}
	return filepath.Base(exe)
}

// buildVersion is the version of the main module, or its revision where it has
// none.
func buildVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value
		}
	}
	return ""
}

// readResource reads OTEL_RESOURCE_ATTRIBUTES (resource SDK specification,
// "Specifying resource information via an environment variable").
func (c *config) readResource(env *environment) {
	const name = "OTEL_RESOURCE_ATTRIBUTES"
	for i, pair := range env.list(name) {
		key, value, found := strings.Cut(pair, "=")
		key = strings.TrimSpace(key)
		decoded, err := url.PathUnescape(strings.TrimSpace(value))
		if !found || key == "" || err != nil {
			if key == "" || !found {
				err = errors.New("not key=value")
			}
			env.failSecret(name, fmt.Sprintf("entry %d: %v", i+1, err))
			continue
		}
		c.resourceFromEnv = append(c.resourceFromEnv, attribute.String(key, decoded))
	}
}
