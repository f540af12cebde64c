package canary

import (
	"context"
	"encoding/json"

	"github.com/otelkit/otelkit-go/otelkit"
)

// tasks enqueues a task in ctx, that of a kit, with secrets bound to it.
func tasks(ctx context.Context, book *Book, exits *Exits) error {
	ctx = otelkit.Bind(ctx, append(slogAttrs(book, "attribute bound to a task"), "marker", marker("tasks"))...)
	queue := json.NewEncoder(exits.Writer("task envelope"))
	return otelkit.EnqueueTask(ctx, "canary", func(_ context.Context, envelope map[string]string) error { return queue.Encode(envelope) })
}
