//go:build unix

package main

import (
	"os/exec"
	"syscall"
)

// alone keeps Ctrl-C from a service, so that it is stopped in its turn.
func alone(c *exec.Cmd) { c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }
