// Package collectorconfig_test holds every shipped configuration of the
// Collector to what the Collector itself says of it.
package collectorconfig_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestValid runs the command that the head of each file tells operators to
// check it with.
func TestValid(t *testing.T) {
	t.Parallel()
	bin := otelcol(t)
	for name, text := range configurations(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			command := regexp.MustCompile(`(?m)^# Check it: +bin/otelcol (validate .*\b` + regexp.QuoteMeta(name) + `.*)$`).FindStringSubmatch(text)
			if command == nil {
				t.Fatalf("no line `# Check it: bin/otelcol validate --config collector-config/%s` in the head of the file", name)
			}
			if out, err := run(t, bin, strings.Fields(command[1])...); err != nil {
				t.Errorf("otelcol %s: %v\n%s", command[1], err, out)
			}
		})
	}
}

// TestTypo makes sure that TestValid is able to fail: the Collector must refuse
// a setting that it does not know, and name it.
func TestTypo(t *testing.T) {
	t.Parallel()
	bin := otelcol(t)
	broken := strings.Replace(configurations(t)["agent.yaml"], "block_on_overflow:", "block_on_overflov:", 1)
	file := filepath.Join(t.TempDir(), "typo.yaml")
	if err := os.WriteFile(file, []byte(broken), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := run(t, bin, "validate", "--config", file)
	exit, ok := errors.AsType[*exec.ExitError](err)
	if !ok || exit.ExitCode() != 1 || !strings.Contains(out, "block_on_overflov") {
		t.Errorf("otelcol validate on a typo: %v, want exit status 1 and the name of the setting\n%s", err, out)
	}
}

var variable = regexp.MustCompile(`\$\{env:([A-Z0-9_]+)(?::-([^}]*))?\}`)

// TestVariables holds the table in the head of each file to the variables that
// the file reads: each has a default and the table tells it.
func TestVariables(t *testing.T) {
	t.Parallel()
	for name, text := range configurations(t) {
		for _, v := range variable.FindAllStringSubmatch(text, -1) {
			row := regexp.MustCompile(`(?m)^# ` + v[1] + ` +` + regexp.QuoteMeta(v[2]) + `  +\S`)
			if v[2] == "" || !row.MatchString(text) {
				t.Errorf("%s: no line `# %s  %s  what it is` in the head of the file", name, v[1], v[2])
			}
		}
	}
}

// TestLoopback keeps ports closed to other machines until somebody opens them.
func TestLoopback(t *testing.T) {
	t.Parallel()
	open := regexp.MustCompile(`(?m)^[^#\n]*(?:0\.0\.0\.0|\[::\]|(?:endpoint|host): *"?:).*$`)
	for name, text := range configurations(t) {
		for _, line := range open.FindAllString(text, -1) {
			t.Errorf("%s listens on all interfaces: %s", name, line)
		}
	}
}

func configurations(t *testing.T) map[string]string {
	t.Helper()
	names, err := filepath.Glob("*.yaml")
	if err != nil || len(names) == 0 {
		t.Fatalf("no configuration found: %v", err)
	}
	texts := map[string]string{}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		texts[name] = string(text)
	}
	return texts
}

// otelcol returns the path of the Collector that `make collector` builds.
// `make test` names it in OTELKIT_OTELCOL; then it must be there.
func otelcol(t *testing.T) string {
	t.Helper()
	bin, required := os.LookupEnv("OTELKIT_OTELCOL")
	if !required {
		bin = "../bin/otelcol"
	}
	bin, err := filepath.Abs(bin)
	if err != nil {
		t.Fatal(err)
	}
	_, err = os.Stat(bin)
	switch {
	case err == nil:
		return bin
	case required:
		t.Fatalf("OTELKIT_OTELCOL: %v", err)
	default:
		t.Skipf("needs the Collector, which `make collector` builds (minutes, the first time): %v", err)
	}
	return ""
}

// run runs the Collector in the root of the module, where an operator would.
func run(t *testing.T, bin string, args ...string) (string, error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), bin, args...)
	cmd.Dir = ".."
	out, err := cmd.CombinedOutput()
	return string(out), err
}
