package otelkit

import "github.com/otelkit/otelkit-go/exporters/console"

// The formats of the console.
const (
	ConsolePretty = "pretty" // lines for a person, on standard error
	ConsoleJSON   = "json"   // one JSON object a line, on standard output
	ConsoleOff    = "off"
)

func consoleOptions(cfg config) []console.Option {
	var opts []console.Option
	if cfg.console == ConsoleJSON {
		opts = append(opts, console.WithFormat(console.JSON))
	}
	if cfg.consoleWriter != nil {
		opts = append(opts, console.WithWriter(cfg.consoleWriter))
	}
	return opts
}
