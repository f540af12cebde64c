//go:build !purego

package detect

import "golang.org/x/sys/cpu"

// hasAVX2 tells that markAVX2 can run. It can on what is called x86-64-v3:
// Haswell of 2013, Zen of 2017 and what came after them.
var hasAVX2 = cpu.X86.HasAVX2 && cpu.X86.HasBMI1 && cpu.X86.HasBMI2

// mark is markAVX2 where that can run, elsewhere markGo.
//
//go:noescape
func mark(t *triggers, block string, decided uint64, m *marks)

// markAVX2 is markGo in assembly.
//
//go:noescape
func markAVX2(t *triggers, block string, decided uint64, m *marks)
