// Package spotlight holds the test that sends real envelopes to Spotlight,
// Sentry's local viewer, and looks at its page in a browser. Its code is tests
// only, beside the service they run.
package spotlight
