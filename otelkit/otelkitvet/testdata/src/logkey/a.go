// Package logkey logs attributes under sensitive and other keys.
package logkey

import (
	"context"
	"log/slog"

	"github.com/otelkit/otelkit-go/otelkit"
	"go.opentelemetry.io/otel/attribute"
)

const key = "card_number"

func keys(ctx context.Context, v string, err error) {
	slog.InfoContext(ctx, "a_login", "password", v)                      // want `key "password" is sensitive \(password\)`
	slog.InfoContext(ctx, "a_login", "user", v, "accessToken", v)        // want `key "accessToken" is sensitive \(auth\)`
	slog.InfoContext(ctx, "a_login", slog.String("email", v), "iban", v) // want `key "email" is sensitive \(pii\)` `key "iban" is sensitive \(financial\)`
	slog.InfoContext(ctx, "a_login", slog.Group("diagnosis", "x", v))    // want `key "diagnosis" is sensitive \(health\)`
	slog.InfoContext(ctx, "a_login", slog.Group("user", "password", v))  // want `key "password" is sensitive`
	_ = slog.With(key, v)                                                // want `key "card_number" is sensitive \(financial\)`
	_ = slog.Default().With("ssn", v)                                    // want `key "ssn" is sensitive`
	_ = otelkit.Bind(ctx, "request_id", v, "email", v)                   // want `key "email" is sensitive`
	otelkit.BindScope(ctx, "user_id", v, "password", v)                  // want `key "password" is sensitive`
	otelkit.CaptureException(ctx, err, "password", v)                    // want `key "password" is sensitive`
	_ = attribute.String("authorization", v)                             // want `key "authorization" is sensitive`

	slog.InfoContext(ctx, "a_login", "password", true, "password", "[none]", "token_count", 7, "author", v, "passenger", v, "email_verified", true)
	_ = attribute.Bool("password", true)
	slog.InfoContext(ctx, "a_login", "pan", v) //otelkitvet:allow it is a token by now
	slog.InfoContext(ctx, v, v, v)
}
