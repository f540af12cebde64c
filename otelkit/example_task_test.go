package otelkit_test

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/otelkit/otelkit-go/otelkit"
)

// The envelope of a task travels through any queue that carries strings. What was
// bound where the task was enqueued is on its lines.
func ExampleRunTask() {
	kit := printing("task", "task_id", "user_id", "attempt", "reason")
	defer kit.Shutdown(context.Background())
	ctx := kit.Context(context.Background())

	var queue []map[string]string
	err := otelkit.EnqueueTask(otelkit.Bind(ctx, "user_id", "u-7"), "send_invoice",
		func(_ context.Context, envelope map[string]string) error {
			queue = append(queue, envelope)
			return nil
		})
	if err != nil {
		panic(err)
	}

	// In the worker, which may be another process:
	for attempt := 1; attempt <= 2; attempt++ {
		err := otelkit.RunTask(ctx, "send_invoice", queue[0], func(context.Context) error {
			if attempt == 1 {
				return otelkit.Retry(errors.New("mailbox is full"))
			}
			return nil
		}, otelkit.WithAttempt(attempt))
		if !otelkit.IsRetry(err) {
			break // done, or given up
		}
	}
	// Output:
	// INFO task_enqueued user_id=u-7 task=send_invoice task_id=id-1
	// INFO task_started task_id=id-1 user_id=u-7 task=send_invoice attempt=1
	// WARN task_retrying task_id=id-1 user_id=u-7 task=send_invoice attempt=1 reason=mailbox is full
	// INFO task_started task_id=id-1 user_id=u-7 task=send_invoice attempt=2
	// INFO task_succeeded task_id=id-1 user_id=u-7 task=send_invoice attempt=2
}

// What must not be published is taken out first.
func ExampleWithEnvelopeFilter() {
	kit := printing()
	defer kit.Shutdown(context.Background())
	ctx := otelkit.Bind(kit.Context(context.Background()), "user_id", "u-7", "tier", "gold")

	_ = otelkit.EnqueueTask(ctx, "send_invoice", func(_ context.Context, envelope map[string]string) error {
		for _, key := range []string{"user_id", "tier"} {
			fmt.Printf("%s=%s\n", key, envelope["otelkit-bound-"+key])
		}
		return nil
	}, otelkit.WithEnvelopeFilter(func(envelope map[string]string) {
		for key := range envelope {
			if strings.HasSuffix(key, "user_id") {
				delete(envelope, key)
			}
		}
	}))
	// Output:
	// user_id=
	// tier="gold"
	// INFO task_enqueued
}

// A command ends the process with its exit code, after everything was sent.
func ExampleRunCommand() {
	kit := printing("command", "exit_code", "error")
	defer kit.Shutdown(context.Background())
	ctx := kit.Context(context.Background())

	code := otelkit.RunCommand(ctx, "reindex", func(ctx context.Context) error {
		otelkit.FromContext(ctx).Logger("search").InfoContext(ctx, "index_built")
		return errors.New("disk is full")
	})
	fmt.Println("os.Exit", code)
	// Output:
	// INFO command_started command=reindex
	// INFO index_built command=reindex
	// ERROR command_failed command=reindex error=disk is full exit_code=1
	// os.Exit 1
}
