package scrub_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	sentrygo "github.com/getsentry/sentry-go"
	sentryattr "github.com/getsentry/sentry-go/attribute"
	"github.com/google/go-cmp/cmp"

	"github.com/otelkit/otelkit-go/scrub"
)

func plantedData(p *planter, place string) map[string]any {
	return map[string]any{
		"text":    p.text(place + "-text"),
		"list":    []any{1, p.secret(place + "-list")},
		"map":     map[string]any{"deep": map[string][]string{"er": {p.secret(place + "-map")}}},
		"struct":  &struct{ Note string }{p.text(place + "-struct")},
		"bytes":   []byte(p.text(place + "-bytes")),
		"api_key": p.secret(place + "-key"),
		"n":       7,
	}
}

func plantedStack(p *planter, place string) *sentrygo.Stacktrace {
	return &sentrygo.Stacktrace{Frames: []sentrygo.Frame{{
		Function: "main.run", AbsPath: "/app/main.go", Lineno: 7, Vars: plantedData(p, place+"-vars"),
		PreContext: []string{p.text(place + "-pre")}, ContextLine: p.text(place + "-line"), PostContext: []string{p.text(place + "-post")},
	}, {
		Function: p.text(place + "-function"), Symbol: p.text(place + "-symbol"), Module: p.text(place + "-module"),
		Filename: p.text(place + "-file"), AbsPath: p.text(place + "-path"), Package: p.text(place + "-package"),
	}}}
}

func plantedEvent(p *planter) *sentrygo.Event {
	table := func(place string) map[string]string {
		return map[string]string{"a": p.text(place), "password": p.secret(place + "-password"), p.secret(place + "-key"): "x", "plain": "yes"}
	}
	ev := sentrygo.NewEvent()
	ev.EventID = "0123456789abcdef0123456789abcdef"
	ev.Message, ev.Transaction, ev.Logger, ev.ServerName = p.text("message"), p.text("transaction"), p.text("logger"), p.secret("server")
	ev.Fingerprint = []string{"{{ default }}", p.secret("fingerprint")}
	ev.Tags = table("tags")
	ev.User = sentrygo.User{ID: p.secret("user-id"), Email: p.secret("user-email"), Username: p.secret("user-name"), Name: p.secret("name"), IPAddress: p.secret("ip"), Data: table("user-data")}
	ev.Request = &sentrygo.Request{
		URL: "https://shop.example/?mail=" + p.secret("url"), Method: "POST", Data: p.text("data"), QueryString: "mail=" + p.secret("query"),
		Cookies: "id=" + p.secret("cookies"), Headers: table("headers"), Env: table("env"),
	}
	ev.Request.Headers["Authorization"] = "Bearer " + p.secret("authorization")
	ev.Exception = []sentrygo.Exception{{
		Type: p.text("exception-type"), Value: p.text("exception-value"), Module: p.text("exception-module"), Stacktrace: plantedStack(p, "stack"),
		Mechanism: &sentrygo.Mechanism{Type: "generic", Description: p.text("mechanism"), HelpLink: p.text("help"), Source: p.text("source"), Data: plantedData(p, "mechanism")},
	}}
	ev.Threads = []sentrygo.Thread{{ID: p.secret("thread-id"), Name: p.text("thread"), Stacktrace: plantedStack(p, "thread")}}
	ev.Breadcrumbs = []*sentrygo.Breadcrumb{nil, {Category: p.text("category"), Message: p.text("breadcrumb"), Data: plantedData(p, "breadcrumb")}}
	ev.Contexts = map[string]sentrygo.Context{
		"order": plantedData(p, "context"), "credentials": {"id": p.secret("context-name"), "n": 777555},
		"trace": {"trace_id": sentrygo.TraceID{1}, "span_id": sentrygo.SpanID{2}, "data": plantedData(p, "trace")},
	}
	ev.Attachments = []*sentrygo.Attachment{
		{Filename: p.secret("filename"), ContentType: "text/plain", Payload: []byte(p.text("attachment"))},
		{Filename: "core", Payload: append([]byte{0xff, 0xfe}, p.secret("binary")...)},
	}
	ev.Spans = []*sentrygo.Span{{SpanID: sentrygo.SpanID{3}, Name: p.text("span"), Op: p.text("op"), Description: p.text("description"), Tags: table("span-tags"), Data: plantedData(p, "span-data")}}
	ev.Logs = []sentrygo.Log{{Body: p.text("log"), Attributes: map[string]sentryattr.Value{
		"a": sentryattr.StringValue(p.text("log-attribute")), "list": sentryattr.StringSliceValue([]string{p.secret("log-list")}), "n": sentryattr.IntValue(7),
	}}}
	ev.Metrics = []sentrygo.Metric{{Name: p.text("metric"), Unit: p.text("unit"), Attributes: map[string]sentryattr.Value{"a": sentryattr.StringValue(p.text("metric-attribute"))}}}
	ev.Modules = map[string]string{"example.com/mail": "v1.2.3", "example.com/token": "v0.1.0", "example.com/planted": p.text("module")}
	ev.Release, ev.Environment = "shop@1.2.3", "production"
	ev.Contexts["order"][p.secret("context-key")] = 1
	ev.Breadcrumbs[1].Data[p.secret("breadcrumb-key")] = 1
	return ev
}

