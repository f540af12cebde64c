// Package orders is a package of the application beside its main package.
package orders

// Each calls f with each of ids.
func Each(ids []string, f func(string)) {
	for _, id := range ids {
		f(id)
	}
}
