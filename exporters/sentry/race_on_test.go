//go:build race

package sentry_test

const underRace = true
