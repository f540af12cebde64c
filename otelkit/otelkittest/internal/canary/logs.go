package canary

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/log"

	"github.com/otelkit/otelkit-go/otelkit"
)

// logs plants secrets in every part of records of the Logs API.
func logs(ctx context.Context, lp log.LoggerProvider, book *Book) error {
	logger := lp.Logger(book.text("log scope name"),
		log.WithInstrumentationVersion(book.text("log scope version")),
		log.WithSchemaURL("https://example.org/schema?password="+book.password("log scope schema URL", "in a query string")),
		log.WithInstrumentationAttributes(book.attributes("log scope attribute")...),
	)
	bodies := []attribute.Value{
		attribute.StringValue(marker("logs") + " " + book.text("log body")),
		attribute.MapValue(book.attributes("log body, a map")...),
		attribute.SliceValue(attribute.StringValue(book.text("log body, a list")), attribute.MapValue(book.keyed("log body, a map in a list")...)),
		attribute.ByteSliceValue([]byte(book.text("log body, bytes"))),
		attribute.StringSliceValue([]string{book.text("log body, a list of strings")}),
		attribute.Int64Value(book.card("log body, a number", "as an int64")),
	}
	for i, f := range forms {
		bodies = append(bodies, attribute.StringValue(f.text(book, fmt.Sprintf("log body %d", i), f.name)))
	}
	for i, body := range bodies {
		var r log.Record
		r.SetTimestamp(time.Now())
		r.SetSeverity(log.SeverityInfo)
		r.SetBody(body)
		if i == 0 {
			r.AddAttributes(book.attributes("log attribute")...)
			r.SetEventName(book.text("log event name"))
			r.SetSeverityText(book.text("log severity text"))
		}
		logger.Emit(ctx, r)
	}
	exception(ctx, logger, book)
	return nil
}

// exception emits the records that describe errors, by both ways there are.
func exception(ctx context.Context, logger log.Logger, book *Book) {
	var byError, byAttributes log.Record
	byError.SetSeverity(log.SeverityError)
	byError.SetBody(attribute.StringValue("canary_failed"))
	byError.SetErr(chain(book, "log error"))
	logger.Emit(ctx, byError)

	byAttributes.SetSeverity(log.SeverityError)
	byAttributes.SetBody(attribute.StringValue("canary_failed_too"))
	byAttributes.AddAttributes(
		attribute.String("exception.type", "canary"),
		attribute.String("exception.message", book.text("log exception.message")),
		attribute.String("exception.stacktrace", "main.main()\n\t"+book.text("log exception.stacktrace")),
	)
	logger.Emit(ctx, byAttributes)
}

// lines plants secrets in every part of lines of package slog.
func lines(ctx context.Context, logger *slog.Logger, book *Book) error {
	logger.InfoContext(ctx, marker("lines")+" "+book.text("slog message"))
	logger.InfoContext(otelkit.Bind(ctx, slogAttrs(book, "otelkit.Bind")...), "canary_bound")
	logger.InfoContext(ctx, "canary_attributes", slogAttrs(book, "slog attribute")...)
	logger.With(slogAttrs(book, "slog With")...).InfoContext(ctx, "canary_with")
	logger.WithGroup("outer").With(slogAttrs(book, "slog With in a group")...).WithGroup("inner").
		WarnContext(ctx, "canary_groups", slogAttrs(book, "slog attribute in groups")...)
	logger.WithGroup(book.text("slog group name")).InfoContext(ctx, "canary_group_name", "n", 1)
	logger.WithGroup("password").InfoContext(ctx, "canary_sensitive_group", "n", book.word("slog attribute in a group named password", "password", "password"))
	logger.InfoContext(ctx, "canary_group", slog.Group("outer", slog.Group("inner", slogAttrs(book, "slog group")...)))
	far := slog.Group("down", "password", book.word("slog group, far down", "password", "password"), "note", book.text("slog group, far down"))
	for range 40 {
		far = slog.Group("down", far)
	}
	logger.InfoContext(ctx, "canary_deep_group", far)
	logger.InfoContext(ctx, "canary_key", book.text("slog key"), 1)
	logger.InfoContext(ctx, "canary_values", slogValues(book)...)
	logger.ErrorContext(ctx, "canary_failed", "error", chain(book, "slog error"))
	logger.ErrorContext(ctx, "canary_failed_again", slog.Group("request", "error", chain(book, "slog error in a group"), "id", 7))
	return nil
}

