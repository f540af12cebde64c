package attrvalue_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/attribute"

	"github.com/otelkit/otelkit-go/internal/attrvalue"
)

type (
	color   string
	millis  int64
	address struct {
		Street string `json:"street"`
		ZIP    string `json:"zip,omitempty"`
	}
	base struct {
		ID     int
		hidden string
	}
	user struct {
		base
		Name     string    `json:"name"`
		Email    string    `json:"email" scrub:"pii"`
		Password string    `json:"-"`
		Token    string    `scrub:"-"`
		Dash     string    `json:"-,"` //nolint:staticcheck // a field that is called "-"
		Home     *address  `json:"home"`
		Since    time.Time `json:"since"`
		secret   string
	}
	node struct {
		Name string
		Next *node
	}
	taggedStringer struct {
		Name string `scrub:"pii"`
	}
	// Tagged is exported, so that what embeds it has it as a field.
	Tagged struct {
		Name string `scrub:"pii"`
	}
	lends struct {
		Tagged
		N int
	}
	lendsPointer struct{ *lends }
	embedsItself struct {
		*embedsItself //nolint:unused // read by reflection
		N             int
	}
	timed struct {
		time.Time
		netip.Addr
	}
	chain         struct{ deeper any } //nolint:unused // read by reflection
	valuer        struct{ v slog.Value }
	pointerText   struct{ X int }
	panicky       struct{}
	nilUnfriendly struct{ name string }
)

func (taggedStringer) String() string        { return "name in clear" }
func (Tagged) String() string                { return "name in clear" }
func (embedsItself) String() string          { return "text" }
func (v valuer) LogValue() slog.Value        { return v.v }
func (*pointerText) String() string          { return "by pointer" }
func (panicky) String() string               { panic("no string") }
func (panicky) Format(fmt.State, rune)       { panic("no format") }
func (n *nilUnfriendly) Error() string       { return n.name }
func (c chain) LogValue() slog.Value         { return slog.AnyValue(c) }
func (c color) MarshalText() ([]byte, error) { return []byte("color " + string(c)), nil }
func (m millis) LogValue() slog.Value        { return slog.Int64Value(int64(m) * 1000) }

type valueError struct{ msg string }

func (e valueError) Error() string { return e.msg }

type panicValuer struct{}

func (panicValuer) LogValue() slog.Value { panic("no value") }

type selfGroup struct{}

func (s selfGroup) LogValue() slog.Value { return slog.GroupValue(slog.Any("self", s)) }

func (u user) use() string { return u.secret + u.hidden }

