// Package e2e holds the tests that run otelkit as its users do: real services as
// processes against a real Collector. Its code is tests only.
package e2e
