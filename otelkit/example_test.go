package otelkit_test

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

	"go.opentelemetry.io/otel/attribute"
	sdklog "go.opentelemetry.io/otel/sdk/log"

	"github.com/otelkit/otelkit-go/otelkit"
)

// printing returns a kit for examples. It prints each line that is logged, with the
// given attributes, instead of sending it. A service calls [otelkit.Init] with nothing but
// its name, and its tests use package otelkittest.
func printing(keys ...string) *otelkit.Kit {
	var made atomic.Int64
	kit, err := otelkit.Init(context.Background(),
		otelkit.WithoutEnvironment(),
		otelkit.WithoutGlobals(),
		otelkit.WithConsole(otelkit.ConsoleOff),
		otelkit.WithDiagnostics(io.Discard),
		otelkit.WithIDs(func() string { return "id-" + strconv.FormatInt(made.Add(1), 10) }),
		otelkit.WithLogProcessor(printer(keys)))
	if err != nil {
		panic(err)
	}
	return kit
}

// printer is a log processor that prints lines with the attributes it names.
type printer []string

func (p printer) OnEmit(_ context.Context, r *sdklog.Record) error {
	text := []string{r.SeverityText(), r.Body().AsString()}
	r.WalkAttributes(func(kv attribute.KeyValue) bool {
		if slices.Contains(p, string(kv.Key)) {
			text = append(text, string(kv.Key)+"="+kv.Value.String())
		}
		return true
	})
	fmt.Println(strings.Join(text, " "))
	return nil
}

func (printer) Enabled(context.Context, sdklog.EnabledParameters) bool { return true }
func (printer) ForceFlush(context.Context) error                       { return nil }
func (printer) Shutdown(context.Context) error                         { return nil }