// showEvent is the text of all parts of an event, whichever its type.
func showEvent(t *testing.T, ev *sentrygo.Event) string {
	t.Helper()
	var b strings.Builder
	plain := *ev
	plain.Type = ""
	for _, part := range []any{&plain, ev.Spans, ev.Logs, ev.Metrics} {
		text, err := json.Marshal(part)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(text)
	}
	for _, a := range ev.Attachments {
		fmt.Fprintf(&b, "%s %s", a.Filename, a.Payload)
	}
	return b.String()
}

func TestSentryEventCoversEveryPlace(t *testing.T) {
	t.Parallel()
	var p planter
	ev := plantedEvent(&p)
	// The bytes of a context show in base64 in JSON: planted is what counts.
	before := showEvent(t, ev)
	if missing := p.missing(before); len(missing) > 12 {
		t.Errorf("not planted: %v", missing)
	}
	var s *scrub.Scrubber
	if err := s.SentryEvent(ev); err != nil {
		t.Fatal(err)
	}
	after := showEvent(t, ev)
	if leaked := p.survivors(after); len(leaked) > 0 {
		t.Errorf("leaked from %v\nin %s", leaked, after)
	}
	if strings.Contains(after, "777555") {
		t.Error("a number within a sensitive context came through")
	}

	if ev.EventID != "0123456789abcdef0123456789abcdef" || ev.Release != "shop@1.2.3" || ev.Modules["example.com/mail"] != "v1.2.3" || ev.Modules["example.com/token"] != "v0.1.0" ||
		ev.Contexts["trace"]["trace_id"] != (sentrygo.TraceID{1}) || ev.Spans[0].SpanID != (sentrygo.SpanID{3}) ||
		ev.Exception[0].Stacktrace.Frames[0].AbsPath != "/app/main.go" || ev.Tags["plain"] != "yes" || ev.Fingerprint[0] != "{{ default }}" {
		t.Errorf("what should stay did not: %s", after)
	}
	if got := ev.Message; got != "mail to [REDACTED:pii.email] failed" {
		t.Errorf("Message = %q", got)
	}
	if got := ev.Logs[0].Attributes["n"].AsInt64(); got != 7 {
		t.Errorf("log attribute n = %d", got)
	}
}

