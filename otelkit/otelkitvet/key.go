package otelkitvet

import (
	"fmt"
	"go/ast"
	"go/types"
	"sync"

	"github.com/otelkit/otelkit-go/scrub"
)

// Key reports attributes under keys that are sensitive by the default rules of
// package scrub. otelkit masks their values; better not to record them at all.
// A bool under such a key is no secret, nor is a constant, which stands in the
// source for everyone to read.
var Key = analyzer("logkey", "report attributes under sensitive keys", eachCall(lookAtKeys))

func lookAtKeys(p *pass, call *ast.CallExpr) {
	for _, kv := range p.pairs(call) {
		key, ok := p.text(kv.key)
		if !ok || kv.value != nil && p.isHarmless(kv.value) {
			continue
		}
		if category, sensitive := rules().SensitiveKey(key); sensitive {
			p.report(kv.key, nil, fmt.Sprintf("key %q is sensitive (%s); leave the attribute out, or record an id instead", key, category))
		}
	}
}

// rules are the default rules of scrub: no Scrubber.
func rules() *scrub.Scrubber { return defaults() }

var defaults = sync.OnceValue(func() *scrub.Scrubber {
	s, err := scrub.New()
	if err != nil {
		return nil // a nil Scrubber has default options, too
	}
	return s
})

func (p *pass) isHarmless(e ast.Expr) bool {
	tv := p.TypesInfo.Types[e]
	if tv.Value != nil || tv.Type == nil {
		return true
	}
	b, ok := tv.Type.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsBoolean != 0
}
