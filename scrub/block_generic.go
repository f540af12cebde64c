//go:build !amd64 || purego

package scrub

func mark(t *triggers, block string, decided uint64, c *carry, m *marks) {
	markGo(t, block, decided, c, m)
}
