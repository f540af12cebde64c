// Command otelkitvet runs the analyzers of package otelkitvet, by itself or for
// go vet:
//
//	otelkitvet ./...
//	go vet -vettool=$(which otelkitvet) ./...
//
// It exits with 0 if there is nothing to report.
package main

import (
	"golang.org/x/tools/go/analysis/multichecker"

	"github.com/otelkit/otelkit-go/otelkit/otelkitvet"
)

func main() { multichecker.Main(otelkitvet.Analyzers()...) }
