// Package grpcheader knows which headers gRPC sends.
package grpcheader

import (
	"errors"
	"slices"
	"strings"
)

// own are the headers that belong to gRPC and to HTTP/2 (RFC 9113, section 8.2.2)
// themselves. A receiver refuses each request that holds one.
var own = []string{
	"connection", "content-length", "content-type", "keep-alive", "proxy-connection",
	"te", "transfer-encoding", "upgrade",
}

const letters = "abcdefghijklmnopqrstuvwxyz0123456789-_."

// Check returns why a request of gRPC cannot carry a header, nil if it can ("gRPC
// over HTTP2", Custom-Metadata). name may be in upper case. The error holds neither
// of the two.
func Check(name, value string) error {
	name = strings.ToLower(name)
	switch {
	case name == "" || strings.ContainsFunc(name, func(c rune) bool { return !strings.ContainsRune(letters, c) }):
		return errors.New("gRPC takes letters, digits and -_. in a name only")
	case strings.HasPrefix(name, "grpc-") || slices.Contains(own, name):
		return errors.New("the name is gRPC's own")
	case strings.HasSuffix(name, "-bin"): // sent as base64
		return nil
	case strings.ContainsFunc(value, func(c rune) bool { return c < ' ' || c > '~' }):
		return errors.New("gRPC takes printable ASCII only")
	}
	return nil
}
