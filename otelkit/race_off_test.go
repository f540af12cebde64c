//go:build !race

package otelkit

const raceEnabled = false
