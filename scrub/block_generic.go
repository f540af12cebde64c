//go:build !amd64 || purego

package scrub

const hasAVX2 = false

func markAVX2(*triggers, string, uint64, *carry, *marks) { panic("scrub: no AVX2") }
