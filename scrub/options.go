package scrub

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
)

// Option configures a [Scrubber].
type Option interface{ apply(*config) error }

type optionFunc func(*config) error

func (f optionFunc) apply(c *config) error { return f(c) }

// config is a Scrubber's settings. It does not change after New.
type config struct {
	rules       []*Rule
	off         map[string]bool // by category or rule
	extraKeys   map[string]*Rule
	patterns    []pattern
	allowKeys   map[string]bool
	allowValues map[string]bool
	actions     map[string]Action // by category or rule
	dryRun      bool
	dict        *triggers
}

func newConfig(opts []Option) (config, error) {
	c := config{
		rules: slices.Clone(builtins), off: map[string]bool{}, extraKeys: map[string]*Rule{},
		allowKeys: map[string]bool{}, allowValues: map[string]bool{}, actions: map[string]Action{},
	}
	var errs []error
	for _, o := range opts {
		if o != nil {
			errs = append(errs, o.apply(&c))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.actions)) {
		errs = append(errs, c.safe(name, c.actions[name]))
	}
	return c, errors.Join(errs...)
}

func (c *config) offRule(r *Rule) bool {
	return len(c.off) > 0 && (c.off[r.Name] || c.off[string(r.Category)])
}

// add makes a rule of the user's, or returns the one of that name.
func (c *config) add(name string, category Category, source string) (*Rule, error) {
	if !slices.Contains(Categories(), category) {
		return nil, fmt.Errorf("scrub: rule %q: no category %q", name, category)
	}
	if !ruleName(name) || !strings.HasPrefix(name, prefixes[category]+".") {
		return nil, fmt.Errorf("scrub: rule %q: a name is %q and small letters", name, prefixes[category]+".")
	}
	for _, r := range c.rules {
		if r.Name == name {
			return r, nil
		}
	}
	r := newRule(name, category, source, len(c.rules))
	c.rules = append(c.rules, r)
	return r, nil
}

// WithoutCategory switches categories off. Default: all are on.
func WithoutCategory(categories ...Category) Option {
	return optionFunc(func(c *config) error {
		for _, category := range categories {
			if !slices.Contains(Categories(), category) {
				return fmt.Errorf("scrub: WithoutCategory: no category %q", category)
			}
			c.off[string(category)] = true
		}
		return nil
	})
}

// WithoutRule switches rules off by name. Default: all are on.
func WithoutRule(names ...string) Option {
	return optionFunc(func(c *config) error {
		for _, name := range names {
			if !slices.ContainsFunc(c.rules, func(r *Rule) bool { return r.Name == name }) {
				return fmt.Errorf("scrub: WithoutRule: no rule %q", name)
			}
			c.off[name] = true
		}
		return nil
	})
}

// WithKeys makes every value held under one of keys sensitive. A key matches
// in any spelling: "crew id" is crew_id, crewId and crew.id.
func WithKeys(category Category, keys ...string) Option {
	return optionFunc(func(c *config) error {
		r, err := c.add(prefixes[category]+".custom", category, "WithKeys")
		if err != nil {
			return err
		}
		for _, k := range keys {
			if len(words(k)) == 0 {
				return fmt.Errorf("scrub: WithKeys: key %q holds no word", k)
			}
			c.extraKeys[normal(words(k))] = r
		}
		return nil
	})
}

// WithRule adds a rule that reads values. name starts with the category and a
// dot; for passwords with "pw.". expr is a regular expression (RE2); what it matches, or its first
// group, is replaced. It runs only on texts that hold trigger, which must not
// be empty: that keeps the cost of clean text down.
func WithRule(name string, category Category, trigger, expr string) Option {
	return optionFunc(func(c *config) error {
		r, err := c.add(name, category, "WithRule")
		if err != nil {
			return err
		}
		if err := checkTrigger(trigger); err != nil {
			return fmt.Errorf("scrub: rule %q: %w", name, err)
		}
		re, err := compilePattern(expr)
		if err != nil {
			return fmt.Errorf("scrub: rule %q: %w", name, err)
		}
		c.patterns = append(c.patterns, pattern{r, trigger, re})
		return nil
	})
}

func checkTrigger(trigger string) error {
	if len(trigger) < 2 {
		return errors.New("the trigger needs two characters or more")
	}
	return nil
}

// compilePattern compiles the pattern of an added rule.
func compilePattern(expr string) (*regexp.Regexp, error) {
	re, err := regexp.Compile(expr)
	if bad, ok := errors.AsType[*syntax.Error](err); ok {
		return nil, fmt.Errorf("bad pattern: %s", bad.Code)
	}
	if err != nil {
		return nil, errors.New("bad pattern")
	}
	if re.MatchString("") {
		return nil, errors.New("the pattern matches the empty text")
	}
	return re, nil
}

// WithAllowedKeys lets values pass that are held under exactly these keys.
func WithAllowedKeys(keys ...string) Option {
	return optionFunc(func(c *config) error {
		for _, k := range keys {
			c.allowKeys[k] = true
		}
		return nil
	})
}

// WithAllowedValues lets exactly these findings and whole values pass.
func WithAllowedValues(values ...string) Option {
	return optionFunc(func(c *config) error {
		for _, v := range values {
			c.allowValues[v] = true
		}
		return nil
	})
}

// WithAction picks what is done with the findings of a rule ("financial.pan")
// or of a category ("pii"); the rule's wins. Default: [Mask].
func WithAction(ruleOrCategory string, a Action) Option {
	return optionFunc(func(c *config) error {
		c.actions[ruleOrCategory] = a
		return nil
	})
}

// WithDryRun counts findings and changes nothing.
func WithDryRun() Option {
	return optionFunc(func(c *config) error { c.dryRun = true; return nil })
}
