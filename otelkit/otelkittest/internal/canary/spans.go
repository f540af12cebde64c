package canary

import (
	"context"
	"errors"
	"fmt"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
)

// spans plants secrets in every part of spans.
func spans(ctx context.Context, tp trace.TracerProvider, book *Book) error {
	tracer := tp.Tracer(book.text("span scope name"),
		trace.WithInstrumentationVersion(book.text("span scope version")),
		trace.WithSchemaURL("https://example.org/schema?password="+book.password("span scope schema URL", "in a query string")),
		trace.WithInstrumentationAttributes(book.attributes("span scope attribute")...),
	)
	parent, err := remote(book, "span parent's trace state")
	if err != nil {
		return err
	}
	linked, err := remote(book, "span link's trace state")
	if err != nil {
		return err
	}
	ctx, span := tracer.Start(trace.ContextWithRemoteSpanContext(ctx, parent), marker("spans")+" "+book.text("span name"),
		trace.WithSpanKind(trace.SpanKindServer),
		trace.WithAttributes(book.attributes("span attribute")...),
		trace.WithLinks(trace.Link{SpanContext: linked, Attributes: book.attributes("span link attribute")}),
	)
	span.AddEvent(book.text("span event name"), trace.WithAttributes(book.attributes("span event attribute")...))
	span.AddLink(trace.Link{SpanContext: linked, Attributes: book.keyed("span link attribute, added later")})

	_, inner := tracer.Start(ctx, "inner")
	inner.SetAttributes(book.attributes("span attribute, set later")...)
	inner.SetName(book.text("span name, changed later"))
	inner.RecordError(chain(book, "span error"), trace.WithAttributes(book.keyed("span error attribute")...))
	inner.SetStatus(codes.Error, book.text("span status description"))
	inner.End()

	panicking(ctx, tracer, book.text("panic through a span"))
	// Last, so that the end of the local root lets Sentry judge the trace.
	span.RecordError(errors.New(book.text("span error of the root")), trace.WithStackTrace(true))
	span.SetStatus(codes.Error, "canary")
	span.End()
	return nil
}

// remote returns the context of a span elsewhere, with secrets in its trace
// state.
func remote(book *Book, place string) (trace.SpanContext, error) {
	var state trace.TraceState
	var err error
	for _, k := range keys {
		if state, err = state.Insert(k.key, book.word(place, k.category, k.key)); err != nil {
			return trace.SpanContext{}, err
		}
	}
	for key, value := range book.short(place) {
		if state, err = state.Insert(key, value); err != nil {
			return trace.SpanContext{}, err
		}
	}
	source := seed(place, "ids")
	return trace.NewSpanContext(trace.SpanContextConfig{
		TraceID:    trace.TraceID([]byte(source.from(small, 16))),
		SpanID:     trace.SpanID([]byte(source.from(small, 8))),
		TraceFlags: trace.FlagsSampled,
		TraceState: state,
		Remote:     true,
	}), nil
}

// panicking ends a span by a panic, which the SDK records.
func panicking(ctx context.Context, tracer trace.Tracer, text string) {
	defer func() { _ = recover() }()
	_, span := tracer.Start(ctx, "panicking", trace.WithAttributes(attribute.Bool("canary", true)))
	defer span.End()
	panic(text)
}

// chain is an error with secrets in each link.
func chain(book *Book, place string) error {
	cause := errors.Join(errors.New(book.text(place+", joined cause")), &failure{Reason: book.text(place + ", own type")})
	return fmt.Errorf("%s: %w", book.text(place), fmt.Errorf("middle %s: %w", book.jwt(place, "in the middle of a chain"), cause))
}

// failure is an error of a type of its own, with fields.
type failure struct {
	Reason   string
	Password string
}

func (f *failure) Error() string { return "failure: " + f.Reason }