func TestOf(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 15, 4, 5, 60000, time.UTC)
	text := "text"
	var nilError *nilUnfriendly
	var nilValueError *valueError
	cycle := &node{Name: "a"}
	cycle.Next = &node{Name: "b", Next: cycle}
	loop := map[string]any{}
	loop["self"] = loop
	list := []any{1, nil}
	list[1] = list

	str, i64, kvMap := attribute.StringValue, attribute.Int64Value, attribute.MapValue
	tests := map[string]struct {
		in   any
		want attribute.Value
	}{
		"nil":             {nil, attribute.Value{}},
		"nil pointer":     {(*user)(nil), attribute.Value{}},
		"nil map":         {map[string]int(nil), attribute.Value{}},
		"string":          {text, str(text)},
		"pointer":         {&text, str(text)},
		"bool":            {true, attribute.BoolValue(true)},
		"int8":            {int8(-3), i64(-3)},
		"uint64":          {uint64(math.MaxUint64), str("18446744073709551615")},
		"uintptr":         {uintptr(7), i64(7)},
		"float32":         {float32(0.5), attribute.Float64Value(0.5)},
		"complex":         {complex(1, 2), str("(1+2i)")},
		"time":            {now, str("2026-11-22T15:04:05.00006Z")},
		"pointer to time": {&now, str("2026-11-22T15:04:05.00006Z")},
		"duration":        {1500 * time.Millisecond, str("1.5s")},
		"bytes":           {[]byte("héllo"), str("héllo")},
		"binary":          {[]byte{0xff, 0}, attribute.ByteSliceValue([]byte{0xff, 0})},
		"raw JSON":        {json.RawMessage(`{"a":1}`), str(`{"a":1}`)},
		"array of bytes":  {[2]byte{0xff, 1}, attribute.ByteSliceValue([]byte{0xff, 1})},
		"error":           {errors.New("boom"), str("boom")},
		"joined errors":   {errors.Join(errors.New("a"), errors.New("b")), str("a\nb")},
		"text marshaler":  {color("red"), str("color red")},
		"stringer":        {netip.MustParseAddr("::1"), str("::1")},
		"URL":             {&url.URL{Scheme: "http", Host: "x"}, str("http://x")},
		"URL by value":    {url.URL{Scheme: "http", Host: "x"}, str("http://x")},
		"URL in a struct": {struct{ U url.URL }{url.URL{Host: "x"}}, kvMap(attribute.String("U", "//x"))},
		"userinfo":        {url.UserPassword("ada", "p"), kvMap(attribute.String("username", "ada"), attribute.String("password", "p"))},
		"shadowed field": {
			struct {
				base
				ID string
			}{base{ID: 7}, "outer"}, kvMap(attribute.String("ID", "outer")),
		},
		"map of structs":  {map[struct{ Password string }]int{{"p"}: 1}, kvMap(attribute.Int(`{"Password":"p"}`, 1))},
		"pointer method":  {[]*pointerText{{}}, attribute.SliceValue(str("by pointer"))},
		"by address":      {&struct{ V pointerText }{}, kvMap(attribute.String("V", "by pointer"))},
		"named int":       {millis(2), i64(2000)},
		"func":            {func(int) string { return "" }, str("func(int) string")},
		"channel":         {make(chan int), str("chan int")},
		"attribute":       {attribute.Int("a", 1), kvMap(attribute.Int("a", 1))},
		"attribute value": {attribute.IntValue(1), i64(1)},
		"attribute set":   {attribute.NewSet(attribute.Int("a", 1)), kvMap(attribute.Int("a", 1))},
		"slog attr":       {slog.Int("a", 1), kvMap(attribute.Int("a", 1))},
		"slog attrs":      {[]slog.Attr{slog.Int("a", 1)}, kvMap(attribute.Int("a", 1))},
		"slog value":      {slog.DurationValue(time.Second), str("1s")},
		"strings":         {[]string{"a"}, attribute.StringSliceValue([]string{"a"})},
		"ints":            {[]int32{1, 2}, attribute.Int64SliceValue([]int64{1, 2})},
		"bools":           {[2]bool{true}, attribute.BoolSliceValue([]bool{true, false})},
		"floats":          {[]float32{0.5}, attribute.Float64SliceValue([]float64{0.5})},
		"texts":           {[]color{"red"}, attribute.SliceValue(str("color red"))},
		"mixed":           {[]any{1, "a", nil}, attribute.SliceValue(i64(1), str("a"), attribute.Value{})},
		"map":             {map[string]any{"b": 1, "a": []int{1}}, kvMap(attribute.Int("b", 1), attribute.IntSlice("a", []int{1}))},
		"map of ints":     {map[int]bool{3: true}, kvMap(attribute.Bool("3", true))},
		"map of texts":    {map[color]int{"red": 1}, kvMap(attribute.Int("red", 1))},
		"map of any":      {map[any]any{1.5: "x"}, kvMap(attribute.String("1.5", "x"))},
		"header":          {http.Header{"Cookie": {"a=b"}}, kvMap(attribute.StringSlice("Cookie", []string{"a=b"}))},
		"struct": {
			user{base: base{ID: 7, hidden: "h"}, Name: "Ada", Email: "a@b.c", Password: "p", Token: "t", Dash: "d", Home: &address{Street: "s"}, Since: now, secret: "s"},
			kvMap(attribute.Int("ID", 7), attribute.String("name", "Ada"), attribute.String("email", "[REDACTED:pii.tag]"), attribute.String("-", "d"),
				attribute.Map("home", attribute.String("street", "s")), attribute.String("since", "2026-11-22T15:04:05.00006Z")),
		},
		"odd tag": {
			struct {
				A string `scrub:"Full Name"`
				B string `scrub:"health,omitempty"`
			}{"a", "b"},
			kvMap(attribute.String("A", "[REDACTED:tag]"), attribute.String("B", "[REDACTED:health.tag]")),
		},
		"tagged stringer":        {taggedStringer{"Ada"}, kvMap(attribute.String("Name", "[REDACTED:pii.tag]"))},
		"tagged pointer":         {&taggedStringer{"Ada"}, kvMap(attribute.String("Name", "[REDACTED:pii.tag]"))},
		"lent tags":              {lends{Tagged{"Ada"}, 1}, kvMap(attribute.Map("Tagged", attribute.String("Name", "[REDACTED:pii.tag]")), attribute.Int("N", 1))},
		"tags lent by a pointer": {&lendsPointer{&lends{Tagged{"Ada"}, 1}}, kvMap()},
		"embeds itself":          {embedsItself{N: 1}, str("text")},
		"embedded texts":         {timed{now, netip.MustParseAddr("::1")}, kvMap(attribute.String("Time", "2026-11-22T15:04:05.00006Z"), attribute.String("Addr", "::1"))},
		"no fields":              {sync.Once{}, kvMap()},
		"valuer":                 {valuer{slog.StringValue("v")}, str("v")},
		"nested valuer":          {map[string]any{"k": []any{valuer{slog.AnyValue(valuer{slog.IntValue(1)})}}}, kvMap(attribute.Slice("k", i64(1)))},

		"panic":            {panicky{}, str("!PANIC: no string")},
		"panic with panic": {panicError{}, str("!PANIC: attrvalue_test.panicky")},
		"panicking valuer": {panicValuer{}, str("!PANIC: no value")},
		"nil error":        {nilError, attribute.Value{}},
		"nil value error":  {nilValueError, attribute.Value{}},
		"nil in interface": {struct{ Err error }{nilError}, kvMap(attribute.KeyValue{Key: "Err"})},
		"endless valuer":   {chain{}, str("!CYCLE: slog.LogValuer")},
		"pointer cycle":    {cycle, kvMap(attribute.String("Name", "a"), attribute.Map("Next", attribute.String("Name", "b"), attribute.String("Next", "!CYCLE: *attrvalue_test.node")))},
		"map cycle":        {loop, kvMap(attribute.String("self", "!CYCLE: map[string]interface {}"))},
		"slice cycle":      {list, attribute.SliceValue(i64(1), str("!CYCLE: []interface {}"))},
		"same thing twice": {[]*address{{Street: "s"}, {Street: "s"}}, attribute.SliceValue(kvMap(attribute.String("street", "s")), kvMap(attribute.String("street", "s")))},
		"context":          {context.Background(), str("context.Background")}, //nolint:usetesting // the text of this one is known
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := diffValues(tt.want, attrvalue.Of(tt.in)); diff != "" {
				t.Errorf("Of(%T) (-want +got):\n%s", tt.in, diff)
			}
		})
	}
	_ = user{}.use()
}