// slogAttrs returns what attributes does, as arguments of a logging call.
func slogAttrs(book *Book, place string) []any {
	var args []any
	for _, kv := range book.attributes(place) {
		args = append(args, slog.Any(string(kv.Key), native(kv.Value)))
	}
	return args
}

// native is v as a service would have it.
func native(v attribute.Value) any {
	switch v.Type() {
	case attribute.MAP:
		m := map[string]any{}
		for _, kv := range v.AsMap() {
			m[string(kv.Key)] = native(kv.Value)
		}
		return m
	case attribute.SLICE:
		var list []any
		for _, e := range v.AsSlice() {
			list = append(list, native(e))
		}
		return list
	}
	return v.AsInterface()
}

// slogValues returns values of types of Go's own and of a service's.
func slogValues(book *Book) []any {
	const in = "slog value, "
	password := func(form string) string { return book.password(in+form, "under its own name") }
	return []any{
		"struct",
		login{User: "ada", Password: password("a struct"), note: password("a struct's hidden field")},
		"pointer", &login{User: "ada", Password: password("a pointer to a struct")},
		"nested",
		struct{ Inner any }{&login{Token: book.word(in+"a struct in a struct", "auth", "token")}},
		"list",
		[]login{{Password: password("a struct in a list")}},
		"map",
		map[string]login{"ada": {Password: password("a struct in a map")}},
		"strings",
		map[string]string{"password": password("a map of strings")},
		"header",
		http.Header{"Authorization": {"Bearer " + book.opaque(in+"http.Header", "Authorization")}, "X-Api-Key": {book.opaque(in+"http.Header", "X-Api-Key")}},
		"cookie", &http.Cookie{Name: "session", Value: book.opaque(in+"http.Cookie", "Value")},
		"url", &url.URL{Scheme: "https", User: url.UserPassword("ada", password("url.URL")), Host: "example.org"},
		"raw", json.RawMessage(`{"password":"` + password("json.RawMessage") + `"}`),
		"bytes", []byte(book.text(in + "bytes")),
		"valuer",
		valuer{book.text(in + "a LogValuer")},
		"stringer",
		stringer{book.text(in + "a Stringer")},
		"tagged",
		employee{Person{book.word(in+"a tag of an embedded struct", "pii", "Name")}, 7},
		"panicking_valuer",
		valuer{panics + book.text(in+"a LogValuer that panics")},
		"panicking_stringer",
		stringer{panics + book.text(in+"a Stringer that panics")},
		"panicking_error",
		panickingError{book.text(in + "an error that panics")},
		"card", book.card(in+"an int64", "as an int64"),
		"cards",
		[]int64{book.card(in+"a list of int64", "as an int64")},
	}
}

type login struct {
	User     string
	Password string `json:"password"`
	Token    string
	note     string // what is hidden must not show either
}

// Person lends what embeds it a String method that tells its name.
type Person struct {
	Name string `scrub:"pii"`
}

func (p Person) String() string { return "person " + p.Name }

type employee struct {
	Person
	Desk int
}

const panics = "panic: "

type valuer struct{ text string }

func (v valuer) LogValue() slog.Value {
	mayPanic(v.text)
	return slog.StringValue(v.text)
}

type stringer struct{ text string }

func (s stringer) String() string {
	mayPanic(s.text)
	return s.text
}

func mayPanic(text string) {
	if len(text) > len(panics) && text[:len(panics)] == panics {
		panic(text)
	}
}

type panickingError struct{ text string }

func (e panickingError) Error() string { panic(e.text) }