// A scope shares its maps with every event it is applied to.
func TestSentryEventSharesNothing(t *testing.T) {
	t.Parallel()
	var p planter
	ev := plantedEvent(&p)
	shallow := *ev
	before := showEvent(t, &shallow)
	var wg sync.WaitGroup
	for range 64 {
		wg.Go(func() {
			own := *ev
			if err := (*scrub.Scrubber)(nil).SentryEvent(&own); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if after := showEvent(t, &shallow); after != before {
		t.Error("what another event holds was changed")
	}
}

func TestSentryEventCanBeEncoded(t *testing.T) {
	t.Parallel()
	loop := map[string]any{"n": 1}
	loop["self"] = loop
	ev := sentrygo.NewEvent()
	ev.Contexts = map[string]sentrygo.Context{"c": {
		"nan": math.NaN(), "inf": []float64{1, math.Inf(-1)}, "nested": map[string]any{"x": []any{math.Inf(1)}}, "f32": float32(math.Inf(1)),
		"func": func() {}, "chan": make(chan int), "loop": loop, "broken": brokenValuer{}, "time": time.Unix(0, 0).UTC(), "nil": nil, "n": 7, "yes": true,
	}}
	if err := (*scrub.Scrubber)(nil).SentryEvent(ev); err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(ev.Contexts)
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]map[string]any
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"nan": "NaN", "inf": []any{1.0, "-Inf"}, "nested": map[string]any{"x": []any{"+Inf"}}, "f32": "+Inf", "func": "func()", "chan": "chan int",
		"loop": map[string]any{"n": 1.0, "self": "!CYCLE: map[string]interface {}"}, "broken": "!PANIC: broken", "time": "1970-01-01T00:00:00Z",
		"nil": nil, "n": 7.0, "yes": true,
	}
	if diff := cmp.Diff(want, got["c"]); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestSentryEventKeepsCleanEvents(t *testing.T) {
	t.Parallel()
	make := func() *sentrygo.Event { //nolint:predeclared // the plain word, in a scope without the other
		ev := sentrygo.NewEvent()
		ev.Message, ev.Tags, ev.Timestamp = "order failed", map[string]string{"region": "eu"}, time.Unix(1, 0).UTC()
		ev.Contexts = map[string]sentrygo.Context{"order": {"id": "ord-7", "items": []any{"a", 1.5}, "paid": false}}
		ev.Exception = []sentrygo.Exception{{Type: "*errors.errorString", Value: "closed", Stacktrace: &sentrygo.Stacktrace{Frames: []sentrygo.Frame{{Function: "main.run"}}}}}
		ev.Breadcrumbs = []*sentrygo.Breadcrumb{{Message: "started", Data: map[string]any{"n": 1}}}
		ev.Request = &sentrygo.Request{URL: "https://shop.example/orders?page=2", Method: "GET", Headers: map[string]string{"Accept": "*/*"}}
		return ev
	}
	want, got := make(), make()
	if err := (*scrub.Scrubber)(nil).SentryEvent(got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(showEvent(t, want), showEvent(t, got)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if err := (*scrub.Scrubber)(nil).SentryEvent(nil); err != nil {
		t.Errorf("nil event: %v", err)
	}
}

// capture is a transport that keeps the events it is to send.
type capture struct{ events []*sentrygo.Event }

func (*capture) Configure(sentrygo.ClientOptions)      {}
func (*capture) Close()                                {}
func (*capture) Flush(time.Duration) bool              { return true }
func (*capture) FlushWithContext(context.Context) bool { return true }
func (c *capture) SendEvent(ev *sentrygo.Event)        { c.events = append(c.events, ev) }

func ExampleScrubber_SentryEvent() {
	s, err := scrub.New()
	if err != nil {
		panic(err)
	}
	sent := &capture{}
	client, err := sentrygo.NewClient(sentrygo.ClientOptions{
		Dsn: "https://public@sentry.invalid/1", Transport: sent, Release: "shop@1.2.3",
		BeforeSend: func(ev *sentrygo.Event, _ *sentrygo.EventHint) *sentrygo.Event {
			if s.SentryEvent(ev) != nil {
				return nil
			}
			return ev
		},
	})
	if err != nil {
		panic(err)
	}
	scope := sentrygo.NewScope()
	scope.SetUser(sentrygo.User{ID: "42", Email: "ada@example.com"})
	scope.SetContext("order", sentrygo.Context{"note": "mail ada@example.com", "card_number": 4111111111111111, "items": 3})
	client.CaptureMessage("no mail to ada@example.com", nil, scope)

	ev := sent.events[0]
	fmt.Println(ev.Message)
	fmt.Println(ev.User.ID, ev.User.Email)
	for _, key := range slices.Sorted(maps.Keys(ev.Contexts["order"])) {
		fmt.Println(key, ev.Contexts["order"][key])
	}
	// Output:
	// no mail to [REDACTED:pii.email]
	// 42 [REDACTED:pii.key]
	// card_number [REDACTED:financial.key]
	// items 3
	// note mail [REDACTED:pii.email]
}

// What stays of an event says nothing of a person: ids, addresses of memory,
// kinds, and what names the program. A field that a new version of sentry-go
// adds is in neither list, and fails here.
func TestSentryEventHasNoOtherPlace(t *testing.T) {
	t.Parallel()
	stays := []string{
		"Dist", "Environment", "EventID", "Level", "Platform", "Release", "Type", "TransactionInfo.Source", "CheckIn.ID", "CheckIn.Status", "MonitorConfig.Timezone",
		"Sdk.Name", "Sdk.Version", "Sdk.Integrations", "Sdk.Packages.Name", "Sdk.Packages.Version",
		"Breadcrumbs.Level", "Spans.Source", "Spans.Origin", "Logs.Level", "Metrics.Type",
		"DebugMeta.SdkInfo.SdkName", "DebugMeta.Images.Type", "DebugMeta.Images.ImageAddr", "DebugMeta.Images.DebugID", "DebugMeta.Images.CodeID",
		"DebugMeta.Images.ImageVmaddr", "DebugMeta.Images.Arch", "DebugMeta.Images.UUID",
	}
	for _, trace := range []string{"Exception.Stacktrace", "Threads.Stacktrace"} {
		for _, field := range []string{"InstructionAddr", "AddrMode", "SymbolAddr", "ImageAddr", "Platform"} {
			stays = append(stays, trace+".Frames."+field)
		}
	}
	const secret = "ada@shop.example"
	ev := &sentrygo.Event{}
	fill(reflect.ValueOf(ev).Elem(), "mail "+secret)
	var s *scrub.Scrubber
	if err := s.SentryEvent(ev); err != nil {
		t.Fatal(err)
	}
	got := map[string]bool{}
	holds(reflect.ValueOf(ev).Elem(), "", secret, got)
	slices.Sort(stays)
	if diff := cmp.Diff(stays, slices.Sorted(maps.Keys(got))); diff != "" {
		t.Errorf("places that still hold a secret (-want +got):\n%s", diff)
	}
}

// fill puts text into every text that v can hold.
func fill(v reflect.Value, text string) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), text)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		if v.Type().Elem().Kind() == reflect.Uint8 {
			v.SetBytes([]byte(text))
			return
		}
		fill(v.Index(0), text)
	case reflect.Map:
		elem := reflect.New(v.Type().Elem()).Elem()
		fill(elem, text)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(reflect.ValueOf("k"), elem)
	case reflect.Interface:
		if v.NumMethod() == 0 {
			v.Set(reflect.ValueOf(text))
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[sentryattr.Value]() {
			v.Set(reflect.ValueOf(sentryattr.StringValue(text)))
			return
		}
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() && v.Type() != reflect.TypeFor[time.Time]() {
				fill(v.Field(i), text)
			}
		}
	}
}

// holds notes where in v the secret stands.
func holds(v reflect.Value, path, secret string, got map[string]bool) {
	switch v.Kind() {
	case reflect.String:
		if strings.Contains(v.String(), secret) {
			got[strings.TrimPrefix(path, ".")] = true
		}
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			holds(v.Elem(), path, secret, got)
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			holds(reflect.ValueOf(string(v.Bytes())), path, secret, got)
			return
		}
		for i := range v.Len() {
			holds(v.Index(i), path, secret, got)
		}
	case reflect.Map:
		for it := v.MapRange(); it.Next(); {
			holds(it.Value(), path, secret, got)
		}
	case reflect.Struct:
		if a, ok := reflect.TypeAssert[sentryattr.Value](v); ok {
			holds(reflect.ValueOf(a.AsString()), path, secret, got)
			return
		}
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				holds(v.Field(i), path+"."+v.Type().Field(i).Name, secret, got)
			}
		}
	}
}
