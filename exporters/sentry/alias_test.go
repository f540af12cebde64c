package sentry_test

import sentrygo "github.com/getsentry/sentry-go"

type (
	sentrygoEvent = sentrygo.Event
	sentrygoHint  = sentrygo.EventHint
)
