// Package apitest holds the public interface of this module: what `go doc -all`
// prints of each public package is kept in its testdata/api.txt, so that a
// change of the interface is seen in review.
package apitest
