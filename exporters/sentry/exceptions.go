package sentry

import (
	"slices"

	sentrygo "github.com/getsentry/sentry-go"
)

// stacks are the stacks of an event: those that errors of the chain brought
// along, by their index in it, and one for the whole.
type stacks struct {
	own   map[int]*sentrygo.Stacktrace
	whole *sentrygo.Stacktrace
}

// stackOf picks the best stack known: the error's own, the one of the panic,
// the place of the report, the text of a span event.
func (s *Sink) stackOf(best *candidate, g []*candidate) (stacks, stackOrigin) {
	st := stacks{own: map[int]*sentrygo.Stacktrace{}}
	for i, l := range best.own() {
		if own := s.ownStackOf(l.err); own != nil {
			st.own[i] = own
		}
	}
	for _, c := range g {
		if c.source == fromPanic && len(c.stack) > 0 {
			st.whole = s.app.fromPCs(c.stack)
			return st, ownStack
		}
	}
	if len(st.own) > 0 {
		return st, ownStack
	}
	for _, c := range append([]*candidate{best}, g...) {
		if st.whole = s.app.fromPCs(c.stack); st.whole != nil {
			return st, callSite
		}
	}
	for _, c := range append([]*candidate{best}, g...) {
		if st.whole = s.app.fromText(c.stackText); st.whole != nil {
			return st, callSite
		}
	}
	return st, noStack
}

// ownStackOf returns the stack that err has brought along, nil if there is none.
func (s *Sink) ownStackOf(err error) *sentrygo.Stacktrace {
	if isNameless(typeOf(err)) {
		return s.app.ofError(err) // well known
	}
	return ask(&s.strangers, err, func() *sentrygo.Stacktrace { return s.app.ofError(err) })
}

// main returns the stack that says most about where the failure was.
func (st stacks) main() *sentrygo.Stacktrace {
	if st.whole != nil {
		return st.whole
	}
	for i := range maxLinks {
		if own := st.own[i]; own != nil {
			return own
		}
	}
	return nil
}

// describe fills in what went wrong.
func (s *Sink) describe(e *sentrygo.Event, id identity, body string, panicked bool) {
	best, st := id.best, id.stack
	e.Message = cut(body, maxText)
	if best.err == nil && best.message == "" && best.typ == "" && best.title == "" {
		if st.whole != nil {
			e.Threads = []sentrygo.Thread{{Stacktrace: st.whole, Current: true}}
		}
		return
	}
	e.Exception = best.exceptions(st)
	outermost := &e.Exception[len(e.Exception)-1]
	if st.whole != nil {
		outermost.Stacktrace = st.whole
	}
	if outermost.Type == "" {
		outermost.Type = best.name(culprit(st.main()), panicked)
	}
	for i := range e.Exception {
		if e.Exception[i].Type == "" {
			e.Exception[i].Type = "error"
		}
	}
	from := best.source
	if panicked {
		from = fromPanic
	}
	handled := !panicked
	outermost.Mechanism = &sentrygo.Mechanism{Type: from.mechanism(), Handled: &handled}
}

// name is the title of an error whose type says nothing.
func (c *candidate) name(culprit string, panicked bool) string {
	switch {
	case panicked:
		return "panic"
	case culprit != "":
		return culprit
	case c.spanName != "":
		return c.spanName
	default:
		return "error"
	}
}

// maxText bounds the text of an exception or message, in bytes.
const maxText = 8 << 10

// maxExceptions bounds how many exceptions an event has.
const maxExceptions = 10

// exceptions are the errors of the chain without those that only add text,
// innermost first. The text they add stays with the error they wrap.
func (c *candidate) exceptions(st stacks) []sentrygo.Exception {
	if len(c.chain) == 0 {
		x := sentrygo.Exception{Type: c.typ, Value: cut(c.message, maxText)}
		if isNameless(c.typ) {
			x.Type = ""
		}
		if c.title != "" && c.message == "" {
			x = sentrygo.Exception{Type: c.title, Value: cut(c.subtitle, maxText)}
		}
		return []sentrygo.Exception{x}
	}
	tree := c.own()
	children := make([]int, len(tree))
	for _, l := range tree {
		if l.parent >= 0 {
			children[l.parent]++
		}
	}
	var list []sentrygo.Exception
	place := make([]int, len(tree)) // of each link in list
	for i, l := range tree {
		typ := typeOf(l.err)
		place[i] = -1
		if l.parent >= 0 {
			place[i] = place[l.parent]
		}
		if wrappers[typ] && children[i] == 1 || len(list) == maxExceptions {
			continue
		}
		x := sentrygo.Exception{Type: typ, Value: cut(l.text, maxText), Stacktrace: st.own[i]}
		if isNameless(typ) {
			x.Type = ""
		}
		x.Mechanism = &sentrygo.Mechanism{Type: "chained", ExceptionID: len(list), IsExceptionGroup: children[i] > 1}
		if parent := place[i]; parent >= 0 {
			x.Mechanism.ParentID = &parent
		}
		// Wrappers directly above lend their text and stack.
		for up := l.parent; up >= 0 && wrappers[typeOf(tree[up].err)] && children[up] == 1; up = tree[up].parent {
			x.Value = cut(tree[up].text, maxText)
			if x.Stacktrace == nil {
				x.Stacktrace = st.own[up]
			}
		}
		place[i] = len(list)
		list = append(list, x)
	}
	if len(list) == 0 {
		list = []sentrygo.Exception{{Value: cut(tree[0].text, maxText)}}
	}
	slices.Reverse(list)
	return list
}
