package scrub_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/otelkit/otelkit-go/scrub"
)

func TestSecretPrintsNowhere(t *testing.T) {
	t.Parallel()
	type card struct{ Number string }
	const plain = "kestrel-77"
	type config struct {
		Shown  scrub.Secret[string]
		hidden scrub.Secret[string]
		bytes  scrub.Secret[[]byte]
		card   scrub.Secret[card]
		deep   struct{ list []scrub.Secret[string] }
	}
	c := config{
		Shown: scrub.NewSecret(plain), hidden: scrub.NewSecret(plain), bytes: scrub.NewSecret([]byte(plain)), card: scrub.NewSecret(card{plain}),
	}
	c.deep.list = []scrub.Secret[string]{scrub.NewSecret(plain)}
	for verb := range strings.SplitSeq("v +v #v s q x X d p t c U e T", " ") {
		for name, v := range map[string]any{"struct": c, "pointer": &c, "list": []config{c}, "alone": c.hidden, "pointer alone": &c.hidden, "error": fmt.Errorf("bad %v", c)} {
			got := fmt.Sprintf("%"+verb, v)
			for _, form := range []string{plain, fmt.Sprintf("%x", plain), fmt.Sprintf("%X", plain), fmt.Sprint([]byte(plain))[1:8]} {
				if strings.Contains(got, form) {
					t.Errorf("%%%s of a %s: %s", verb, name, got)
				}
			}
		}
	}
	if got, err := json.Marshal(c); err != nil || strings.Contains(string(got), plain) {
		t.Errorf("JSON: %s, %v", got, err)
	}
	if got := c.hidden.Expose(); got != plain {
		t.Errorf("Expose() = %q, want %q", got, plain)
	}
}

func TestSecretEquality(t *testing.T) {
	t.Parallel()
	a, b, zero := scrub.NewSecret(1), scrub.NewSecret(1), scrub.Secret[int]{}
	if again := a; again != a || a == b || !reflect.DeepEqual(a, b) || reflect.DeepEqual(a, scrub.NewSecret(2)) {
		t.Error("copies are equal, and values by reflect.DeepEqual")
	}
	if got := scrub.NewSecret[error](nil).Expose(); got != nil {
		t.Errorf("nil error: Expose() = %v", got)
	}
	if got := zero.Expose(); got != 0 {
		t.Errorf("zero value: Expose() = %d, want 0", got)
	}
}
