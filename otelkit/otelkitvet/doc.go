// Package otelkitvet finds, in the source of a service, what otelkit cannot put
// right when the service runs. It is a set of analyzers for
// golang.org/x/tools/go/analysis, with a command of its own:
//
//	go install github.com/otelkit/otelkit-go/otelkit/otelkitvet/cmd/otelkitvet@latest
//	otelkitvet ./...
//	go vet -vettool=$(which otelkitvet) ./...
//
// Both take -NAME to run an analyzer alone and -NAME=false to leave it out; the
// first also takes -fix. The analyzers are:
//
//	logcontext  a line without a context where one is at hand
//	logmessage  an event name that is not a constant
//	logkey      an attribute under a sensitive key, by the rules of package scrub
//	logerror    an error logged by its text, or logged as an event and lost
//
// A line that is meant as it is says so, with a reason, at its end or on the
// line above:
//
//	slog.InfoContext(ctx, "card_tokenised", "pan", pan) //otelkitvet:allow pan is a token by now
package otelkitvet
