//go:build !amd64 || purego

package detect

func mark(t *triggers, text string, base int, v *view) { markGo(t, text, base, v) }
