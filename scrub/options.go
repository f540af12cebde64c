package scrub

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"

	"github.com/otelkit/otelkit-go/scrub/internal/detect"
)

// Option configures a [Scrubber].
type Option interface{ apply(*config) error }

type optionFunc func(*config) error

func (f optionFunc) apply(c *config) error { return f(c) }

// config is a Scrubber's settings. It does not change after New.
type config struct {
	detection detect.Config
	actions   map[string]Action // by category or rule
	dryRun    bool
}

func newConfig(opts []Option) (config, error) {
	c := config{
		detection: detect.Config{
			Rules: detect.Builtins(), Without: map[string]bool{}, Keys: map[string]*detect.Rule{},
			AllowKeys: map[string]bool{}, AllowValues: map[string]bool{},
		},
		actions: map[string]Action{},
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

// add makes a rule of the user's, or returns the one of that name.
func (c *config) add(name string, category Category, source string) (*detect.Rule, error) {
	if !slices.Contains(Categories(), category) {
		return nil, fmt.Errorf("scrub: rule %q: no category %q", name, category)
	}
	if !detect.RuleName(name) || !strings.HasPrefix(name, prefix(category)+".") {
		return nil, fmt.Errorf("scrub: rule %q: a name is %q and small letters", name, prefix(category)+".")
	}
	for _, r := range c.detection.Rules {
		if r.Name == name {
			return r, nil
		}
	}
	r := detect.NewRule(name, detect.Category(category), source, len(c.detection.Rules))
	c.detection.Rules = append(c.detection.Rules, r)
	return r, nil
}

// prefix returns what the names of rules of a category start with.
func prefix(category Category) string { return detect.Prefixes[detect.Category(category)] }

// WithoutCategory switches categories off. Default: all are on.
func WithoutCategory(categories ...Category) Option {
	return optionFunc(func(c *config) error {
		for _, category := range categories {
			if !slices.Contains(Categories(), category) {
				return fmt.Errorf("scrub: WithoutCategory: no category %q", category)
			}
			c.detection.Without[string(category)] = true
		}
		return nil
	})
}

// WithoutRule switches rules off by name. Default: all are on.
func WithoutRule(names ...string) Option {
	return optionFunc(func(c *config) error {
		for _, name := range names {
			if !slices.ContainsFunc(c.detection.Rules, func(r *detect.Rule) bool { return r.Name == name }) {
				return fmt.Errorf("scrub: WithoutRule: no rule %q", name)
			}
			c.detection.Without[name] = true
		}
		return nil
	})
}

// WithKeys makes every value held under one of keys sensitive. A key matches
// in any spelling: "crew id" is crew_id, crewId and crew.id.
func WithKeys(category Category, keys ...string) Option {
	return optionFunc(func(c *config) error {
		r, err := c.add(prefix(category)+".custom", category, "WithKeys")
		if err != nil {
			return err
		}
		for _, k := range keys {
			spelling := detect.Spelling(k)
			if spelling == "" {
				return fmt.Errorf("scrub: WithKeys: key %q holds no word", k)
			}
			c.detection.Keys[spelling] = r
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
		c.detection.Patterns = append(c.detection.Patterns, detect.Pattern{Rule: r, Trigger: trigger, Expr: re})
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

// WithAllowedKeys lets values pass that are held under exactly these keys. Inside
// a text, what such a value looks like may still be found: a card number is one.
func WithAllowedKeys(keys ...string) Option {
	return optionFunc(func(c *config) error {
		for _, k := range keys {
			c.detection.AllowKeys[k] = true
		}
		return nil
	})
}

// WithAllowedValues lets exactly these findings and whole values pass.
func WithAllowedValues(values ...string) Option {
	return optionFunc(func(c *config) error {
		for _, v := range values {
			c.detection.AllowValues[v] = true
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
