package otelkit_test

import (
	"context"

	"github.com/otelkit/otelkit-go/otelkit"
)

// A query that fails is told with its statement, without the values in it.
func ExampleOpenDB() {
	kit := printing("user_id", "statement", "error")
	defer kit.Shutdown(context.Background())

	db := otelkit.OpenDB(modernDB{}, otelkit.WithKit(kit), otelkit.WithDBSystem("postgresql"))
	defer db.Close()
	ctx := otelkit.Bind(context.Background(), "user_id", "u-7")
	_, _ = db.ExecContext(ctx, "UPDATE fail SET name = 'Ada' WHERE id = $1", 17)
	_, _ = db.ExecContext(ctx, "UPDATE FAIL SET name = 'Ada' WHERE id = $1", 17)
	// Output:
	// ERROR query_failed user_id=u-7 error=disk gone statement=UPDATE FAIL SET name = ? WHERE id = $1
}
