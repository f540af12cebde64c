package sentry

import (
	"fmt"
	"reflect"
	"strings"
)

// maxLinks bounds how much of an error tree is looked at.
const maxLinks = 32

// link is one error of an unwrap tree, in depth-first order.
type link struct {
	err    error
	text   string
	parent int // index of the link that wraps it, -1 for the first
	leaf   bool
}

// appendLinks takes the texts of err and of all that it wraps. It is called on
// the goroutine that reports the error, since an error value may change later.
func appendLinks(links []link, err error, parent int) []link {
	if err == nil || len(links) >= maxLinks {
		return links
	}
	at := len(links)
	links = append(links, link{err: err, text: textOf(err), parent: parent})
	children, child := unwrap(err)
	links = appendLinks(links, child, at)
	for _, child := range children {
		if len(links) == maxLinks {
			break
		}
		links = appendLinks(links, child, at)
	}
	links[at].leaf = len(links) == at+1
	return links
}

// own is the part of the chain that belongs to err. What follows are the trees
// of other errors of the same record.
func (c *candidate) own() []link {
	for i, l := range c.chain {
		if i > 0 && l.parent < 0 {
			return c.chain[:i]
		}
	}
	return c.chain
}

// unwrap and textOf call methods of the application, which may panic.
func unwrap(err error) (children []error, child error) {
	defer func() {
		if recover() != nil {
			children, child = nil, nil
		}
	}()
	switch e := err.(type) { //nolint:errorlint // this is what unwraps
	case interface{ Unwrap() error }:
		return nil, e.Unwrap()
	case interface{ Unwrap() []error }:
		return e.Unwrap(), nil
	case interface{ Cause() error }:
		// The way of github.com/pkg/errors before Unwrap existed. Some
		// types return themselves.
		if cause := e.Cause(); !sameValue(cause, err) {
			return nil, cause
		}
	}
	return nil, nil
}

func textOf(err error) (text string) {
	defer func() {
		if recover() != nil {
			text = fmt.Sprintf("(%T, whose Error method panics)", err)
		}
	}()
	return err.Error()
}

func sameValue(a, b error) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	return reflect.TypeOf(a) == reflect.TypeOf(b) && reflect.ValueOf(a).Comparable() && a == b //nolint:errorlint // identity is meant
}

func typeOf(err error) string { return reflect.TypeOf(err).String() }

// wrappers are types that add text to an error and nothing else.
var wrappers = map[string]bool{
	"*fmt.wrapError":               true,
	"*fmt.wrapErrors":              true,
	"*errors.joinError":            true,
	"*errors.withMessage":          true, // github.com/pkg/errors
	"*errors.withStack":            true,
	"*xerrors.wrapError":           true,
	"*withstack.withStack":         true, // github.com/cockroachdb/errors
	"*withmessage.withMessage":     true,
	"*errutil.withPrefix":          true,
	"*errutil.withNewMessage":      true,
	"*contexttags.withContext":     true,
	"*secondary.withSecondary":     true,
	"*barriers.barrierErr":         true,
	"*withstack.withReportable":    true,
	"*safedetails.withSafeDetails": true,
}

// nameless are types that say nothing about an error but that it has a text.
var nameless = map[string]bool{
	"*errors.errorString":  true,
	"errors.errorString":   true,
	"*errors.fundamental":  true, // github.com/pkg/errors
	"*fmt.fmtError":        true,
	"*xerrors.errorString": true,
	"*xerrors.noWrapError": true,
	"*fmt.wrapError":       true,
	"*fmt.wrapErrors":      true,
	"*errors.joinError":    true,
	"*errutil.leafError":   true,
	"string":               true, // a panic with a text
	"":                     true,
}

// isNameless also knows the way in which spans name the types of the language:
// ".string" for a panic with a text.
func isNameless(typ string) bool {
	return nameless[typ] || wrappers[typ] || strings.HasPrefix(typ, ".")
}

// rootText is what the innermost error says.
func (c *candidate) rootText() string {
	for _, l := range c.chain {
		if l.leaf {
			return l.text
		}
	}
	return c.text()
}

// rootType is the type of the innermost error, the most stable thing about it.
func (c *candidate) rootType() string {
	for _, l := range c.chain {
		if l.leaf {
			return typeOf(l.err)
		}
	}
	if c.typ != "" {
		return c.typ
	}
	if c.title == c.spanName {
		return mask(c.title)
	}
	return c.title
}
