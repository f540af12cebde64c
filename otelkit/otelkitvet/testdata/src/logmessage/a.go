// Package logmessage logs events with constant and other names.
package logmessage

import (
	"context"
	"fmt"
	"log/slog"
)

const paid = "order" + "_paid"

func messages(ctx context.Context, id int, name string) {
	slog.InfoContext(ctx, "order_paid", "order_id", id)
	slog.InfoContext(ctx, paid)
	slog.InfoContext(ctx, fmt.Sprintf("order %d paid", id))     // want `the message is built by fmt.Sprintf; name the event`
	slog.InfoContext(ctx, "paid by "+name)                      // want `the message is built by concatenation`
	slog.Default().Log(ctx, slog.LevelWarn, name)               // want `the message is not a constant`
	slog.LogAttrs(ctx, slog.LevelInfo, fmt.Sprint("paid ", id)) // want `built by fmt.Sprint;`
	slog.InfoContext(ctx, name)                                 //otelkitvet:allow name is one of the constants above
}
