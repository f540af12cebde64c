package scrub

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.opentelemetry.io/otel/attribute"
)

// sample is one line of a labelled corpus.
type sample struct {
	ID, Category, Kind, Key, Text, Tier, Entity string
	Secrets, Keep                               []string
}

// TestCorpus measures recall on a corpus of labelled samples that is not part
// of the repository.
func TestCorpus(t *testing.T) {
	dir := os.Getenv("OTELKIT_SCRUB_CORPUS")
	if dir == "" {
		t.Skip("no labelled samples: OTELKIT_SCRUB_CORPUS names no folder")
	}
	type score struct{ hit, all int }
	scores := map[string]*score{}
	var s *Scrubber
	for _, x := range readSamples(t, filepath.Join(dir, "positive.jsonl.gz")) {
		var out string
		if x.Kind == "keyvalue" {
			out = s.KeyValue(attribute.String(x.Key, x.Text)).Value.AsString()
		} else {
			out = s.String(x.Text)
		}
		ok := true
		for _, secret := range x.Secrets {
			ok = ok && !strings.Contains(out, secret)
		}
		for _, keep := range x.Keep {
			ok = ok && strings.Contains(out, keep)
		}
		name := x.Category + " " + x.Tier
		if scores[name] == nil {
			scores[name] = &score{}
		}
		scores[name].all++
		if ok {
			scores[name].hit++
		} else if x.Tier == "core" || os.Getenv("OTELKIT_SCRUB_MISSES") == x.Tier {
			t.Logf("miss %s %s %q -> %q, secrets %q", x.Tier, x.Entity, x.Text, out, x.Secrets)
		}
	}
	want := map[string]float64{"auth_token core": .95, "password core": .95, "financial core": .98, "health core": .98, "pii core": .98, "auth_token extended": .7, "password extended": .7}
	for name, sc := range scores {
		recall := float64(sc.hit) / float64(sc.all)
		t.Logf("%-22s %5d of %5d  %.1f %%", name, sc.hit, sc.all, 100*recall)
		if recall < want[name] {
			t.Errorf("%s: recall %.3f, want %.3f", name, recall, want[name])
		}
	}
}

func readSamples(t *testing.T, path string) (out []sample) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	plain, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(plain)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var x sample
		if err := json.Unmarshal(lines.Bytes(), &x); err != nil {
			t.Fatal(err)
		}
		out = append(out, x)
	}
	return out
}
