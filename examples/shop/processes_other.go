//go:build !unix

package main

import "os/exec"

// alone does nothing: Ctrl-C reaches the services as well.
func alone(*exec.Cmd) {}
