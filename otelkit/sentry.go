package otelkit

// sentryOn reports whether errors go to Sentry or to its local viewer.
func (c *config) sentryOn() bool { return c.sentryDSN != "" || c.sentrySpotlight != "" }