type panicError struct{}

func (panicError) Error() string { panic(panicky{}) }

func TestFromSlog(t *testing.T) {
	t.Parallel()
	str, kvMap := attribute.StringValue, attribute.MapValue
	tests := map[string]struct {
		in   slog.Value
		want attribute.Value
	}{
		"zero":     {slog.Value{}, attribute.Value{}},
		"string":   {slog.StringValue("a"), str("a")},
		"int":      {slog.IntValue(1), attribute.Int64Value(1)},
		"uint":     {slog.Uint64Value(math.MaxUint64), str("18446744073709551615")},
		"float":    {slog.Float64Value(0.5), attribute.Float64Value(0.5)},
		"bool":     {slog.BoolValue(true), attribute.BoolValue(true)},
		"duration": {slog.DurationValue(time.Minute), str("1m0s")},
		"time":     {slog.TimeValue(time.Unix(1, 5).UTC()), str("1970-01-01T00:00:01.000000005Z")},
		"error":    {slog.AnyValue(errors.New("boom")), str("boom")},
		"group": {
			slog.GroupValue(slog.Int("a", 1), slog.Group("g", slog.Any("v", valuer{slog.StringValue("x")})), slog.Group("empty"), slog.Group("", slog.Int("b", 2)), slog.Attr{},
				slog.Group("hollow", slog.Group("empty"))),
			kvMap(attribute.Int("a", 1), attribute.Map("g", attribute.String("v", "x")), attribute.Int("b", 2)),
		},
		"valuer to group": {slog.AnyValue(valuer{slog.GroupValue(slog.Int("a", 1))}), kvMap(attribute.Int("a", 1))},
		"panic":           {slog.AnyValue(panicValuer{}), str("!PANIC: no value")},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := diffValues(tt.want, attrvalue.FromSlog(tt.in)); diff != "" {
				t.Errorf("FromSlog(%v) (-want +got):\n%s", tt.in, diff)
			}
		})
	}
}

