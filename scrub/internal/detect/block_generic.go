//go:build !amd64 || purego

package detect

func mark(t *triggers, block string, decided uint64, m *marks) { markGo(t, block, decided, m) }
