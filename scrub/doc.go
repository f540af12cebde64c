// Package scrub keeps sensitive data from leaving a process: authorization
// tokens, passwords, financial, health and personal data.
//
// A [Scrubber] looks at the key first: a value held under a sensitive key is
// replaced whatever its type. It then reads the text of every other value
// once, finds what looks like a secret and checks it (checksum, alphabet,
// length, neighbours). Exactly the secret is replaced by a marker that names
// the rule and never the match:
//
//	login failed token=[REDACTED:auth.key] user=alice
//
// The wrappers of this package put a Scrubber in front of spans, log records,
// metrics, resources, baggage, lines of package slog and Sentry events. They
// need nothing but an OpenTelemetry SDK.
package scrub
