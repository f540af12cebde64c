package canary

import (
	"errors"
	"net/http"

	sentrygo "github.com/getsentry/sentry-go"
)

// sentry captures an event by hand, with secrets in every field that a service
// can fill.
func sentry(client *sentrygo.Client, book *Book) error {
	ev := sentrygo.NewEvent()
	ev.Level = sentrygo.LevelError
	ev.Message = marker("sentry") + " " + book.text("Sentry message")
	ev.Transaction = book.text("Sentry transaction")
	ev.Logger = book.text("Sentry logger")
	ev.ServerName = book.text("Sentry server name")
	ev.Fingerprint = []string{book.text("Sentry fingerprint")}
	ev.Tags = fields(book, "Sentry tag")
	ev.Contexts = map[string]sentrygo.Context{"canary": data(book, "Sentry context"), "password": {"value": book.word("Sentry context named password", "password", "password")}}
	ev.User = sentrygo.User{
		Email: book.mail("Sentry user", "as the address"), Name: book.word("Sentry user", "pii", "name"), Data: fields(book, "Sentry user data"),
	}
	ev.Request = &sentrygo.Request{
		URL:    "https://ada:" + book.password("Sentry request URL", "in userinfo") + "@example.org/?note=" + book.jwt("Sentry request URL", "in a query string"),
		Method: http.MethodPost, Data: book.text("Sentry request data"),
		QueryString: "q=1&access_token=" + book.opaque("Sentry query string", "in a query string"),
		Cookies:     "sid=" + book.opaque("Sentry cookies", "as a cookie"),
		Headers: map[string]string{
			"Authorization": "Bearer " + book.opaque("Sentry request header", "Authorization"),
			"Cookie":        "sid=" + book.opaque("Sentry request header", "Cookie"),
			"X-Note":        book.text("Sentry request header"),
		},
		Env: fields(book, "Sentry request environment"),
	}
	ev.Exception = []sentrygo.Exception{{
		Type: "canary", Value: book.text("Sentry exception"),
		Mechanism:  &sentrygo.Mechanism{Type: "generic", Description: book.text("Sentry mechanism"), Data: data(book, "Sentry mechanism data")},
		Stacktrace: stack(book, "Sentry exception's frame"),
	}}
	ev.Threads = []sentrygo.Thread{{ID: "1", Stacktrace: stack(book, "Sentry thread's frame")}}
	ev.Breadcrumbs = []*sentrygo.Breadcrumb{{
		Category: book.text("Sentry breadcrumb category"), Message: book.text("Sentry breadcrumb"), Data: data(book, "Sentry breadcrumb data"),
	}}
	ev.Attachments = []*sentrygo.Attachment{{
		Filename: book.jwt("Sentry attachment name", "as part of the name") + ".txt", ContentType: "text/plain", Payload: []byte(book.text("Sentry attachment")),
	}}
	if client.CaptureEvent(ev, &sentrygo.EventHint{}, nil) == nil {
		return errors.New("the Sentry client dropped the event")
	}
	return nil
}

func fields(book *Book, place string) map[string]string {
	out := map[string]string{"note": book.text(place)}
	for _, k := range keys {
		out[k.key] = book.word(place, k.category, k.key)
	}
	return out
}

func data(book *Book, place string) map[string]any {
	out := map[string]any{"struct": login{Password: book.password(place+", a struct", "under its own name")}}
	for _, kv := range book.attributes(place) {
		out[string(kv.Key)] = native(kv.Value)
	}
	return out
}

func stack(book *Book, place string) *sentrygo.Stacktrace {
	return &sentrygo.Stacktrace{Frames: []sentrygo.Frame{{
		Function: "main", Filename: "main.go", Lineno: 1,
		Vars:        data(book, place+" variable"),
		ContextLine: book.text(place + " source line"),
		PreContext:  []string{book.text(place + " source line before")},
		PostContext: []string{book.text(place + " source line after")},
	}}}
}
