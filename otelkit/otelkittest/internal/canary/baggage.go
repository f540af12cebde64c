package canary

import (
	"context"

	"go.opentelemetry.io/otel/baggage"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// baggages calls another service with secrets in baggage and trace state.
func baggages(ctx context.Context, p propagation.TextMapPropagator, book *Book, exits *Exits) error {
	var members []baggage.Member
	add := func(key, value string, props ...baggage.Property) error {
		m, err := baggage.NewMemberRaw(key, value, props...)
		members = append(members, m)
		return err
	}
	for _, k := range keys {
		if err := add(k.key, book.word("baggage member", k.category, k.key)); err != nil {
			return err
		}
	}
	for key, value := range book.short("baggage member") {
		if err := add(key, value); err != nil {
			return err
		}
	}
	var props []baggage.Property
	for _, k := range keys {
		prop, err := baggage.NewKeyValuePropertyRaw(k.key, book.word("baggage property", k.category, k.key))
		if err != nil {
			return err
		}
		props = append(props, prop)
	}
	if err := add("marker", marker("baggage"), props...); err != nil {
		return err
	}
	if err := add("note", book.text("baggage member")); err != nil {
		return err
	}
	bag, err := baggage.New(members...)
	if err != nil {
		return err
	}
	state, err := remote(book, "outgoing trace state")
	if err != nil {
		return err
	}
	return exits.request(trace.ContextWithSpanContext(baggage.ContextWithBaggage(ctx, bag), state), p)
}
