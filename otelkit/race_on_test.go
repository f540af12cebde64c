//go:build race

package otelkit

const raceEnabled = true