func TestAppendAttr(t *testing.T) {
	t.Parallel()
	var got []attribute.KeyValue
	for _, a := range []slog.Attr{
		{},
		slog.Int("a", 1), slog.Group("empty"), slog.Group("", slog.Int("b", 2), slog.Int("c", 3)),
		slog.Any("", valuer{slog.GroupValue(slog.Int("d", 4))}), slog.Group("g", slog.Int("e", 5)), slog.Any("p", panicValuer{}),
	} {
		got = attrvalue.AppendAttr(got, a)
	}
	want := []attribute.KeyValue{
		attribute.Int("a", 1), attribute.Int("b", 2), attribute.Int("c", 3), attribute.Int("d", 4),
		attribute.Map("g", attribute.Int("e", 5)), attribute.String("p", "!PANIC: no value"),
	}
	if diff := diffValues(attribute.SliceValue(attribute.MapValue(want...)), attribute.SliceValue(attribute.MapValue(got...))); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// Values without an end come to one here.
func TestBounds(t *testing.T) {
	t.Parallel()
	deep := map[string]any{}
	for inner, i := deep, 0; i < 100; i++ {
		next := map[string]any{}
		inner["x"] = next
		inner = next
	}
	wide := make([]any, 1000)
	var huge []any
	for range 200 {
		huge = append(huge, wide)
	}
	longChain := &node{}
	for range 100_000 {
		longChain = &node{Next: longChain}
	}
	group := slog.Int("a", 1)
	for range 1000 {
		group = slog.Attr{Key: "g", Value: slog.GroupValue(group)}
	}
	tests := map[string]struct {
		in   any
		want string
		max  int
	}{
		"deep":       {deep, "!DEPTH: map[string]interface {}", 200},
		"wide":       {wide, "!TRUNCATED: 744 more", 3000},
		"huge":       {huge, "!TRUNCATED: ", 100_000},
		"list":       {longChain, "!DEPTH: ", 1000},
		"self group": {selfGroup{}, "!DEPTH: ", 1000},
		"group":      {group, "!DEPTH: slog group", 1000},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := attrvalue.Of(tt.in).String()
			if !strings.Contains(got, tt.want) || len(got) > tt.max {
				t.Errorf("got %d bytes, want at most %d that hold %q: %.300s", len(got), tt.max, tt.want, got)
			}
		})
	}
}

func TestAllocations(t *testing.T) {
	for name, v := range map[string]slog.Value{
		"string": slog.StringValue("a"), "int": slog.IntValue(7), "bool": slog.BoolValue(true), "float": slog.Float64Value(1),
	} {
		if got := testing.AllocsPerRun(100, func() { attrvalue.FromSlog(v) }); got != 0 {
			t.Errorf("FromSlog of a %s allocates %v times, want 0", name, got)
		}
	}
}

func diffValues(want, got attribute.Value) string {
	return cmp.Diff(describe(want), describe(got))
}

// describe is the value with the types of all its parts.
func describe(v attribute.Value) any {
	switch v.Type() {
	case attribute.MAP:
		out := map[string]any{}
		for _, kv := range v.AsMap() {
			out[string(kv.Key)] = describe(kv.Value)
		}
		return out
	case attribute.SLICE:
		out := []any{}
		for _, e := range v.AsSlice() {
			out = append(out, describe(e))
		}
		return out
	}
	return v.Type().String() + " " + v.String()
}
