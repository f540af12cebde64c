//go:build !unix

package otelkit

import "os"

func trusted(os.FileInfo) bool { return true }
